import {
  chmodSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEditTool } from '../../src/tools/edit.js';
import { createReadTool } from '../../src/tools/read.js';
import { contentHash } from '../../src/tools/text-file.js';
import { workspace } from './workspace.js';

const edit = createEditTool();
const read = createReadTool();

describe('Edit', () => {
  it('replaces one exact piece, remembers the new content and reports the change', async () => {
    const { write, run, context } = workspace();
    const file = write('a.txt', 'one\ntwo\nthree\n');
    const result = await run(edit, { path: 'a.txt', oldText: 'two', newText: '2' });
    expect(result).toEqual({
      content: 'Edited a.txt: 1 replacement, the first on line 2.',
      summary: '1 replacement',
      change: { path: 'a.txt', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\n' },
      written: [
        {
          path: file,
          before: contentHash(Buffer.from('one\ntwo\nthree\n')),
          after: contentHash(Buffer.from('one\n2\nthree\n')),
        },
      ],
    });
    expect(readFileSync(file, 'utf8')).toBe('one\n2\nthree\n');
    expect(context.files.get(file)).toBe(contentHash(readFileSync(file)));
    expect((await run(edit, { path: 'a.txt', oldText: '2', newText: 'two' })).isError).toBeUndefined();
  });

  it.each([
    ['$& $1 $` $$', 'dollar patterns'],
    ['\\n \\1 \\\\', 'backslashes'],
    ['', 'nothing'],
  ])('T08: writes %j as it is (%s)', async (newText) => {
    const { write, run } = workspace();
    const file = write('a.txt', 'x [a-z]+(.*)? y\n');
    await run(edit, { path: 'a.txt', oldText: '[a-z]+(.*)?', newText });
    expect(readFileSync(file, 'utf8')).toBe(`x ${newText} y\n`);
  });

  it('T08: no match changes nothing and shows the nearest lines with their numbers', async () => {
    const { write, run } = workspace();
    const file = write('a.ts', `${'// filler\n'.repeat(50)}function add(a: number) {\n  return a + 1;\n}\n`);
    const result = await run(edit, {
      path: 'a.ts',
      oldText: 'function add(b: number) {\n  return a + 1;\n}',
      newText: 'x',
    });
    expect(result.isError).toBe(true);
    expect(result.content).toBe(
      'oldText was not found in a.ts. Nothing was changed.\nThe nearest lines are:\n' +
        '51\tfunction add(a: number) {\n52\t  return a + 1;\n53\t}\nCopy the text exactly and try again.',
    );
    expect(readFileSync(file, 'utf8')).toContain('function add(a: number)');
  });

  it('T08: no match because of white space is said to be that', async () => {
    const { write, run } = workspace();
    write('a.ts', 'if (x) {\n\treturn  y;\n}\n');
    const result = await run(edit, { path: 'a.ts', oldText: 'if (x) {\n  return y;\n}', newText: 'z' });
    expect(result.content).toContain('differs from these lines in white space only');
  });

  it('T08: no match because of line numbers is said to be that', async () => {
    const { write, run } = workspace();
    write('a.ts', 'one\ntwo\n');
    const result = await run(edit, { path: 'a.ts', oldText: '1\tone\n2\ttwo', newText: 'z' });
    expect(result.content).toContain('line numbers, which are not part of the file');
  });

  it('T08: no match and nothing like it says so', async () => {
    const { write, run } = workspace();
    write('a.ts', 'alpha\nbeta\n');
    const result = await run(edit, { path: 'a.ts', oldText: 'wholly unrelated words 12345', newText: 'z' });
    expect(result.content).toContain('Nothing in the file is like it');
  });

  it('T08: the nearest lines of a file with 50,000 lines are found in its middle', async () => {
    const { write, run } = workspace();
    const lines = Array.from(
      { length: 50_000 },
      (_, index) => `const value${index} = compute(${index * 7});`,
    );
    write('big.ts', lines.join('\n'));
    const oldText = `const value31234 = computed(${31_234 * 7});\nconst value31235 = compute(0);`;
    const result = await run(edit, { path: 'big.ts', oldText, newText: 'x' });
    expect(result.content).toContain('31235\tconst value31234 = compute(218638);');
    const repeated = 'const same = 1;\n'.repeat(3_000);
    write('same.ts', 'const same = 1;\n'.repeat(40_000));
    expect((await run(edit, { path: 'same.ts', oldText: `${repeated}other`, newText: 'x' })).isError).toBe(
      true,
    );
  });

  it('T08: many matches change nothing and name the lines', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', 'x\ny x\n\nx\n');
    const result = await run(edit, { path: 'a.txt', oldText: 'x', newText: 'z' });
    expect(result.content).toBe(
      'oldText occurs 3 times in a.txt, on lines 1, 2, 4. Nothing was changed.\n' +
        'Include more of the text around the one you mean, or set replaceAll.',
    );
    expect(readFileSync(file, 'utf8')).toBe('x\ny x\n\nx\n');
  });

  it('T08: replaceAll replaces every match, without looking at what it wrote', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', 'aa aaa\n');
    const result = await run(edit, { path: 'a.txt', oldText: 'aa', newText: 'aab', replaceAll: true });
    expect(result.summary).toBe('2 replacements');
    expect(readFileSync(file, 'utf8')).toBe('aab aaba\n');
  });

  it('refuses an edit that changes nothing and a missing file, with advice', async () => {
    const { write, run } = workspace();
    write('name.txt', 'a\n');
    expect((await run(edit, { path: 'name.txt', oldText: 'a', newText: 'a' })).content).toContain('the same');
    expect((await run(edit, { path: 'nam.txt', oldText: 'a', newText: 'b' })).content).toContain('name.txt');
  });

  it.each([
    ['CRLF with LF sent', 'a\r\nb\r\nc\r\n', 'a\nb', 'x\ny', 'x\r\ny\r\nc\r\n'],
    ['CRLF with CRLF sent', 'a\r\nb\r\nc', 'a\r\nb', 'x\r\ny', 'x\r\ny\r\nc'],
    ['one line of CRLF becoming two', 'a\r\nb\r\n', 'b', 'b\nc', 'a\r\nb\r\nc\r\n'],
    ['the last line of CRLF without an end', 'a\r\nb', 'b', 'b\nc', 'a\r\nb\r\nc'],
    ['mixed endings, the LF part', 'a\r\nb\nc\nd\r\n', 'b\nc', 'x\ny', 'a\r\nx\ny\nd\r\n'],
    ['mixed endings, the CRLF part', 'a\nb\r\nc\r\nd\n', 'b\nc', 'x\ny', 'a\nx\r\ny\r\nd\n'],
    ['several CRLF before the match', 'a\r\n\r\n\r\nfoo\r\nbar\r\n', 'foo\nbar', 'z', 'a\r\n\r\n\r\nz\r\n'],
    ['LF with CRLF sent in the new text', 'a\nb\n', 'b', 'x\r\ny', 'a\nx\r\ny\n'],
    ['no final newline', 'a\nb', 'a', 'x', 'x\nb'],
    ['a byte order mark', '\ufeffa\nb\n', 'a', 'x', '\ufeffx\nb\n'],
    ['a lone carriage return', 'a\rb\nc\n', 'c', 'x', 'a\rb\nx\n'],
    [
      'NUL and other controls elsewhere',
      `${'a'.repeat(9_000)}\n\0\x1b\nc\n`,
      'c',
      'x',
      `${'a'.repeat(9_000)}\n\0\x1b\nx\n`,
    ],
    ['a text that starts with a second mark', '\ufeff\ufeffa\n', 'a', 'b', '\ufeff\ufeffb\n'],
  ])('T02: keeps every untouched byte of a file with %s', async (_, before, oldText, newText, after) => {
    const { write, run } = workspace();
    const file = write('a.txt', before);
    const result = await run(edit, { path: 'a.txt', oldText, newText });
    expect(result.content).toMatch(/^Edited/);
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  it.each([
    ['UTF-16LE', Buffer.from('\ufeffabc', 'utf16le')],
    ['UTF-16BE', Buffer.from('\ufeffabc', 'utf16le').swap16()],
    ['not valid UTF-8', Buffer.from('abc \xe9\n', 'latin1')],
    ['binary', Buffer.from('abc\0')],
  ])('T02: refuses a file that is %s instead of converting it', async (name, bytes) => {
    const { write, run } = workspace();
    const file = write('a.txt', bytes);
    const result = await run(edit, { path: 'a.txt', oldText: 'abc', newText: 'x' });
    expect(result.content).toContain(`a.txt is ${name}; only UTF-8 text can be changed`);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('T02: refuses half a character in the new text', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', 'a\n');
    expect((await run(edit, { path: 'a.txt', oldText: 'a', newText: '\ud83d' })).content).toContain(
      'lone surrogate',
    );
    expect(readFileSync(file, 'utf8')).toBe('a\n');
  });

  it('T03: keeps the mode bits, setuid too', async () => {
    const { write, run } = workspace();
    const file = write('a.sh', 'a\n');
    chmodSync(file, 0o4755);
    await run(edit, { path: 'a.sh', oldText: 'a', newText: 'b' });
    expect((statSync(file).mode & 0o7777).toString(8)).toBe('4755');
    expect(readFileSync(file, 'utf8')).toBe('b\n');
  });

  it('T03: a read-only file stays as it is, and its mode too, even for root', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', 'a\n');
    chmodSync(file, 0o444);
    const result = await run(edit, { path: 'a.txt', oldText: 'a', newText: 'b' });
    expect(result.content).toContain('read-only (EACCES)');
    expect(readFileSync(file, 'utf8')).toBe('a\n');
    expect(statSync(file).mode & 0o777).toBe(0o444);
  });

  it('T04: a file that changed since it was read is refused, also with equal size and time', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', 'value = 1\n');
    await run(read, { path: 'a.txt' });
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'value = 2\n');
    utimesSync(file, atime, mtime);
    const result = await run(edit, { path: 'a.txt', oldText: 'value', newText: 'x' });
    expect(result.content).toBe(
      'a.txt changed since it was read. Nothing was written.\nRead it again, then decide.',
    );
    expect(readFileSync(file, 'utf8')).toBe('value = 2\n');
    await run(read, { path: 'a.txt' });
    expect((await run(edit, { path: 'a.txt', oldText: 'value', newText: 'x' })).isError).toBeUndefined();
  });

  it('writes through a link to the real file and leaves the link a link', async () => {
    const { write, run, path } = workspace();
    const file = write('real.txt', 'a\n');
    symlinkSync('real.txt', path('link'));
    await run(edit, { path: 'link', oldText: 'a', newText: 'b' });
    expect(readFileSync(file, 'utf8')).toBe('b\n');
    expect(lstatSync(path('link')).isSymbolicLink()).toBe(true);
  });
});
