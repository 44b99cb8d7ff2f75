import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

/** What a terminal shows after this command, where the answer and the progress share it. */
async function screenOf(args: string[], env: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  const environment = cleanEnvironment({ ...env, TERM: 'xterm-256color' });
  const pty = startPty({
    command: process.execPath,
    args: [launcher, ...args],
    cwd,
    env: environment,
    columns: 130,
    rows: 40,
  });
  await pty.exit;
  return pty.screen().join('\n').trimEnd();
}

describe('the answer and the progress on one terminal', () => {
  it('progress starts on a line of its own, and one empty line stands before what is said next', async () => {
    const { env } = await scriptedModel(
      { text: 'I will read.', toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] },
      { text: 'It ends itself.\n', toolCalls: [{ name: 'Bash', input: { command: 'touch made' } }] },
      { text: 'Done.' },
    );
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'x\n');
    expect(await screenOf(['ask', 'go'], env, cwd)).toBe(
      [
        'I will read.',
        '• Read a.txt',
        '',
        'It ends itself.',
        '• Bash touch made',
        '  refused: Mode ask asks before running commands. Nobody can be asked here.',
        '',
        'Done.',
        'victor: 1 tool call was refused (Bash). Allow it with --allowed-tools Bash or a --permission-mode that runs it.',
      ].join('\n'),
    );
  });

  it('so it does between the steps of a workflow', async () => {
    const { env } = await scriptedModel(
      { text: 'First.' },
      { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] },
      { text: 'Second.' },
    );
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'x\n');
    writeFileSync(
      join(cwd, '.victorrc'),
      JSON.stringify({ workflows: { two: { steps: [{ prompt: 'a' }, { prompt: 'b' }] } } }),
    );
    const screen = (await screenOf(['run', 'two', '--trust'], env, cwd)).replaceAll(/\d+\.\d s/g, 'SECONDS');
    expect(screen.split('\n')).toEqual([
      ...['Workflow two: 2 steps', 'Step 1/2: a', 'First.', 'Step 1/2 done, SECONDS'],
      ...['Step 2/2: b', '• Read a.txt', '', 'Second.', 'Step 2/2 done, SECONDS'],
      'Workflow two done, after SECONDS',
    ]);
  });
});
