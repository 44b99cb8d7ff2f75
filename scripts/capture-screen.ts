/**
 * Makes the picture in the README: the built `victor chat` in a real terminal, driven by keys, with a scripted
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
    LANG: 'C.UTF-8',
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'capture',
  },
});
await pty.waitFor('❯', 10_000);
pty.write('the greeting test fails, please fix it');
await sleep(200);
pty.write('\r');
await pty.waitFor('Edit', 10_000);
for (const wanted of [/Edit|greet\.js/, 'node --test']) {
  await pty.waitFor(wanted, 10_000);
  await sleep(900); // An approval ignores keys typed before it could be read.
  pty.write('y');
}
await pty.waitFor('passes now', 15_000);
await sleep(400);
const svg = await screenToSvg('A turn in victor chat', pty.bytes(), columns, rows);
await mkdir(join(root, 'docs'), { recursive: true });
await writeFile(join(root, 'docs/chat.svg'), svg);
process.stdout.write(`${pty.history().join('\n').trim()}\n`);
pty.kill();
await pty.exit;
await server.close();
await rm(home, { recursive: true, force: true });
