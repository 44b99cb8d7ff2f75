import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';

const enter = '\r';
const talks = 'for i in $(seq 12); do echo "out $i"; done; until [ -e go ]; do sleep 0.05; done; echo over';

it("what a command of the user's own puts out is seen while it runs, and folded when it is over", async () => {
  const { pty, cwd } = await chat([]);
  pty.write(`!${talks}${enter}`);
  const during = await pty.waitFor(/^ {2}│ out 12$/m);
  expect(during.join('\n')).toMatch(/ {2}│ out 8\n[\s\S]*│ out 12\n.*Running for i in [^\n]*\+7 lines, 75 B/);
  expect(during.join('\n')).not.toContain('│ out 7');
  writeFileSync(join(cwd, 'go'), '');
  const after = await pty.waitFor(atRest('over'));
  expect(after.join('\n')).not.toMatch(/^ {2}│ out/m);
});

it('what a command of the model puts out is seen below it, and its time begins with the answer', async () => {
  const { pty, cwd } = await chat([
    { toolCalls: [{ name: 'Bash', input: { command: talks } }] },
    { text: 'That was it.' },
  ]);
  pty.write(`go on${enter}`);
  await pty.waitFor('Allow Bash?');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const answeredAt = performance.now();
  pty.write('y');
  const during = (await pty.waitFor(/^ {2}│ out 12$/m)).join('\n');
  const sinceThen = (performance.now() - answeredAt) / 1_000;
  const [, seconds] = /… Bash for i in[^\n]* \+7 lines[^\n]* · ([\d.]+) s\n {2}│ out 8/.exec(during) ?? [];
  expect(Number(seconds)).toBeLessThanOrEqual(sinceThen + 0.1);
  pty.write('\u000f');
  const whole = (await pty.waitFor('So far: Bash for i in')).join('\n');
  expect(whole).toMatch(/So far: Bash for i in.*\n│ out 1\n│ out 2\n[\s\S]*│ out 12\n/);
  writeFileSync(join(cwd, 'go'), '');
  await pty.waitFor('That was it.');
  expect(pty.screen().join('\n')).not.toMatch(/^ {2}│ out/m);
});
