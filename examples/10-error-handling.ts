/**
 * Error handling: a chat that fails rejects with a typed error; each coordinator is then checked on its own, and
 * another provider answers.
 * Run it with `npm run build && npx tsx examples/10-error-handling.ts`.
 */
import { AgentOrchestrator, ProviderError, ScriptedProvider, VictorError } from 'victor-agent';

const logger = {
  info: (message: string) => console.log(`INFO ${message}`),
  error: (message: string) => console.log(`ERROR ${message}`),
};

// A provider whose key was refused.
const orchestrator = new AgentOrchestrator({
  provider: new ScriptedProvider({
    script: () => ({ error: { kind: 'authentication', message: 'The key was refused.' } }),
  }),
  model: 'claude-sonnet-4-5',
});

try {
  const response = await orchestrator.chat('Hello!');
  logger.info(response.content);
} catch (error) {
  // Every error that leaves Victor has a code and, mostly, advice. Branch on the code or the class, never on the text.
  if (!(error instanceof VictorError)) throw error;
  logger.error(`Chat failed: ${error.message} (${error.code}) ${error.advice ?? ''}`);

  // Check coordinators one by one…
  const { config, context } = orchestrator.coordinators;
  try {
    logger.info(`ConfigCoordinator OK: ${JSON.stringify(config.getConfig())}`);
  } catch (configError) {
    logger.error(`ConfigCoordinator failed: ${configError}`);
  }
  try {
    // The message that failed has left the context, so that the next one does not repeat it.
    logger.info(`ContextCoordinator OK: ${context.getContext().messages.length} messages`);
  } catch (contextError) {
    logger.error(`ContextCoordinator failed: ${contextError}`);
  }

  // …or all of them, each on its own: one that is broken does not hide another.
  const checks = await orchestrator.health();
  const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  logger.info(`Health: ${checks.length - failed.length} of ${checks.length} OK. ${failed.join('; ')}`.trim());

  // Fallback: another provider, where it is the provider that failed.
  if (!(error instanceof ProviderError)) throw error;
  logger.info('Falling back to the offline provider...');
  const { provider } = await orchestrator.switchProvider('offline');
  const response = await orchestrator.chat('Hello!');
  logger.info(`Answered by ${provider}: ${response.content.split('\n')[0]}`);
}

await orchestrator.close();
