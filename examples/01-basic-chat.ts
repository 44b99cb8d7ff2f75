/**
 * Basic chat: settings, a provider and an orchestrator, whose fifteen coordinators are made for you.
 * Run it with `npm run build && npx tsx examples/01-basic-chat.ts`; it needs no key.
 */
import { AgentOrchestrator, ScriptedProvider, settings } from 'victor-agent';

// Plays one prepared answer. A real model takes one other line (and AnthropicProvider imported):
//   const provider = new AnthropicProvider({ apiKey: process.env.ANTHROPIC_API_KEY ?? '' });
const provider = new ScriptedProvider({
  script: [
    {
      text: 'Coordinators in Victor are small components that each own one decision: what goes into the prompt, when the context is compacted, whether a tool may run.',
    },
  ],
});

const orchestrator = new AgentOrchestrator({
  settings: settings(),
  provider,
  model: 'claude-sonnet-4-5',
});

const response = await orchestrator.chat('Explain what coordinators are in Victor.');
console.log(`Response: ${response.content}`);
console.log(`Tokens used: ${response.usage.totalTokens}`);

// Behind that one call: config answered for the session, toolSelection chose the tools, prompt built the system prompt,
// context kept the conversation, chat ran the turn, analytics counted the tokens.
await orchestrator.close();
