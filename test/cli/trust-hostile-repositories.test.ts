import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presets } from '../../src/providers/presets.js';
import { share } from '../helpers/campaign.js';
import { type HostileRepository, hostileRepositories, writeFiles } from '../helpers/hostile-repositories.js';
import { startPty } from '../helpers/pty.js';
import { recordCount } from '../helpers/record-count.js';
import { cleanEnvironment, finish, launcher, temporaryDirectory } from '../helpers/run-victor.js';

const strace = spawnSync('strace', ['-V']).status === 0;
/** With Node and git, all that Victor itself starts; git looks at a repository for the questions below. */
const own = new Set(['node', 'git']);
/** A chat finds out whether commands can be confined; what it runs for that names nothing of a repository. */
const ownProbe = /execve\("(?:\/usr)?\/bin\/(?:bwrap|sh)", .*"\/bin\/sh", "-c", "echo ready"\]/;
/** Where a chat without a model looks for one on this machine. */
const localServers = ['ollama', 'lmstudio'].map((name) => new URL(presets[name]!.baseURL!).port);

let connections = 0;
const listener = createServer((socket) => {
  connections += 1;
  socket.end();
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(listener.address() as { port: number }).port}/`;
});
afterAll(() => listener.close());

interface Scene {
  readonly cwd: string;
  readonly home: string;
  readonly canaries: string;
  readonly environment: Record<string, string>;
}

/** A place above the repository, the repository, and what would tell that something of it ran. */
function scene({ build }: Pick<HostileRepository, 'build'>): Scene {
  const place = realpathSync(temporaryDirectory());
  const [cwd, home, canaries] = ['repository', 'home', 'canaries'].map((name) => join(place, name));
  for (const folder of [cwd!, home!, canaries!]) mkdirSync(folder, { mode: 0o700 });
  const command = `echo x > "$(mktemp ${canaries}/XXXXXX)"`;
  const body = `const fs = require('node:fs'); const { spawnSync } = require('node:child_process');
fs.writeFileSync(fs.mkdtempSync(${JSON.stringify(`${canaries}/js-`)}) + '/ran', process.argv.join(' '));
spawnSync('/bin/true'); require('node:net').connect(${new URL(url).port}, '127.0.0.1').on('error', () => {}).unref();`;
  build(cwd!, {
    js: `${body}\nmodule.exports = { model: 'evil' };\n`,
    mjs: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);\n${body}\nexport const create = () => ({}); export default { model: 'evil' };\n`,
    sh: `#!/bin/sh\n${command}\ncat 2>/dev/null\n`,
    command,
    url,
  });
  writeFileSync(join(home!, 'key'), 'sk-of-the-user', { mode: 0o600 });
  return {
    cwd: cwd!,
    home: home!,
    canaries: canaries!,
    environment: cleanEnvironment({ VICTOR_HOME: home!, HOME: home!, NO_COLOR: '1' }),
  };
}

/** A command line, watched where strace is installed. */
function watched(line: readonly string[], log: string): [string, string[]] {
  const watch = [
    'strace',
    '--seccomp-bpf',
    '-f',
    '-qq',
    '-s',
    '256',
    '-o',
    log,
    '-e',
    'trace=execve,connect,bind',
  ];
  const [command, ...args] = strace ? [...watch, ...line] : line;
  return [command!, args];
}

/** Programs that were started and sockets that were opened, besides those that are Victor's own. */
function foreign(log: string, cwd: string): { processes: string[]; sockets: string[] } {
  const lines = strace ? readFileSync(log, 'utf8').split('\n') : [];
  const processes = lines.filter((line) => {
    const path = /execve\("([^"]*)"/.exec(line)?.[1];
    if (path === undefined || ownProbe.test(line)) return false;
    return path.startsWith(cwd) || (!own.has(basename(path)) && / = 0$/.test(line));
  });
  const sockets = lines.filter((line) => {
    if (!/ (connect|bind)\(/.test(line) || /AF_UNIX|AF_NETLINK/.test(line)) return false;
    return !localServers.some(
      (port) => line.includes(`sin_port=htons(${port})`) && line.includes('127.0.0.1'),
    );
  });
  return { processes, sockets };
}

const victor = (...args: readonly string[]) => [process.execPath, launcher, ...args];

async function run(line: readonly string[], { cwd, environment }: Scene, log: string) {
  const [command, args] = watched(line, log);
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  return finish(child);
}

