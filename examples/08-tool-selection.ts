/**
 * Tool selection strategies: by keywords, by meaning, and by both, when there are more tools than a model should see.
 * While all tools fit, all are offered; every choice comes with its scores and reasons.
 * Run it with `npm run build && npx tsx examples/08-tool-selection.ts`.
 */
import { AgentOrchestrator, type PartialSettings, ScriptedProvider, settings, type Tool } from 'victor-agent';
import * as z from 'zod';

/** Tools that only say what they would do. */
const tools = Object.entries({
  ReadFile: 'Read the content of a file from the disk.',
  WriteFile: 'Write text to a file on the disk.',
  Configure: 'Change a value of the configuration.',
  SearchWeb: 'Search the web for pages.',
  SendMail: 'Send an e-mail to somebody.',
  QueryDatabase: 'Run an SQL query against the database.',
  DeployService: 'Deploy a service to the cluster.',
  TranslateText: 'Translate text into another language.',
}).map(
  ([name, description]): Tool => ({
    name,
    description,
    kind: 'read',
    schema: z.strictObject({}),
    describe: () => name,
    execute: async () => ({ content: `${name} would run now.` }),
  }),
);

/** The tools that a model is offered for a request under these settings. */
async function showSelection(toolSelection: PartialSettings['toolSelection']): Promise<void> {
  const orchestrator = new AgentOrchestrator({
    settings: settings({ toolSelection: { maxTools: 3, ...toolSelection } }),
    provider: new ScriptedProvider({
      script: (request) => ({ text: `I was offered ${request.tools.map(({ name }) => name).join(', ')}.` }),
    }),
    model: 'claude-sonnet-4-5',
    tools,
  });
  orchestrator.subscribe((event) => {
    if (event.type !== 'tool-selection') return;
    console.log(`${event.selection.strategy}:`);
    for (const { name, score, reason } of event.selection.scores.slice(0, 3)) {
      console.log(`  ${score.toFixed(2)} ${name}: ${reason}`);
    }
  });
  const response = await orchestrator.chat('Read the file config.yaml');
  console.log(`  ${response.content}`);
  await orchestrator.close();
}

// Keyword-based selection.
await showSelection({ strategy: 'keyword' });

// Semantic selection.
await showSelection({ strategy: 'semantic' });

// Hybrid selection, the default: 70 % semantic, 30 % keyword.
await showSelection({ strategy: 'hybrid', alpha: 0.7 });
