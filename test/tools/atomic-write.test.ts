import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolResult } from '../../src/core/tool.js';
import { atomicWrite } from '../../src/tools/atomic-write.js';
import { FileError } from '../../src/tools/file-error.js';
import { removeAbandonedWrites, temporaryName } from '../../src/tools/pending-writes.js';
import { contentHash } from '../../src/tools/text-file.js';
import { type BundledProgram, bundle } from './run-bundled.js';
import { workspace } from './workspace.js';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const oldHash = contentHash(Buffer.from('old'));

async function problemOf(write: Promise<string>): Promise<FileError> {
  const error = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FileError);
  return error as FileError;
}

describe('an atomic write', () => {
  it('replaces a file whose hash is as expected, and answers the hash of what it wrote', async () => {
    const { write, outputDirectory } = workspace();
    const path = write('a', 'old');
    const content = Buffer.from('new');
    const hash = await atomicWrite({ path, content, expectedHash: oldHash, noteDirectory: outputDirectory });
    expect(hash).toBe(contentHash(content));
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('refuses a file that is different, gone, or there when it should not be', async () => {
    const { write, path } = workspace();
    write('a', 'other');
    const content = Buffer.from('new');
    expect((await problemOf(atomicWrite({ path: path('a'), content, expectedHash: oldHash }))).problem).toBe(
      'changed',
    );
    expect((await problemOf(atomicWrite({ path: path('b'), content, expectedHash: oldHash }))).problem).toBe(
      'changed',
    );
    expect((await problemOf(atomicWrite({ path: path('a'), content, expectedHash: null }))).problem).toBe(
      'changed',
    );
    expect(readFileSync(path('a'), 'utf8')).toBe('other');
    expect(readdirSync(path('.'))).toEqual(['a']);
  });

  it('sets a mode when it is given one', async () => {
    const { write } = workspace();
    const path = write('a', 'old');
    await atomicWrite({ path, content: Buffer.from('new'), mode: 0o640 });
    expect((statSync(path).mode & 0o7777).toString(8)).toBe('640');
  });

  it.runIf(isRoot)('T03: keeps the owner of a file that belongs to somebody else', async () => {
    const { write } = workspace();
    const path = write('a', 'old');
    chownSync(path, nobody, nobody);
    chmodSync(path, 0o4711);
    await atomicWrite({ path, content: Buffer.from('new'), expectedHash: oldHash });
    const { uid, gid, mode } = statSync(path);
    expect([uid, gid, (mode & 0o7777).toString(8)]).toEqual([nobody, nobody, '4711']);
  });

  it('K06: a file put in the way is neither followed nor written, and the write waits no longer than it must', async () => {
    const { write, path, root } = workspace();
    write('a', 'old');
    const victim = join(root, '..', 'victim');
    writeFileSync(victim, 'untouched');
    const name = temporaryName('a');
    symlinkSync(victim, path(name));
    const past = new Date(Date.now() - 60_000);
    execFileSync('touch', ['-h', '-d', past.toISOString(), path(name)]);
    await atomicWrite({ path: path('a'), content: Buffer.from('new') });
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(path('a'), 'utf8')).toBe('new');
    expect(lstatSync(path('a')).isSymbolicLink()).toBe(false);
    mkdirSync(path(name));
    utimesSync(path(name), past, past);
    expect((await problemOf(atomicWrite({ path: path('a'), content: Buffer.from('3') }))).problem).toBe(
      'busy',
    );
    expect(readFileSync(path('a'), 'utf8')).toBe('new');
  });

  it('T07: the errno of a failed write is named and the old content stays', async () => {
    const { write, path } = workspace();
    write('file', 'old');
    const long = await problemOf(atomicWrite({ path: path('n'.repeat(256)), content: Buffer.from('x') }));
    expect([long.errno, long.message]).toEqual(['ENAMETOOLONG', expect.stringContaining('(ENAMETOOLONG)')]);
    const below = await problemOf(
      atomicWrite({ path: path('file/x'), content: Buffer.from('x'), expectedHash: null }),
    );
    expect(['ENOTDIR', 'EEXIST']).toContain(below.errno);
    const readOnly = await problemOf(
      atomicWrite({ path: '/proc/victor-test', content: Buffer.from('x'), expectedHash: null }),
    );
    expect(['EROFS', 'EACCES', 'ENOENT', 'EPERM']).toContain(readOnly.errno);
    expect(readFileSync(path('file'), 'utf8')).toBe('old');
  });
});

describe('atomic writes between processes', () => {
  const programs: BundledProgram[] = [];
  let editRounds: BundledProgram;
  let writeForEver: BundledProgram;
  let oneCall: BundledProgram;

  beforeAll(async () => {
    for (const name of ['edit-rounds', 'write-for-ever', 'one-call']) {
      programs.push(await bundle(`test/fixtures/tools/${name}.ts`));
    }
    [editRounds, writeForEver, oneCall] = programs as [BundledProgram, BundledProgram, BundledProgram];
  });

  afterAll(() => {
    for (const program of programs) program.remove();
  });

  it('T05: of two sessions that edit one file at once, one wins and the other is told, every time', async () => {
    const { write, outputDirectory } = workspace();
    const file = write('shared.txt', 'start\n');
    const outputs = await Promise.all(
      ['x', 'y', 'z'].map((mark) => editRounds.run([file, mark, '120', `${outputDirectory}-${mark}`])),
    );
    const counts = outputs.map((output) => JSON.parse(output) as { won: number; told: number });
    const won = counts.reduce((sum, count) => sum + count.won, 0);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.length - 1).toBe(won);
    expect(new Set(lines).size).toBe(lines.length);
    // Whoever is told has met a winner, and a winner meets two at most.
    expect(won).toBeGreaterThanOrEqual(120);
    expect(counts.every((count) => count.won + count.told === 120)).toBe(true);
    expect(readdirSync(join(file, '..'))).toEqual(['shared.txt']);
  });

  it('T06: killed at any moment a write leaves the old or the new content, and the next start clears up', async () => {
    const { write, outputDirectory, root } = workspace();
    const size = 300_000;
    const file = write('file', Buffer.alloc(size, 'a'));
    let leftOvers = 0;
    for (let round = 0; round < 12; round += 1) {
      const child = writeForEver.start([file, outputDirectory, String(size)]);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      await sleep(3 + Math.random() * 40);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const content = readFileSync(file);
      expect(content.length).toBe(size);
      expect(content.equals(Buffer.alloc(size, content.subarray(0, 1)))).toBe(true);
      leftOvers += readdirSync(root).length - 1;
      age(root);
      age(outputDirectory);
      await removeAbandonedWrites(outputDirectory);
      expect(readdirSync(root)).toEqual(['file']);
      expect(readdirSync(outputDirectory)).toEqual([]);
    }
    expect(leftOvers).toBeGreaterThan(0);
  });

  it('T06: what a killed write left does not stop the next one, and a living one is left alone', async () => {
    const { write, outputDirectory, root, path } = workspace();
    const file = write('file', 'old');
    const name = temporaryName('file');
    write(name, 'half of someth');
    mkdirSync(outputDirectory);
    writeFileSync(join(outputDirectory, 'pending-write-0000'), path(name));
    expect(await removeAbandonedWrites(outputDirectory)).toBe(0);
    expect(existsSync(path(name))).toBe(true);
    age(root);
    await atomicWrite({ path: file, content: Buffer.from('2') });
    expect(readFileSync(file, 'utf8')).toBe('2');
    expect(readdirSync(root)).toEqual(['file']);
    expect(await removeAbandonedWrites(join(outputDirectory, 'nothing'))).toBe(0);
  });

  it('T06: a note cannot be made to remove anything but a temporary file of ours', async () => {
    const { write, outputDirectory } = workspace();
    const precious = write('precious.txt', 'x');
    mkdirSync(outputDirectory);
    writeFileSync(join(outputDirectory, 'pending-write-0000'), precious);
    age(outputDirectory);
    age(join(precious, '..'));
    expect(await removeAbandonedWrites(outputDirectory)).toBe(0);
    expect(existsSync(precious)).toBe(true);
  });

  it('T03: without permission nothing changes, and the errno is named', async () => {
    const { write, root, path } = workspace();
    write('file', 'old');
    write('secret', 'old');
    chmodSync(path('secret'), 0o000);
    chmodSync(root, 0o555);
    chmodSync(join(root, '..'), 0o755);
    const user = isRoot ? { uid: nobody, gid: nobody } : {};
    const call = async (name: string, input: object) =>
      JSON.parse(await oneCall.run([root, name, JSON.stringify(input)], user)) as ToolResult;
    const created = await call('Write', { path: 'new', content: 'x' });
    const edited = await call('Edit', { path: 'file', oldText: 'old', newText: 'new' });
    const read = await call('Read', { path: 'secret' });
    chmodSync(root, 0o755);
    expect([created, edited, read].map((result) => result.content)).toEqual([
      expect.stringContaining('(EACCES)'),
      expect.stringContaining('(EACCES)'),
      expect.stringContaining('(EACCES)'),
    ]);
    expect(readFileSync(path('file'), 'utf8')).toBe('old');
    expect(readdirSync(root).sort()).toEqual(['file', 'secret']);
  });

  it.runIf(isRoot)('T03: a file of somebody else is not taken over by writing it', async () => {
    const { write, root, path } = workspace();
    write('file', 'old');
    chmodSync(path('file'), 0o666);
    chmodSync(root, 0o777);
    chmodSync(join(root, '..'), 0o755);
    const input = JSON.stringify({ path: 'file', oldText: 'old', newText: 'new' });
    const result = JSON.parse(
      await oneCall.run([root, 'Edit', input], { uid: nobody, gid: nobody }),
    ) as ToolResult;
    expect(result.content).toContain('without changing its owner (EPERM)');
    expect(readFileSync(path('file'), 'utf8')).toBe('old');
    expect(statSync(path('file')).uid).toBe(0);
    expect(readdirSync(root)).toEqual(['file']);
  });
});

/** Makes everything in a folder look as if it had been written a minute ago. */
function age(directory: string): void {
  const past = new Date(Date.now() - 60_000);
  for (const name of readdirSync(directory)) utimesSync(join(directory, name), past, past);
}
