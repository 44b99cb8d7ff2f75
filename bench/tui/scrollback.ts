import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer } from '../../test/helpers/model-server.js';
import { longAnswer } from './answer.js';
import type { Programs, Size } from './program.js';

/** Words of the answer that are not exactly once in the scrollback of a real terminal, tmux, after it was streamed. */
export async function misplacedLines(
  programs: Programs,
  size: Size,
  delayMs: number,
): Promise<readonly string[]> {
  const { text, words } = longAnswer();
  const server = await startModelServer([{ text, chunks: 2_000, delayMs }]);
  const name = `victor-bench-${process.pid}`;
  const tmux = (...args: string[]) => execFileSync('tmux', ['-L', name, ...args], { encoding: 'utf8' });
  const screen = () => tmux('capture-pane', '-p', '-J', '-S', '-', '-t', name);
  const seen = async (wanted: string) => {
    for (let tries = 0; tries < 1_000; tries += 1) {
      if (screen().includes(wanted)) return;
      await sleep(50);
    }
    throw new Error(`Not seen in tmux: ${wanted}\n${screen()}`);
  };
  const variables = Object.entries(programs.environment(server.url)).map(([key, value]) => `${key}=${value}`);
  try {
    const { columns, rows } = size;
    // Options are of the server, which the first session starts.
    const start = [
      'new-session',
      '-d',
      '-s',
      name,
      '-x',
      `${columns}`,
      '-y',
      `${rows}`,
      '-c',
      programs.workspace,
    ];
    tmux(
      '-f',
      '/dev/null',
      'start-server',
      ';',
      'set-option',
      '-g',
      'history-limit',
      '50000',
      ';',
      ...start,
      'env',
      '-i',
      ...variables,
      ...programs.victor.argv,
    );
    await seen('❯');
    tmux('send-keys', '-t', name, 'go', 'Enter');
    await seen('The end.');
    const found = screen();
    return words.filter((word) => found.split(word).length !== 2);
  } finally {
    try {
      tmux('kill-server');
    } catch {
      // It ends by itself with its last session.
    }
    await server.close();
  }
}
