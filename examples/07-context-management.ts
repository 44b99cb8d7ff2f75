/**
 * Context management: watch how the context of a conversation grows, compact it by hand, and start anew.
 * Useful for long conversations and for saving tokens.
 * Run it with `npm run build && npx tsx examples/07-context-management.ts`.
 */
import { AgentOrchestrator, ScriptedProvider } from 'victor-agent';

const orchestrator = new AgentOrchestrator({
  provider: new ScriptedProvider({
    script: ({ messages }) => ({ text: `An answer to: ${messages.at(-1)?.content}` }),
  }),
  model: 'claude-sonnet-4-5',
});
const { context } = orchestrator.coordinators;
const size = () => context.getContext().messages.length;

// Step 1: chat, and watch the size of the context.
console.log(`Initial context size: ${size()}`);

await orchestrator.chat('Tell me about Python');
console.log(`After chat 1: ${size()} messages`);

await orchestrator.chat('What about JavaScript?');
console.log(`After chat 2: ${size()} messages`);

for (const language of ['Rust', 'Go', 'Ruby', 'Kotlin']) await orchestrator.chat(`And ${language}?`);

// Step 2: compact by hand. The answer is a new context; the live one stays as it is.
const whole = context.getContext();
console.log(`Context size before compaction: ${whole.messages.length}`);

const compacted = await context.compactContext(whole);
console.log(`Context size after compaction: ${compacted.messages.length}`);
console.log(`Meanwhile the live context: ${size()}`);

// `orchestrator.compact` also makes it the context of the session, and says how it was done.
const { strategy, before, after } = await orchestrator.compact();
console.log(`Applied: ${before.messages} -> ${after.messages} messages by ${strategy}, live: ${size()}`);

// Step 3: reset the context. The stored log and the analytics stay: they are the audit.
context.reset();
console.log(`After reset: ${size()}`);
const { events } = await orchestrator.coordinators.analytics.getSessionAnalytics(orchestrator.sessionId);
console.log(`Analytics still know ${events.filter(({ type }) => type === 'turn_end').length} turns`);

await orchestrator.close();
