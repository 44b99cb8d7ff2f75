import { initialState } from '../../../src/state.js';
import { createApprovalQueue } from '../../../src/ui/approval-queue.js';
import { createApprovals } from '../../../src/ui/approvals.js';
import { createChoices } from '../../../src/ui/choices.js';
import { commands } from '../../../src/ui/commands/registry.js';
import { createConversation } from '../../../src/ui/conversation.js';
import { layoutFrame } from '../../../src/ui/frame.js';
import { initialInput } from '../../../src/ui/input-state.js';
import { createIntents, type IntentsOptions } from '../../../src/ui/intents.js';
import { createKeyParser } from '../../../src/ui/keys.js';
import { createFileIndex } from '../../../src/ui/mentions/file-index.js';
import { createModeChanges } from '../../../src/ui/mode-changes.js';
import type { Screen } from '../../../src/ui/screen.js';
import { createScreenStore } from '../../../src/ui/screen-store.js';
import { plainText } from '../../../src/ui/spans.js';
import { type Act, createFakePort } from './fake-port.js';

export interface KeyboardOptions extends Partial<Pick<IntentsOptions, 'earlierPrompts'>> {
  readonly history?: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  /** What a turn does; it waits for its interruption when absent. */
  readonly act?: Act;
}

/** A REPL without a terminal: bytes in, the rows of its dynamic area out. */
export function createKeyboard(options: KeyboardOptions = {}) {
  const { history = [], act = waits, columns = 80, rows = 24, ...more } = options;
  const queue = createApprovalQueue();
  const port = createFakePort({ act, onApproval: queue.request });
  const blank = { queued: [], hint: '', print: { number: 0, blocks: [] }, approval: undefined };
  const size = { columns, rows, now: 0 };
  const initial: Screen = { ...blank, ...size, state: initialState(), input: initialInput(history) };
  const store = createScreenStore({ initial, paint: () => {} });
  const conversation = createConversation(port, store, 'session-one');
  const approvals = createApprovals(queue, store);
  const choices = createChoices(store);
  const modeChanges = createModeChanges({ port, queue, conversation });
  const files = createFileIndex(async () => []);
  const sent: string[] = [];
  const did: string[] = [];
  const intents = createIntents({
    ...{ port, store, conversation, approvals, choices, modeChanges, commands, files, ...more },
    submit(text) {
      sent.push(text);
      conversation.send(text);
    },
    repaint: () => did.push('repaint'),
    editOutside: () => did.push('edit-outside'),
    suspend: () => did.push('suspend'),
    quit: () => did.push('quit'),
  });
  const parser = createKeyParser();
  return {
    type(bytes: string) {
      intents.handle([...parser.push(bytes), ...parser.flush()]);
    },
    get screen() {
      return store.screen;
    },
    /** What is on the screen below the transcript. */
    rows() {
      const frame = layoutFrame(store.screen);
      const above = [...frame.tail, ...frame.tools, ...frame.approval, ...frame.queued, ...frame.activity];
      const input = (frame.input?.rows ?? []).map((row) => `❯ ${row}`);
      return [...above.map(plainText), ...input, ...frame.status.map(plainText)];
    },
    /** The texts of the blocks that wait to be printed. */
    printed: () => [...store.screen.print.blocks, ...store.screen.state.blocks],
    settled: () => conversation.settled(),
    sent,
    did,
  };
}

const waits: Act = ({ pause }) => pause(60_000);
