import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher } from '../helpers/run-victor.js';

const root = resolve(import.meta.dirname, '..', '..');

describe('what V8 compiled at one start', () => {
  const home = mkdtempSync(join(tmpdir(), 'victor-compiled-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const file = join(home, 'compiled-other');

  function victor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = {
      ...process.env,
      HOME: home,
      VICTOR_HOME: home,
      NODE_DISABLE_COMPILE_CACHE: '',
      ...environment,
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/victor.js'), ...args], {
      cwd: home,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  const list = () => {
    const { status, stderr } = victor(['sessions', 'list']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^victor: no sessions yet\..*\n$/);
  };
  /** Which file it is: another one stands there after it was written anew. */
  const identity = () => statSync(file).ino;

  function fresh(): void {
    for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true });
    list();
  }

  it('is kept beside the sessions, for nobody else to read, and serves the next one as it is', () => {
    fresh();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const kept = identity();
    list();
    expect(identity()).toBe(kept);
    expect(readdirSync(home).filter((name) => name.startsWith('compiled'))).toEqual(['compiled-other']);
  });

  it('of a chat serves the next chat as it is', async () => {
    fresh();
    const chat = async () => {
      const env = cleanEnvironment({ VICTOR_HOME: home, NODE_DISABLE_COMPILE_CACHE: '' });
      const args = [launcher, 'chat'];
      const pty = startPty({ command: process.execPath, args, cwd: home, columns: 100, rows: 30, env });
      onTestFinished(() => pty.kill());
      await pty.waitFor('❯');
      pty.write('/quit\r');
      await pty.exit;
      return statSync(join(home, 'compiled-chat')).ino;
    };
    const kept = await chat();
    expect(await chat()).toBe(kept);
    expect(await chat()).toBe(kept);
  });

  it('is kept for what is loaded later, too', () => {
    fresh();
    const { length } = readFileSync(file);
    expect(victor(['doctor']).status).toBe(0);
    expect(readFileSync(file).length).toBeGreaterThan(length);
  });

  it.each<[string, () => void]>([
    ['with one byte changed', () => writeFileSync(file, flipped(readFileSync(file)))],
    ['cut off', () => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['empty', () => truncateSync(file, 0)],
    ['of nothing but zeros', () => writeFileSync(file, Buffer.alloc(100_000))],
    ['that everybody may write', () => chmodSync(file, 0o666)],
    [
      'that is a link to another',
      () => {
        renameSync(file, `${file}-elsewhere`);
        symlinkSync(`${file}-elsewhere`, file);
      },
    ],
    ['of another version of the program', () => writeFileSync(file, anotherBuild(readFileSync(file)))],
    ...(process.getuid?.() === 0
      ? [['of another user', () => chownSync(file, 65_534, 65_534)] satisfies [string, () => void]]
      : []),
  ])('is compiled anew where there is one %s', (_, change) => {
    fresh();
    change();
    const before = identity();
    list();
    expect(identity()).not.toBe(before);
    const about = statSync(file);
    expect([about.mode & 0o777, about.uid]).toEqual([0o600, process.getuid?.()]);
    list();
    expect(identity()).toBe(about.ino);
  });

  it('stays away where nothing else was kept, or nothing is to be: no folder is made for it', () => {
    const elsewhere = join(home, 'not-made-yet');
    expect(victor(['--help'], { VICTOR_HOME: elsewhere }).status).toBe(0);
    expect(existsSync(elsewhere)).toBe(false);
    fresh();
    rmSync(file);
    expect(victor(['sessions', 'list'], { NODE_DISABLE_COMPILE_CACHE: '1' }).status).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('a folder in its place is no hindrance', () => {
    fresh();
    rmSync(file);
    mkdirSync(file);
    list();
    expect(statSync(file).isDirectory()).toBe(true);
    expect(readdirSync(home).filter((name) => name.startsWith('compiled'))).toEqual(['compiled-other']);
  });

  it('an extension that imports the package has the classes of the program', () => {
    fresh();
    const index = JSON.stringify(join(root, 'dist/index.js'));
    writeFileSync(
      join(home, 'team.mjs'),
      `import { ConfigError } from ${index};
       export const create = () => { throw new ConfigError('no team', { advice: 'Say which team.' }); };`,
    );
    writeFileSync(join(home, '.victorrc'), 'contributors: [base, ./team.mjs]\n');
    expect(victor(['doctor']).stdout).toContain('Say which team.');
  });
});

function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length - 1_000]! ^= 0x55;
  return bytes;
}

function anotherBuild(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/"key":".../, '"key":"old'), 'latin1');
}
