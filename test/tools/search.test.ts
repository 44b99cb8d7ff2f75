import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ToolResult } from '../../src/core/tool.js';
import { findRipgrep } from '../../src/tools/find-ripgrep.js';
import { createGlobTool } from '../../src/tools/glob.js';
import { createGrepTool } from '../../src/tools/grep.js';
import { bundle } from './run-bundled.js';
import { type Workspace, workspace } from './workspace.js';

const noRipgrep = async () => undefined;
const ways = [
  ['with ripgrep', { findRipgrep }],
  ['without ripgrep', { findRipgrep: noRipgrep }],
] as const;

/** A folder with what searches have to be careful about. */
function hostileFolder(): Workspace {
  const folder = workspace();
  const { write, path, root } = folder;
  write('../outside/secret.txt', 'needle outside\n');
  write('a.txt', 'first\nneedle one\nthird\nneedle two\r\n');
  write('src/b.ts', 'const needle = 1;\n');
  write('.hidden/c.txt', 'needle hidden\n');
  write('.git/config', 'needle git\n');
  write('.gitignore', 'ignored/\n*.log\n');
  write('ignored/d.txt', 'needle ignored\n');
  write('e.log', 'needle log\n');
  write('binary.bin', Buffer.from('\0\0needle\n'));
  write('-dash.txt', 'needle dash\n');
  write('new\nline.txt', 'needle nl\n');
  write('esc\x1b[31m.txt', 'needle esc\n');
  writeFileSync(
    Buffer.concat([Buffer.from(`${root}/latin-`), Buffer.from([0xe9]), Buffer.from('.txt')]),
    'needle latin\n',
  );
  symlinkSync(path('../outside'), path('link-folder'));
  symlinkSync(path('../outside/secret.txt'), path('link-file.txt'));
  symlinkSync('.', path('loop'));
  execFileSync('mkfifo', [path('fifo.txt')]);
  return folder;
}

const shownNames = [
  '-dash.txt',
  '.hidden/c.txt',
  "$'esc\\x1b[31m.txt'",
  "$'latin-\\xe9.txt'",
  "$'new\\nline.txt'",
  'a.txt',
  'src/b.ts',
];

