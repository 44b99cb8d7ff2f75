import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chat } from '../helpers/chat-pty.js';

const touch = (name: string) => ({ name: 'Bash', input: { command: `touch ${name}` } });

it('U11 three commands of one message are asked about in one question, each of them shown; a key of somebody who is writing answers nothing', async () => {
  const { pty, cwd } = await chat([{ toolCalls: ['one', 'two', 'three'].map(touch) }, { text: 'All made.' }]);
  pty.write('make them\r');
  const screen = await pty.waitFor(/Allow 3 calls of Bash\?[\s\S]*Mode ask asks before running commands\./);
  // Right behind a letter that is no answer, a key is too early however late this comes.
  pty.write('x');
  pty.write('t');
  for (const name of ['one', 'two', 'three']) expect(screen.join('\n')).toContain(`touch ${name}`);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(pty.screen().join('\n')).toContain('Allow 3 calls of Bash?');
  pty.write('t');
  await pty.waitFor('All made.');
  expect(['one', 'two', 'three'].filter((name) => existsSync(join(cwd, name)))).toEqual([
    'one',
    'two',
    'three',
  ]);
  expect(
    pty
      .history()
      .join('\n')
      .match(/✓ Bash touch/g),
  ).toHaveLength(3);
});
