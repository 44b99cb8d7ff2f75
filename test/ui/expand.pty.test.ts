import { expect, it } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';

const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it('thoughts and calls are one line each, and /expand shows them whole, a long one in parts', async () => {
  const command = 'for i in $(seq 1 700); do echo "row $i"; done; touch made';
  const { pty } = await chat([
    { thinking: 'I shall count.\nUp to 700.', toolCalls: [{ name: 'Bash', input: { command } }] },
    { text: 'Counted.' },
  ]);
  pty.write(`count${enter}`);
  await pty.waitFor('y once');
  await sleep(900);
  pty.write('y');
  await pty.waitFor('Counted.');
  const folded = pty.history().join('\n');
  expect(folded).toMatch(/Thought[^\n]* · I shall count\. · #1\n/);
  expect(folded).toMatch(/✓ Bash for i in[^\n]* · #2\n/);
  expect(folded).not.toContain('row 7');
  pty.write(`/expand 1${enter}`);
  await pty.waitFor('│ Up to 700.');
  pty.write(`/expand 2${enter}`);
  await pty.waitFor(/more lines: \/expand 2 301/);
  expect(pty.history().join('\n')).toContain('│ row 299');
  pty.write(`/expand 2 301${enter}`);
  await pty.waitFor(/more lines: \/expand 2 601/);
  pty.write(`/expand 2 601${enter}`);
  await pty.waitFor('│ row 700');
});

it('calls of a session that is gone on with have numbers, and /expand shows them', async () => {
  const { pty, open } = await chat([
    { toolCalls: [{ name: 'Glob', input: { pattern: '*.nothing' } }] },
    { text: 'No such file.' },
  ]);
  pty.write(`look${enter}`);
  await pty.waitFor(atRest('No such file.'));
  pty.write(`!seq 60${enter}`);
  await pty.waitFor(/20 more lines: \/expand 2 41/);
  pty.write('\u0004');
  await pty.exit;
  const again = open(['-c']);
  await again.waitFor(/20 more lines: \/expand 2 41/);
  expect(again.history().join('\n')).toMatch(/✓ Glob \*\.nothing[^\n]* · #1\n/);
  again.write(`/expand 1${enter}`);
  await again.waitFor(/│ .*\*\.nothing/);
  again.write(`/expand 2 41${enter}`);
  await again.waitFor('│ 60');
});