describe.each(ways)('Grep %s', (_, options) => {
  const grep = createGrepTool(options);

  it('P19, T20: finds in hidden and oddly named files, not in ignored, binary, special or linked ones', async () => {
    const { run } = hostileFolder();
    const result = await run(grep, { pattern: 'needle' });
    expect(result.content.split('\n').sort()).toEqual(
      [
        '-dash.txt:1: needle dash',
        '.hidden/c.txt:1: needle hidden',
        "$'esc\\x1b[31m.txt':1: needle esc",
        "$'latin-\\xe9.txt':1: needle latin",
        "$'new\\nline.txt':1: needle nl",
        'a.txt:2: needle one',
        'a.txt:4: needle two',
        'src/b.ts:1: const needle = 1;',
      ].sort(),
    );
    expect(result.summary).toBe('8 matches in 7 files');
    const names = await run(grep, { pattern: 'needle', filesOnly: true });
    expect(names.content.split('\n').sort()).toEqual([...shownNames].sort());
    expect(names.summary).toBe('7 files');
  });

  it('shows lines around a match once, in order, marked as such', async () => {
    const { run, write } = workspace();
    write('a.txt', 'one\ntwo x\nthree\nfour x\nfive\nsix\nseven\n');
    const result = await run(grep, { pattern: ' x', context: 1 });
    expect(result.content).toBe(
      'a.txt-1- one\na.txt:2: two x\na.txt-3- three\na.txt:4: four x\na.txt-5- five',
    );
    expect(result.summary).toBe('2 matches in 1 file');
  });

  it.each([
    [{ pattern: 'NEEDLE', ignoreCase: true, path: 'src' }, 'src/b.ts:1: const needle = 1;'],
    [{ pattern: 'NEEDLE', path: 'src' }, '[No matches.]'],
    [{ pattern: 'needle.=', literal: true }, '[No matches.]'],
    [{ pattern: 'needle = 1;', literal: true }, 'src/b.ts:1: const needle = 1;'],
    [{ pattern: 'needle', glob: '*.ts' }, 'src/b.ts:1: const needle = 1;'],
    [{ pattern: 'needle', glob: 'src/**' }, 'src/b.ts:1: const needle = 1;'],
    [{ pattern: 'needle', glob: '{src,lib}/*.{ts,js}' }, 'src/b.ts:1: const needle = 1;'],
    [{ pattern: 'needle', glob: '*.log' }, '[No matches.]'],
    [{ pattern: 'needle', path: 'ignored' }, 'ignored/d.txt:1: needle ignored'],
    [{ pattern: 'needle', path: 'e.log' }, 'e.log:1: needle log'],
    [{ pattern: '-dash|--pre=x', path: '.' }, '[No matches.]'],
    [{ pattern: 'needle (?=dash)' }, '-dash.txt:1: needle dash'],
    [{ pattern: 'needle', path: 'link-file.txt' }, '../outside/secret.txt:1: needle outside'],
  ])('%j gives %j', async (input, expected) => {
    const { run, root } = hostileFolder();
    const result = await run(grep, input);
    expect(result.content).toBe(expected.replace('../', `${join(root, '..')}/`));
  });

  it('T19: stops at the limit and says how to see more', async () => {
    const { run, write } = workspace();
    write('a.txt', 'x\n'.repeat(100_000));
    const result = await run(grep, { pattern: 'x' });
    const lines = result.content.split('\n');
    expect(lines).toHaveLength(101);
    expect(lines[99]).toBe('a.txt:100: x');
    expect(lines[100]).toBe('[Only the first 100 matches. Narrow with path or glob, or raise limit.]');
    expect(result.summary).toBe('first 100 matches in 1 file');
    expect((await run(grep, { pattern: 'x', limit: 3 })).content.split('\n')).toHaveLength(4);
    write('b.txt', 'y\n'.repeat(3));
    expect((await run(grep, { pattern: 'y', limit: 3 })).content).not.toContain('Only');
  });

  it('T19: cuts long lines and the whole answer', async () => {
    const { run, write } = workspace();
    write('long.txt', `needle ${'z'.repeat(5_000_000)}\n`);
    expect((await run(grep, { pattern: 'needle' })).content.length).toBeLessThan(500);
    write('many.txt', `needle ${'y'.repeat(250)}\n`.repeat(1_000));
    expect((await run(grep, { pattern: 'needle', limit: 1_000 })).content.length).toBeLessThan(32_000);
  });

  it('T15: cleans what it found', async () => {
    const { run, write } = workspace();
    write('a.txt', 'needle \x1b[31mred\x1b[0m \x07end\n');
    expect((await run(grep, { pattern: 'needle' })).content).toBe('a.txt:1: needle red end');
  });

  it('a wrong pattern is answered with what is wrong, and with advice', async () => {
    const { run } = workspace();
    const result = await run(grep, { pattern: '(' });
    expect(result).toMatchObject({ isError: true, summary: 'invalid pattern' });
    expect(result.content).toMatch(
      /^The pattern is not valid:\n.*(unclosed|Unterminated) group.*set literal/s,
    );
    expect((await run(grep, { pattern: 'a\0b' })).content).toContain('NUL');
  });

  it('a wrong path is answered with the nearest names', async () => {
    const { run, write, path } = workspace();
    write('source/a.ts', '');
    execFileSync('mkfifo', [path('fifo')]);
    expect((await run(grep, { pattern: 'x', path: 'sourc' })).content).toContain('source');
    expect((await run(grep, { pattern: 'x', path: 'fifo' })).content).toContain(
      'neither a folder nor a regular file',
    );
  });

  it('an aborted call ends', async () => {
    const { run, write } = workspace();
    write('a.txt', 'x\n');
    expect((await run(grep, { pattern: 'x' }, AbortSignal.abort())).isError).toBe(true);
  });
});

