import { expect, it, onTestFinished } from 'vitest';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { initialState } from '../../src/state.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
import { createConversation } from '../../src/ui/conversation.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { createSessionNumbers } from '../../src/ui/session-numbers.js';
import { blankScreen } from './programs/blank-screen.js';

const memory = () => createMemoryStore();

/** One process with its screen, over a store that outlives it. */
function process(store = memory()) {
  const said = 'a long answer '.repeat(400);
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({
      script: () => ({ text: said, usage: { inputTokens: 5_000, outputTokens: 700 } }),
    }),
    model: 'priced',
    settings: { prices: { priced: { input: 1, output: 1 } } },
    store,
    sessionId: 'one',
    environment: {},
  });
  const screen = createScreenStore({ initial: { ...blankScreen, state: initialState() }, paint: () => {} });
  const conversation = createConversation(orchestrator, screen, 'one');
  const numbers = createSessionNumbers(orchestrator, screen, conversation);
  onTestFinished(async () => {
    numbers.close();
    conversation.close();
    screen.stop();
    await orchestrator.close();
  });
  const say = async (text: string) => {
    conversation.send(text);
    await conversation.settled();
  };
  return { orchestrator, store, say, numbers, footer: () => screen.screen.state.footer };
}

it('a session that another process began has its context and its cost before the first message', async () => {
  const first = process();
  await first.say('one');
  await first.say('two');
  const { costUsd } = first.footer();
  expect(costUsd).toBeGreaterThan(0);
  await first.orchestrator.coordinators.analytics.flush?.();
  const second = process(first.store);
  await second.orchestrator.openSession('one');
  await expect.poll(() => second.footer().costUsd).toBeCloseTo(costUsd!, 10);
  // Two answers of some 1,400 tokens; nobody has counted them here.
  expect(second.footer().contextTokens).toBeGreaterThan(2_000);
  expect(second.footer().unpriced).toBe(false);
});

it('a session that was rewound has the context that is left, and has still cost what it cost', async () => {
  const { orchestrator, say, footer } = process();
  await say('one');
  await say('two');
  const before = footer();
  expect(before.contextTokens).toBe(5_700);
  const { messageId } = (await orchestrator.changes.prompts('one')).find(({ text }) => text === 'one')!;
  const preview = await orchestrator.changes.preview({ action: 'rewind', messageId }, 'one');
  await orchestrator.changes.apply(preview, { files: false, conversation: true });
  await expect.poll(() => footer().contextTokens).toBe(0);
  expect(footer().costUsd).toBeCloseTo(before.costUsd!, 10);
  expect(orchestrator.coordinators.metrics.snapshot('one').contextTokens).toBe(0);
});

it('a turn that runs counts by itself', async () => {
  const { say, numbers, footer } = process();
  const over = say('one');
  await numbers.refresh();
  await over;
  expect(footer().contextTokens).toBe(5_700);
});
