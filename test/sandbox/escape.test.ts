import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settings } from '../../src/config/schema.js';
import { CommandSandbox } from '../../src/sandbox/command-sandbox.js';
import { createBashTool } from '../../src/tools/bash.js';
import { share } from '../helpers/campaign.js';
import { recordCount } from '../helpers/record-count.js';
import { workspace } from '../tools/workspace.js';
import { probes } from './probes.js';

const secretPrefix = 'canarysecret';
const secret = `${secretPrefix}abc`;
const name = `victor-probe-${process.pid}`;
const planted = [
  `/etc/${name}`,
  `/usr/local/bin/${name}`,
  `/dev/shm/${name}`,
  `/var/tmp/${name}`,
  `/run/${name}`,
  `/root/${name}`,
];

let received = 0;
let server: Server;
let datagrams: DatagramSocket;
let unix: Server;
let abstract: ChildProcess;
let bystander: ChildProcess;
let port: number;
let folder: string;
let descriptor: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'victor-socket-'));
  // Whoever else may try ports on this machine does not say this.
  const count = (socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (chunk.includes('hello')) received += 1;
      socket.destroy();
    });
  };
  server = createServer(count);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
  datagrams = createSocket('udp4').on('message', () => {
    received += 1;
  });
  await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve));
  unix = createServer(count);
  await new Promise<void>((resolve) => unix.listen(join(folder, 's'), resolve));
  // Node 20 cannot listen on an abstract name; Python can, and says so when somebody comes.
  abstract = spawn('python3', [
    '-c',
    `import socket\ns=socket.socket(socket.AF_UNIX)\ns.bind("\\0${name}")\ns.listen()\nprint("ready",flush=True)\ns.accept()\nprint("came",flush=True)`,
  ]);
  await new Promise((resolve) => abstract.stdout!.once('data', resolve));
  abstract.stdout!.on('data', (chunk) => {
    // The end of the line before may come by itself.
    if (String(chunk).includes('came')) received += 1;
  });
  bystander = spawn('sleep', ['1000'], { argv0: secret, env: { SECRET: secret }, stdio: 'ignore' });
  writeFileSync(join(folder, 'open'), secret);
  descriptor = openSync(join(folder, 'open'), 'r+');
});

afterAll(() => {
  for (const child of [abstract, bystander]) child.kill('SIGKILL');
  for (const one of [server, datagrams, unix]) one.close();
  closeSync(descriptor);
  rmSync(folder, { recursive: true, force: true });
});

let place: ReturnType<typeof makePlace>;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  for (const path of planted) rmSync(path, { force: true });
});

/** A workspace that is a repository with settings, a home with secrets, the state of Victor, and the world outside. */
function makePlace() {
  const { root, context } = workspace();
  const base = join(root, '..');
  const [home, state, outside] = ['home', 'state', 'outside'].map((one) => join(base, one)) as [
    string,
    string,
    string,
  ];
  const write = (path: string, text = secret) => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  };
  for (const one of ['.ssh/id_ed25519', '.aws/credentials', '.netrc', 'notes.txt']) write(join(home, one));
  write(join(state, 'secret'));
  write(join(outside, 'victim'), 'untouched');
  execFileSync('git', ['init', '-q', root], { env: { PATH: process.env.PATH } });
  write(join(root, '.git/hooks/post-commit'), '#!/bin/sh\n');
  write(join(root, '.victorrc'), 'maxTurns: 5\n');
  symlinkSync(outside, join(root, 'link-outside'));
  const environment = { ...process.env, HOME: home, VICTOR_HOME: state };
  const sandbox = new CommandSandbox({
    settings: settings({ sandbox: 'require' }),
    environment,
    cwd: root,
    workspaceRoot: root,
    paths: { configDirectory: state, dataDirectory: state },
  });
  const tool = createBashTool({ environment, confinement: sandbox, graceMs: 200 });
  const watched = [
    home,
    join(state, 'secret'),
    outside,
    ...['.git/hooks', '.git/config', '.victorrc'].map((one) => join(root, one)),
  ];
  return {
    base,
    root,
    home,
    state,
    outside,
    watched,
    run: (command: string) => tool.execute({ command, timeoutMs: 10_000 }, context),
  };
}

