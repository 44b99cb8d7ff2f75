import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createReadTool } from '../../src/tools/read.js';
import { contentHash } from '../../src/tools/text-file.js';
import { workspace } from './workspace.js';

const read = createReadTool();

describe('Read', () => {
  it('gives numbered lines and remembers the hash of the bytes under the real path', async () => {
    const { write, run, context, path } = workspace();
    const file = write('a.txt', 'one\ntwo\n');
    symlinkSync(file, path('link'));
    const result = await run(read, { path: 'link' });
    expect(result).toEqual({ content: '1\tone\n2\ttwo', summary: '2 lines' });
    expect(context.files.get(file)).toBe(contentHash(Buffer.from('one\ntwo\n')));
  });

  it('starts at offset, stops after limit and says how to go on', async () => {
    const { write, run } = workspace();
    write('a.txt', Array.from({ length: 10 }, (_, index) => `line ${index + 1}\n`).join(''));
    const result = await run(read, { path: 'a.txt', offset: 4, limit: 2 });
    expect(result.content).toBe('4\tline 4\n5\tline 5\n[Up to line 5 of 10. Use offset=6 to continue.]');
    const last = await run(read, { path: 'a.txt', offset: 9, limit: 2 });
    expect(last.content).toBe('9\tline 9\n10\tline 10');
  });

  it('counts empty lines and goes on right after a window that ends before one', async () => {
    const { write, run } = workspace();
    write('a.txt', 'a\n\n\nb');
    expect((await run(read, { path: 'a.txt' })).content).toBe('1\ta\n2\t\n3\t\n4\tb');
    const first = await run(read, { path: 'a.txt', limit: 1 });
    expect(first.content).toBe('1\ta\n[Up to line 1 of 4. Use offset=2 to continue.]');
  });

  it('says how many lines there are when the offset is past them', async () => {
    const { write, run } = workspace();
    write('a.txt', 'a\nb\n');
    const result = await run(read, { path: 'a.txt', offset: 9 });
    expect(result).toMatchObject({ isError: true, content: 'a.txt has only 2 lines.' });
  });

  it('stops at 2,000 lines and at 48 kB by itself', async () => {
    const { write, run } = workspace();
    write('many.txt', 'x\n'.repeat(5_000));
    expect((await run(read, { path: 'many.txt' })).content).toContain(
      '[Up to line 2000 of 5000. Use offset=2001',
    );
    write('wide.txt', `${'y'.repeat(1_000)}\n`.repeat(500));
    const wide = await run(read, { path: 'wide.txt' });
    expect(wide.content.length).toBeLessThan(49_000);
    expect(wide.content).toMatch(/Use offset=48 to continue/);
  });

  it('T01: an empty file is said to be empty', async () => {
    const { write, run } = workspace();
    write('empty', '');
    expect(await run(read, { path: 'empty' })).toEqual({ content: 'empty is empty.', summary: 'empty file' });
  });

  it('T01: a binary file is named as such, with its size', async () => {
    const { write, run } = workspace();
    write('b.bin', Buffer.from([1, 2, 0, 3]));
    const result = await run(read, { path: 'b.bin' });
    expect(result.isError).toBe(true);
    expect(result.content).toMatch(/^b\.bin is a binary file of 4 B, not shown\.\nUse Bash/);
  });

  it('T01: a sparse file of 5 GB is answered without reading it', async () => {
    const { write, run, path } = workspace();
    write('huge', '');
    const descriptor = openSync(path('huge'), 'r+');
    ftruncateSync(descriptor, 5_000_000_000);
    closeSync(descriptor);
    const result = await run(read, { path: 'huge' });
    expect(result.content).toMatch(/binary file of 5\.0 GB/);
  });

  it('T01: one line of 200 MB is cut, in bounded memory, and the line after it can be reached', async () => {
    const { run, path, context } = workspace();
    const descriptor = openSync(path('long.txt'), 'w');
    const piece = Buffer.alloc(10_000_000, 'z');
    for (let count = 0; count < 20; count += 1) writeSync(descriptor, piece);
    writeSync(descriptor, '\nshort\n');
    closeSync(descriptor);
    const before = process.memoryUsage().rss;
    const result = await run(read, { path: 'long.txt' });
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    const [first, second, note] = result.content.split('\n');
    expect(first).toMatch(/^1\tz{2000}… \[the line has 200000000 bytes\]$/);
    expect(second).toBe('2\tshort');
    expect(note).toMatch(/Long lines are cut; use Bash/);
    expect(context.files.get(path('long.txt'))).toBeUndefined();
    expect((await run(read, { path: 'long.txt', offset: 2 })).content).toBe('2\tshort');
  });

  it('T01: a large text is paged without reading it to its end', async () => {
    const { run, path } = workspace();
    const descriptor = openSync(path('log'), 'w');
    const piece = Buffer.from('a line of the log\n'.repeat(100_000));
    for (let count = 0; count < 12; count += 1) writeSync(descriptor, piece);
    closeSync(descriptor);
    const result = await run(read, { path: 'log', offset: 150_001, limit: 1 });
    expect(result.content).toBe(
      '150001\ta line of the log\n[Up to line 150001. Use offset=150002 to continue.]',
    );
  });

  it('T02: CRLF, a byte order mark and a missing last line feed do not show', async () => {
    const { write, run } = workspace();
    write('a.txt', '\ufeffone\r\ntwo');
    expect((await run(read, { path: 'a.txt' })).content).toBe('1\tone\n2\ttwo');
  });

  it('T02: UTF-16 is shown as text and reported', async () => {
    const { write, run } = workspace();
    write('le.txt', Buffer.from('\ufeffähm\n', 'utf16le'));
    const result = await run(read, { path: 'le.txt' });
    expect(result.content).toBe('1\tähm\n[UTF-16LE: shown as text; Edit and Write refuse it.]');
    write('be.txt', Buffer.from('\ufeffähm\n', 'utf16le').swap16());
    expect((await run(read, { path: 'be.txt' })).content).toContain('1\tähm\n[UTF-16BE');
  });

  it('T02: bytes that are not UTF-8 become U+FFFD and are reported', async () => {
    const { write, run } = workspace();
    write('latin.txt', Buffer.from('caf\xe9\n', 'latin1'));
    expect((await run(read, { path: 'latin.txt' })).content).toMatch(/^1\tcaf\ufffd\n\[Not valid UTF-8/);
    write('fffd.txt', 'a \ufffd of its own\n');
    expect((await run(read, { path: 'fffd.txt' })).content).toBe('1\ta \ufffd of its own');
  });

  it('T15: control characters and escapes of a file do not reach the model, and it is told', async () => {
    const { write, run } = workspace();
    write('evil.txt', 'a\x1b[2Jb\x00c\rd\n'.replace('\x00', ''));
    expect((await run(read, { path: 'evil.txt' })).content).toBe(
      '1\tabcd\n[Control characters are left out here.]',
    );
  });

  it.each([
    ['png', '89504e470d0a1a0a00000000', 'image/png'],
    ['jpg', 'ffd8ffe000104a46', 'image/jpeg'],
    ['gif', Buffer.from('GIF89a\x01\0').toString('hex'), 'image/gif'],
    ['webp', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ').toString('hex'), 'image/webp'],
  ])('returns a %s as an image whatever its name', async (_, hex, mediaType) => {
    const { write, run } = workspace();
    const bytes = Buffer.from(hex, 'hex');
    write('picture.txt', bytes);
    const result = await run(read, { path: 'picture.txt' });
    expect(result.images).toEqual([{ mediaType, data: bytes.toString('base64') }]);
    expect(result.content).toBe(`picture.txt: ${mediaType}, ${bytes.length} B`);
  });

  it('refuses an image over 5 MB with a way out', async () => {
    const { write, run } = workspace();
    const bytes = Buffer.alloc(5_000_001);
    Buffer.from('89504e470d0a1a0a', 'hex').copy(bytes);
    write('big.png', bytes);
    const result = await run(read, { path: 'big.png' });
    expect(result.content).toMatch(/image of image\/png, 5\.0 MB\.\nImages up to 5\.0 MB/);
    expect(result.images).toBeUndefined();
  });

  it('offers the nearest names for a missing file, and the nearest folder for a missing folder', async () => {
    const { write, run } = workspace();
    write('src/session-store.ts', '');
    write('src/other.ts', '');
    const result = await run(read, { path: 'src/sesion-store.ts' });
    expect(result.content).toBe(
      'src/sesion-store.ts does not exist.\nNames like it in src: session-store.ts',
    );
    const folder = await run(read, { path: 'src/no/such/file.ts' });
    expect(folder.content).toContain('List src shows the nearest one that does');
    expect((await run(read, { path: 'zzzzz' })).content).toContain('Use List on .');
  });

  it('P04: ~ and $HOME are ordinary names', async () => {
    const { write, run } = workspace();
    write('~/x', 'tilde\n');
    write('$HOME/x', 'home\n');
    expect((await run(read, { path: '~/x' })).content).toBe('1\ttilde');
    expect((await run(read, { path: '$HOME/x' })).content).toBe('1\thome');
    expect((await run(read, { path: '~/nothing' })).content).toContain('does not exist');
  });

  it('P09, P14, P18: loops, NUL, folders, FIFOs, sockets and devices are refused without hanging', async () => {
    const { run, path } = workspace();
    symlinkSync('b', path('a'));
    symlinkSync('a', path('b'));
    mkdirSync(path('folder'));
    execFileSync('mkfifo', [path('fifo')]);
    const server = createServer().listen(path('socket'));
    try {
      expect((await run(read, { path: 'a' })).content).toContain('ELOOP');
      expect((await run(read, { path: 'x\0y' })).content).toContain('NUL character');
      expect((await run(read, { path: 'folder' })).content).toBe(
        'folder is a directory.\nUse List to see what is in it.',
      );
      expect((await run(read, { path: 'fifo' })).content).toContain('fifo is a FIFO');
      expect((await run(read, { path: 'socket' })).content).toContain('socket is a socket');
      expect((await run(read, { path: '/dev/zero' })).content).toContain('/dev/zero is a device');
      expect((await run(read, { path: 'folder/../fifo/x' })).content).toContain('ENOTDIR');
    } finally {
      server.close();
    }
  });

  it('T20: opens names with a line feed, with a leading dash and of 255 bytes', async () => {
    const { write, run } = workspace();
    for (const name of ['new\nline', '-rf', 'x'.repeat(255), 'ESC\x1b[31m']) {
      write(name, 'here\n');
      expect((await run(read, { path: name })).content).toBe('1\there');
    }
    expect((await run(read, { path: 'x'.repeat(256) })).content).toContain('ENAMETOOLONG');
  });

  it('T09: a working directory that is gone is an answer, not an accident', async () => {
    const { context } = workspace();
    const result = await read.execute({ path: 'a.txt' }, { ...context, cwd: '/nowhere/at/all' });
    expect(result.isError).toBe(true);
    expect(result.content).toContain('does not exist');
  });
});