/** A chat in a terminal: the question of trust is answered with this key, and a chat that opens is left. */
async function open(line: readonly string[], { cwd, environment }: Scene, log: string, answer: 'r' | 'q') {
  const [command, args] = watched(line, log);
  const pty = startPty({ command, args, cwd, env: environment, columns: 120, rows: 40 });
  let asked = false;
  let ended = false;
  const exit = pty.exit.then((code) => {
    ended = true;
    return code;
  });
  const shows = (wanted: string) => pty.screen().join('\n').includes(wanted);
  for (let turn = 0; !ended && turn < 400; turn += 1) {
    if (shows('r stay restricted')) {
      asked = true;
      pty.write(answer);
    } else if (/^❯/m.test(pty.screen().join('\n'))) pty.write('\u0015\u0004');
    await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  if (!ended) pty.kill('SIGKILL');
  return { code: await exit, asked, text: pty.history().join('\n') };
}

const totals = { repositories: 0, commands: 0, processes: 0, sockets: 0, canaries: 0 };

afterAll(() => {
  const tried = totals.commands;
  recordCount({ row: 'hostile processes', tried, found: totals.processes });
  recordCount({ row: 'hostile sockets', tried, found: totals.sockets + connections });
  recordCount({ row: 'hostile code', tried, found: totals.canaries });
  process.stdout.write(
    `hostile repositories: ${totals.repositories}, commands in them: ${totals.commands}, before trust foreign processes: ${totals.processes}, sockets: ${totals.sockets}, connections: ${connections}, code that ran: ${totals.canaries} (watched by ${strace ? 'strace, ' : ''}canaries and a listener)\n`,
  );
});

describe('a hostile repository before trust', () => {
  it('the watch is a good one: it sees the code, the process and the connection of a program that loads it', async () => {
    const place = scene({ build: (directory, { js }) => writeFiles(directory, { 'evil.js': js }) });
    const log = join(place.home, 'log');
    await run([process.execPath, '-e', 'require("./evil.js"); setTimeout(() => {}, 100)'], place, log);
    expect(readdirSync(place.canaries)).toHaveLength(1);
    expect(connections).toBe(1);
    connections = 0;
    if (!strace) return;
    expect(foreign(log, place.cwd).processes).toHaveLength(1);
    expect(foreign(log, place.cwd).sockets).toHaveLength(1);
  });

  it('there are at least thirty of them', () => {
    expect(hostileRepositories.length).toBeGreaterThanOrEqual(30);
  });

  it.concurrent.each(share(hostileRepositories, 8))('$title: nothing of it runs', async (repository) => {
    const place = scene(repository);
    const logs = ['help', 'version', 'ask', 'chat', 'resume'].map((name) => join(place.home, `${name}.log`));
    const [help, version, ask, chat, resume] = logs as [string, string, string, string, string];
    const told = [await run(victor('--help'), place, help), await run(victor('--version'), place, version)];
    // The session that is resumed later; where the settings are refused there is none, and nothing starts.
    const question = repository.title.includes('git') ? 'what changed?' : 'hello';
    const asked = await run(victor('ask', '--session-id', 'first', question), place, ask);
    // To leave at the question, and to stay restricted and go on, are both without trust.
    const chats = [
      await open(victor('chat'), place, chat, 'r'),
      await open(victor('sessions', 'resume', 'first'), place, resume, 'q'),
    ];
    const found = logs.map((log) => foreign(log, place.cwd));
    totals.repositories += 1;
    totals.commands += logs.length;
    totals.processes += found.flatMap(({ processes }) => processes).length;
    totals.sockets += found.flatMap(({ sockets }) => sockets).length;
    totals.canaries += readdirSync(place.canaries).length;
    expect(found.flatMap(({ processes, sockets }) => [...processes, ...sockets])).toEqual([]);
    expect(readdirSync(place.canaries)).toEqual([]);
    expect(told.map(({ code }) => code)).toEqual([0, 0]);
    expect(asked.code, asked.stderr).toBe(repository.refused ? 2 : 0);
    for (const one of chats) {
      expect(one, one.text).toMatchObject({
        code: repository.refused ? 2 : 0,
        asked: repository.asks ?? false,
      });
    }
  });

  it('nothing of any of them reached the server that they name', () => {
    expect(connections).toBe(0);
  });
});
