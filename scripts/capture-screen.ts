/**
 * Makes the pictures in the README, an approval, a turn with a diff, and /context: the built `victor chat` in a real terminal, driven by keys, with a scripted
 * model server on loopback in place of a model. Everything else is real: the tools, the edit, the approval.
 *
 *     npm run capture
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer } from '../test/helpers/model-server.js';
import { startPty } from '../test/helpers/pty.js';
import { screenToSvg } from './screen-to-svg.js';

const columns = 92;
const rows = 34;
const root = resolve(import.meta.dirname, '..');
const home = await mkdtemp(join(tmpdir(), 'victor-capture-'));
const workspace = join(home, 'greeter');
await mkdir(workspace);
await writeFile(join(workspace, 'greet.js'), "export const greet = (name) => 'Hello ' + nam + '!';\n");
await writeFile(
  join(workspace, 'greet.test.js'),
  "import test from 'node:test';\nimport assert from 'node:assert';\nimport { greet } from './greet.js';\n\ntest('greets by name', () => assert.equal(greet('Ada'), 'Hello Ada!'));\n",
);
await writeFile(
  join(workspace, 'package.json'),
  '{ "type": "module", "scripts": { "test": "node --test" } }\n',
);

const call = (name: string, input: Record<string, unknown>, text = '') => ({
  text,
  toolCalls: [{ name, input }],
});
const server = await startModelServer([
  call('Read', { path: 'greet.js' }, 'I will look at the function first.'),
  call('Edit', { path: 'greet.js', oldText: 'nam +', newText: 'name +' }),
  call('Bash', { command: 'node --test' }),
  { text: 'Fixed: `greet.js:1` used `nam`, which does not exist. The test passes now.', chunks: 8 },
]);
const pty = startPty({
  command: process.execPath,
  args: [join(root, 'bin/victor.js'), 'chat'],
  cwd: workspace,
  columns,
  rows,
  env: {
    PATH: process.env.PATH,
    HOME: home,
    VICTOR_HOME: join(home, 'victor'),
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    COLORFGBG: '15;0',
    LANG: 'C.UTF-8',
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'capture',
  },
});
const docs = join(root, 'docs');
await mkdir(docs, { recursive: true });
const capture = async (file: string, title: string) => {
  // What is seen in the end is wanted, not the frame that is being drawn.
  await sleep(400);
  await writeFile(join(docs, file), await screenToSvg(title, pty.bytes(), columns, rows));
};
const send = async (text: string) => {
  pty.write(text);
  await pty.waitFor(`❯ ${text}`, 10_000);
  pty.write('\r');
};
try {
  await pty.waitFor('❯', 10_000);
  await send('the greeting test fails, please fix it');
  await pty.waitFor(/Edit[\s\S]*y once/, 10_000);
  await capture('approval.svg', 'An edit that waits for a yes');
  for (const wanted of [/Edit[\s\S]*y once/, /node --test[\s\S]*y once/]) {
    await pty.waitFor(wanted, 10_000);
    await sleep(900); // An approval ignores keys typed before it could be read.
    pty.write('y');
  }
  await pty.waitFor('passes now', 15_000);
  await capture('chat.svg', 'A turn in victor chat');
  pty.write('\u000c');
  await send('/context');
  await pty.waitFor('free', 10_000);
  await capture('context.svg', "What fills the model's window");
  process.stdout.write(`${pty.history().join('\n').trim()}\n`);
} finally {
  pty.kill();
  await pty.exit;
  await server.close();
  await rm(home, { recursive: true, force: true });
}
