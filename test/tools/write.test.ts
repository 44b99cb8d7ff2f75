import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createReadTool } from '../../src/tools/read.js';
import { contentHash } from '../../src/tools/text-file.js';
import { createWriteTool } from '../../src/tools/write.js';
import { workspace } from './workspace.js';

const write = createWriteTool();
const read = createReadTool();

describe('Write', () => {
  it('creates a file with its folders and the mode that the umask leaves', async () => {
    const { run, path } = workspace();
    const before = process.umask(0o027);
    try {
      const result = await run(write, { path: 'a/b/c.txt', content: 'one\ntwo\n' });
      expect(result).toEqual({
        content: 'Created a/b/c.txt (2 lines).',
        summary: 'created, 2 lines',
        change: { path: 'a/b/c.txt', before: null, after: 'one\ntwo\n' },
        written: [{ path: path('a/b/c.txt'), before: null, after: contentHash(Buffer.from('one\ntwo\n')) }],
      });
    } finally {
      process.umask(before);
    }
    expect(readFileSync(path('a/b/c.txt'), 'utf8')).toBe('one\ntwo\n');
    expect((statSync(path('a/b/c.txt')).mode & 0o777).toString(8)).toBe('640');
    expect(readdirSync(path('a/b'))).toEqual(['c.txt']);
  });

  it('writes an empty file, and a text without a last line feed', async () => {
    const { run, path } = workspace();
    expect((await run(write, { path: 'empty', content: '' })).summary).toBe('created, 0 lines');
    expect((await run(write, { path: 'half', content: 'a\nb' })).summary).toBe('created, 2 lines');
    expect(readFileSync(path('half'), 'utf8')).toBe('a\nb');
  });

  it('refuses to replace a file that this session has not read, and replaces it after a Read', async () => {
    const { run, path, write: put } = workspace();
    put('a.txt', 'old\n');
    const refused = await run(write, { path: 'a.txt', content: 'new\n' });
    expect(refused.isError).toBe(true);
    expect(refused.content).toBe(
      'a.txt exists and was not read in this session. Nothing was written.\nRead it first, then Write or Edit.',
    );
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('old\n');
    await run(read, { path: 'a.txt' });
    const result = await run(write, { path: 'a.txt', content: 'new\n' });
    expect(result.change).toEqual({ path: 'a.txt', before: 'old\n', after: 'new\n' });
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('new\n');
  });

  it('may write again what it wrote itself, and says when nothing changes', async () => {
    const { run, path } = workspace();
    await run(write, { path: 'a.txt', content: '1\n' });
    expect((await run(write, { path: 'a.txt', content: '2\n' })).isError).toBeUndefined();
    expect((await run(write, { path: 'a.txt', content: '2\n' })).summary).toBe('no change');
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('2\n');
  });

  it('T04: refuses to replace a file that changed since it was read', async () => {
    const { run, path, write: put } = workspace();
    put('a.txt', 'old\n');
    await run(read, { path: 'a.txt' });
    writeFileSync(path('a.txt'), 'its\n');
    expect((await run(write, { path: 'a.txt', content: 'new\n' })).content).toContain(
      'changed since it was read',
    );
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('its\n');
  });

  it('T02: keeps CRLF and a byte order mark of the file it replaces', async () => {
    const { run, path, write: put } = workspace();
    put('a.txt', '\ufeffa\r\nb\r\n');
    await run(read, { path: 'a.txt' });
    await run(write, { path: 'a.txt', content: 'x\ny\n' });
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('\ufeffx\r\ny\r\n');
  });

  it('T02: refuses to replace a UTF-16 file with UTF-8', async () => {
    const { run, path, write: put } = workspace();
    const bytes = Buffer.from('\ufeffabc', 'utf16le');
    put('a.txt', bytes);
    await run(read, { path: 'a.txt' });
    expect((await run(write, { path: 'a.txt', content: 'x' })).content).toContain('UTF-16LE');
    expect(readFileSync(path('a.txt')).equals(bytes)).toBe(true);
  });

  it('T03: keeps the mode of the file it replaces', async () => {
    const { run, path, write: put } = workspace();
    put('run.sh', 'a\n');
    chmodSync(path('run.sh'), 0o751);
    await run(read, { path: 'run.sh' });
    await run(write, { path: 'run.sh', content: 'b\n' });
    expect((statSync(path('run.sh')).mode & 0o7777).toString(8)).toBe('751');
  });

  it('P07: refuses a link to nothing, at the end and on the way, and creates nothing', async () => {
    const { run, path, root } = workspace();
    const outside = join(root, '..', 'outside');
    symlinkSync(join(outside, 'file'), path('dangling'));
    symlinkSync(join(outside, 'folder'), path('way'));
    for (const name of ['dangling', 'way/file.txt']) {
      const result = await run(write, { path: name, content: 'x' });
      expect(result.content).toContain('symbolic link to something that does not exist');
    }
    expect(existsSync(outside)).toBe(false);
  });

  it('P10: a hard link to the replaced file keeps the old content', async () => {
    const { run, path, root, write: put } = workspace();
    put('a.txt', 'old\n');
    linkSync(path('a.txt'), join(root, '..', 'other-name'));
    await run(read, { path: 'a.txt' });
    await run(write, { path: 'a.txt', content: 'new\n' });
    expect(readFileSync(join(root, '..', 'other-name'), 'utf8')).toBe('old\n');
  });

  it('refuses folders, NUL, and names below a file', async () => {
    const { run, path, write: put } = workspace();
    mkdirSync(path('folder'));
    put('file', 'x');
    expect((await run(write, { path: 'folder', content: 'x' })).content).toContain('is a directory');
    expect((await run(write, { path: 'a\0b', content: 'x' })).content).toContain('NUL');
    expect((await run(write, { path: 'file/below', content: 'x' })).content).toContain('ENOTDIR');
    expect((await run(write, { path: 'n'.repeat(300), content: 'x' })).content).toContain('ENAMETOOLONG');
  });

  it('leaves no note of a pending write behind', async () => {
    const { run, outputDirectory } = workspace();
    await run(write, { path: 'a.txt', content: 'x' });
    expect(readdirSync(outputDirectory)).toEqual([]);
  });
});
