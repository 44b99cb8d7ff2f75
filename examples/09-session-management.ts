/**
 * Session management: one orchestrator, many sessions, each with its own context and analytics, side by side.
 * Useful for serving many users.
 * Run it with `npm run build && npx tsx examples/09-session-management.ts`.
 */
import { AgentOrchestrator, ScriptedProvider } from 'victor-agent';

const orchestrator = new AgentOrchestrator({
  provider: new ScriptedProvider({
    script: ({ messages }) => ({
      text: `Of you I know: ${messages.map(({ content }) => content).join(' ')}`,
    }),
  }),
  model: 'claude-sonnet-4-5',
});
const { context, analytics } = orchestrator.coordinators;

// Session 1: code review. Session 2: documentation. Different sessions do not wait for each other.
const session1 = 'code-review-123';
const session2 = 'docs-456';
const [response1, response2] = await Promise.all([
  orchestrator.chat('Review this Python code.', { sessionId: session1 }),
  orchestrator.chat('Write documentation.', { sessionId: session2 }),
]);
console.log(`${session1}: ${response1.content}`);
console.log(`${session2}: ${response2.content}`);
await orchestrator.chat('And its examples.', { sessionId: session2 });

// The analytics of each session.
const analytics1 = await analytics.getSessionAnalytics(session1);
const analytics2 = await analytics.getSessionAnalytics(session2);
console.log(`Session 1 events: ${analytics1.events.length}`);
console.log(`Session 2 events: ${analytics2.events.length}`);

// Reset one session. The other one, and the analytics of both, stay.
const wasKnown = await orchestrator.coordinators.session.resetSession(session1);
console.log(`Reset ${session1}: ${wasKnown}`);
console.log(`Session 1 messages: ${context.getContext(session1).messages.length}`);
console.log(`Session 2 messages: ${context.getContext(session2).messages.length}`);
console.log(`Reset of an unknown session: ${await orchestrator.resetSession('nobody-789')}`);

await orchestrator.close();
