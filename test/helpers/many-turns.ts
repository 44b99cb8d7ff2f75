import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelServer, ServerScript } from './model-server.js';
import type { Pty } from './pty.js';

const outputBytes = 16_384;

export interface ManyTurns {
  /** What the model does: in each turn it reads a file of 16 KB; it also summarises when compaction asks for that. */
  readonly script: Extract<ServerScript, (...all: never[]) => unknown>;
  /** Of a window that is full, and compacted, long before the hundredth turn. */
  readonly model: string;
  /** Has the turns from `first` to `last` in this terminal at full speed; `after` is called when the answer of each is seen. */
  take(pty: Pty, first: number, last: number, after?: (turn: number) => void): Promise<void>;
  /** The server that plays the script keeps every request of it; here they are let go of. */
  playedBy(server: ModelServer): void;
}

/** A conversation of any number of turns, each with a tool output of 16 KB, in this folder. */
export async function manyTurns(folder: string): Promise<ManyTurns> {
  await writeFile(join(folder, 'output.txt'), `${'x'.repeat(63)}\n`.repeat(outputBytes / 64));
  let turn = 0;
  let server: ModelServer | undefined;
  return {
    model: 'anthropic/claude-haiku-4-5',
    script(body) {
      const last = JSON.stringify(body.messages.at(-1));
      if (last.includes('tool_result')) return { text: `Done with ${turn}.` };
      // Anything else is a summary that compaction asks for.
      if (!last.includes(`turn ${turn}"`)) return { text: 'Many turns, each of which read a file.' };
      return { toolCalls: [{ id: `call_${turn}`, name: 'Read', input: { path: 'output.txt' } }] };
    },
    async take(pty, first, last, after) {
      for (turn = first; turn <= last; turn += 1) {
        pty.write(`turn ${turn}\r`);
        await pty.waitFor(`Done with ${turn}.`);
        if (server) (server.requests as unknown[]).length = 0;
        after?.(turn);
      }
    },
    playedBy(one) {
      server = one;
    },
  };
}