describe.each(ways)('Glob %s', (_, options) => {
  const glob = createGlobTool(options);

  it('P19, T20: lists hidden and oddly named files without loss, not ignored, special or linked ones', async () => {
    const { run } = hostileFolder();
    const result = await run(glob, { pattern: '**/*' });
    expect(result.content.split('\n').sort()).toEqual([...shownNames, '.gitignore', 'binary.bin'].sort());
    expect((await run(glob, { pattern: '*.log' })).content).toBe('[No file matches *.log.]');
  });

  it('lists the newest first, below the path given, and takes an absolute pattern', async () => {
    const { run, write, path } = workspace();
    for (const [index, name] of ['src/old.ts', 'src/new.ts', 'src/x/middle.ts', 'other.ts'].entries()) {
      write(name, '');
      const time = [100, 300, 200, 400][index] as number;
      utimesSync(path(name), time, time);
    }
    const expected = 'src/new.ts\nsrc/x/middle.ts\nsrc/old.ts';
    expect((await run(glob, { pattern: '*.ts', path: 'src' })).content).toBe(expected);
    expect((await run(glob, { pattern: `${path('src')}/**/*.ts` })).content).toBe(expected);
    expect((await run(glob, { pattern: '/etc/*.conf' })).content).toContain('is not inside');
    expect((await run(glob, { pattern: '*', path: 'other.ts' })).content).toContain('is a file');
  });

  it('lists 200 files and says how many there are', async () => {
    const { run, write } = workspace();
    for (let index = 0; index < 250; index += 1) write(`f${index}`, '');
    const lines = (await run(glob, { pattern: 'f*' })).content.split('\n');
    expect(lines).toHaveLength(201);
    expect(lines[200]).toBe('[200 of 250 files, newest first. Narrow the pattern or path to see others.]');
  });
});

describe('searching where ripgrep is not usable', () => {
  it('T18: falls back when ripgrep is there but cannot be run', async () => {
    const { run, write, path } = workspace();
    write('a.txt', 'needle\n');
    write('../broken-rg', 'this is no program');
    const options = { findRipgrep: async () => path('../broken-rg') };
    expect((await run(createGrepTool(options), { pattern: 'needle' })).content).toBe('a.txt:1: needle');
    expect((await run(createGlobTool(options), { pattern: '*' })).content).toBe('a.txt');
  });

  it('T18: the ripgrep of the workspace is not taken for the user’s', async () => {
    const { root, path } = workspace();
    mkdirSync(path('bin'));
    writeFileSync(path('bin/rg'), '#!/bin/sh\ntouch canary\n', { mode: 0o755 });
    expect(await findRipgrep({ PATH: path('bin') }, root)).not.toBe(path('bin/rg'));
    expect(existsSync(path('canary'))).toBe(false);
  });

  it('T19: a catastrophic expression is ended when its time is up, bundled and minified too', async () => {
    const { root, write } = workspace();
    write('a.txt', `first aab\n`);
    write('b.txt', `${'a'.repeat(60)}!\n`);
    const program = await bundle('test/fixtures/tools/call-without-ripgrep.ts');
    try {
      const call = async (input: object, timeoutMs: number) =>
        JSON.parse(await program.run([root, JSON.stringify(input), String(timeoutMs)])) as ToolResult;
      const slow = await call({ pattern: '(a+)+b' }, 700);
      expect(slow.content).toBe(
        'a.txt:1: first aab\n[Stopped after 0.7 s; narrow the search with path or glob.]',
      );
      const plain = await call({ pattern: 'a!', context: 1 }, 10_000);
      expect(plain.content).toBe(`b.txt:1: ${'a'.repeat(60)}!`);
    } finally {
      program.remove();
    }
  });

  it('leaves nothing behind', async () => {
    const { run, root, write } = workspace();
    write('a.txt', 'x\n');
    await run(createGrepTool({ findRipgrep: noRipgrep }), { pattern: 'x' });
    expect(readdirSync(join(root, '..'))).toEqual(['work']);
  });
});