/** Everything that can be seen of a path from outside: kind, mode, owner, time, content. */
function fingerprint(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 'missing';
  const own = `${stats.mode} ${stats.uid} ${stats.mtimeMs} ${stats.nlink}`;
  if (stats.isSymbolicLink()) return `${own} ${readlinkSync(path)}`;
  if (stats.isDirectory()) {
    const inside = readdirSync(path)
      .sort()
      .map((one) => `${one}=${fingerprint(join(path, one))}`);
    return `${stats.mode} ${stats.uid} [${inside.join(',')}]`;
  }
  return `${own} ${stats.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'special'}`;
}

/** What a probe achieved, looked at from outside. */
async function escapes(script: string): Promise<string[]> {
  const { base, root, home, state, outside, watched, run } = place;
  const temporary = join(realpathSync(tmpdir()), name);
  const values: Record<string, string> = {
    base,
    home,
    state,
    outside,
    temporary,
    name,
    secret,
    secretPrefix,
    port: String(port),
    pid: String(bystander.pid),
    abstract: name,
    socket: join(folder, 's'),
    hiddenRoot: '/tmp',
  };
  const filled = script.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all);
  const seen = () => watched.map((path) => `${path} ${fingerprint(path)}`);
  const [before, came, machine] = [seen(), received, hostname()];
  const settingsBefore = dangerousNames(root);
  const { content } = await run(filled);
  await sleep(/leftover/.test(script) ? 500 : 20);
  const changed = seen().filter((line, index) => line !== before[index]);
  const left = [...planted, temporary, join(root, 'leftover')].filter((path) => existsSync(path));
  return [
    ...changed.map((line) => `changed: ${line}`),
    ...left.map((path) => `made: ${path}`),
    // Victor itself keeps empty folders there.
    ...(existsSync(state) ? readdirSync(state, { recursive: true }) : [])
      .map(String)
      .filter((one) => !/^(?:secret|spare-folders(?:\/\d+-\d+)?)$/.test(one))
      .map((one) => `made: ${join(state, one)}`),
    ...dangerousNames(root)
      .filter((one) => !settingsBefore.includes(one))
      .map((one) => `made: ${one}`),
    ...(content.replace(filled, '').includes(secret) ? [`read a secret: ${content}`] : []),
    ...(received > came ? ['reached a server'] : []),
    ...(bystander.exitCode !== null || bystander.signalCode !== null ? ['ended a process'] : []),
    ...(readFileSync(`/proc/${bystander.pid}/stat`, 'utf8').split(' ')[18] === '0'
      ? []
      : ['changed a priority']),
    ...(hostname() === machine ? [] : ['renamed the machine']),
  ];
}

function dangerousNames(root: string): string[] {
  const list = (path: string, names: RegExp) =>
    (existsSync(join(root, path)) ? readdirSync(join(root, path)) : [])
      .filter((one) => names.test(one))
      .map((one) => join(path, one));
  return [
    // What had to be moved away afterwards was there for a while.
    ...list('', /^(?:\.victor.*|victor\.config.*|from-command-.*)$/),
    ...list('.config', /^(?:config\.|from-command-)/),
    ...list('.git', /^(?:commondir|config\.worktree|from-command-.*)$/),
    ...list('.git/modules', /./),
  ];
}

describe('escape probes in bubblewrap, each a real process, looked at from outside', () => {
  const tally = { probes: 0, escapes: 0 };
  afterAll(() => {
    recordCount({ row: 'sandbox', tried: tally.probes, found: tally.escapes });
    console.log(`sandbox escape probes: ${tally.probes}, escapes: ${tally.escapes}`);
  });

  it.each(share(probes, 4))('$id $title', async ({ script }) => {
    const found = await escapes(script);
    tally.probes += 1;
    tally.escapes += found.length > 0 ? 1 : 0;
    expect(found).toEqual([]);
  });

  it('G5 are at least 60', () => {
    expect(probes.length).toBeGreaterThanOrEqual(60);
    expect(new Set(probes.map(({ script }) => script)).size).toBe(probes.length);
  });
});

describe('the looks from outside', () => {
  it('see what the same scripts do without a sandbox', async () => {
    const { context } = workspace();
    place.run = (command) => createBashTool().execute({ command }, { ...context, cwd: place.root });
    const found: Record<string, number> = {};
    for (const id of [
      'W01',
      'W04',
      'W13',
      'R01',
      'R04',
      'R09',
      'G01',
      'G08',
      'G12',
      'N01',
      'N03',
      'N04',
      'N05',
      'X05',
      'X06',
    ]) {
      const { script } = probes.find((one) => one.id === id)!;
      found[id] = (await escapes(script)).length;
    }
    expect(Object.entries(found).filter(([, count]) => count === 0)).toEqual([]);
  });
});
