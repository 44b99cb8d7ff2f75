import { expect, it, vi } from 'vitest';
import type { BlockBody } from '../../src/state.js';
import { commands } from '../../src/ui/commands/registry.js';
import { createConversation } from '../../src/ui/conversation.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import type { SessionPort } from '../../src/ui/session-port.js';
import { createSubmissions } from '../../src/ui/submissions.js';
import { blankScreen } from './programs/blank-screen.js';
import { createFakePort } from './programs/fake-port.js';

function setUp(change: (port: SessionPort) => Partial<SessionPort> = () => ({})) {
  const said: string[] = [];
  const fake = createFakePort({
    act: async ({ text }) => {
      said.push(text);
    },
  });
  const port = { ...fake, ...change(fake) };
  const initial = blankScreen;
  const printed = new Set<BlockBody>();
  const store = createScreenStore({
    initial,
    paint({ print }) {
      for (const block of print.blocks) printed.add(block);
    },
  });
  const conversation = createConversation(port, store, 'session-one');
  const submit = createSubmissions({
    ...{ port, store, conversation, commands, cwd: '/nowhere' },
    switchSession: async () => [],
    changeMode: () => true,
    choose: async () => undefined,
    copy: async () => [],
    quit: () => {},
  });
  return { submit, said, printed, store, conversation };
}

it('a command that cannot be begun says why, and what is sent behind it is taken all the same', async () => {
  const reload = vi.fn(async () => {
    throw new Error('The disk is full.');
  });
  const { submit, said, printed } = setUp(() => ({ reload }));
  submit('/help');
  submit('go on');
  await expect.poll(() => said).toEqual(['go on']);
  const error = expect.objectContaining({ message: 'The disk is full.' });
  expect([...printed]).toContainEqual(expect.objectContaining({ kind: 'error', error }));
});

it('a command sent when the screen says that the turn is over waits for the end of it and is not refused', async () => {
  let written = () => {};
  const lastWrite = new Promise<void>((resolve) => {
    written = resolve;
  });
  const { submit, printed, store, conversation } = setUp((port) => ({
    async *stream(...given) {
      yield* port.stream(...given);
      await lastWrite;
    },
  }));
  submit('go');
  await expect.poll(() => store.screen.state.turn.running).toBe(false);
  expect(conversation.running).toBe(true);
  submit('/compact');
  await expect.poll(() => [...printed]).toContainEqual(expect.objectContaining({ text: '/compact' }));
  written();
  const done = expect.objectContaining({ text: expect.stringContaining('Nothing to compact') });
  await expect.poll(() => [...printed]).toContainEqual(done);
  expect([...printed].filter(({ kind }) => kind === 'notice')).toHaveLength(1);
});
