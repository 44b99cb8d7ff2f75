import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApplyPatchTool } from '../../src/tools/apply-patch.js';
import { createReadTool } from '../../src/tools/read.js';
import { contentHash } from '../../src/tools/text-file.js';
import { workspace } from './workspace.js';

const tool = createApplyPatchTool();
const read = createReadTool();
const patch = (...lines: string[]) => ({ input: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n') });
const update = (path: string, ...lines: string[]) => patch(`*** Update File: ${path}`, ...lines);

describe('apply_patch', () => {
  it('adds, updates, moves and deletes files by one patch, and tells what became of each', async () => {
    const { write, run, path } = workspace();
    write('a.txt', 'one\ntwo\nthree\n');
    write('old.txt', 'x\ny\n');
    write('gone.txt', 'bye\n');
    const result = await run(
      tool,
      patch(
        '*** Add File: new/deep.txt',
        '+first',
        '+',
        '*** Update File: a.txt',
        '@@',
        ' one',
        '-two',
        '+2',
        '*** Update File: old.txt',
        '*** Move to: moved/new.txt',
        '-y',
        '+z',
        '*** Delete File: gone.txt',
      ),
    );
    expect(result).toMatchObject({
      content: 'Patched: add new/deep.txt, a.txt, old.txt → moved/new.txt, delete gone.txt.',
      summary: '4 files',
      change: {
        path: 'new/deep.txt',
        before: null,
        after: 'first\n\n',
        also: [
          { path: 'a.txt', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\n' },
          { path: 'old.txt → moved/new.txt', before: 'x\ny\n', after: 'x\nz\n' },
          { path: 'gone.txt', before: 'bye\n', after: '', deleted: true },
        ],
      },
    });
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one\n2\nthree\n');
    expect(readFileSync(path('new/deep.txt'), 'utf8')).toBe('first\n\n');
    expect(readFileSync(path('moved/new.txt'), 'utf8')).toBe('x\nz\n');
    expect([existsSync(path('old.txt')), existsSync(path('gone.txt'))]).toEqual([false, false]);
    expect(result.written).toContainEqual({
      path: path('gone.txt'),
      before: contentHash(Buffer.from('bye\n')),
      after: null,
    });
    expect(result.written).toHaveLength(5);
  });

  it.each([
    ['a first chunk without @@', 'a\nb\nc\n', [' a', '-b', '+B'], 'a\nB\nc\n'],
    [
      'the second of two alike, by the line above it',
      'f\n x\ng\n x\n',
      ['@@ g', '- x', '+ y'],
      'f\n x\ng\n y\n',
    ],
    [
      'a place under two lines above it, one in the other',
      'class A\n def f\n  1\nclass B\n def f\n  1\n',
      ['@@ class B', '@@  def f', '-  1', '+  2'],
      'class A\n def f\n  1\nclass B\n def f\n  2\n',
    ],
    [
      'the last of several, by the mark of the end',
      'x\ny\nx\n',
      ['-x', '+z', '*** End of File'],
      'x\ny\nz\n',
    ],
    ['new lines alone, at the end', 'a\n', ['+b', '+c'], 'a\nb\nc\n'],
    ['new lines alone, below the line that is named', 'a\nb\n', ['@@ a', '+x'], 'a\nx\nb\n'],
    ['lines that are removed only', 'a\nb\nc\n', [' a', '-b', ' c'], 'a\nc\n'],
    ['every line', 'a\nb\n', ['-a', '-b'], ''],
    [
      'several places in one file',
      '1\n2\n3\n4\n5\n',
      ['@@', '-1', '+one', '@@', '-5', '+five'],
      'one\n2\n3\n4\nfive\n',
    ],
    ['an empty line kept without its space', 'a\n\nb\n', [' a', '', '-b', '+c'], 'a\n\nc\n'],
    ['an empty line too much at the end', 'a\nb\n', [' a', '-b', '+c', ' '], 'a\nc\n'],
    ['the numbers of a unified diff', 'a\nb\n', ['@@ -1,2 +1,2 @@', ' a', '-b', '+c'], 'a\nc\n'],
    ['dollar patterns as they are', 'a\n', ['-a', '+$& $1 $$'], '$& $1 $$\n'],
  ])('changes %s', async (_, before, lines, after) => {
    const { write, run } = workspace();
    const file = write('a.txt', before);
    const result = await run(tool, update('a.txt', ...lines));
    expect(result.isError, result.content).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  it.each([
    ['trailing white space', 'keep  \nold\t\nend\n', [' keep', '-old', '+new'], 'keep  \nnew\nend\n'],
    ['indentation', '\tkeep\n\told\n', ['   keep', '-  old', '+\tnew'], '\tkeep\n\tnew\n'],
    [
      'typographic marks',
      '“keep” – it’s\u00a0here\nold\n',
      [' "keep" - it\'s here', '-old', '+new'],
      '“keep” – it’s\u00a0here\nnew\n',
    ],
  ])(
    'finds lines that differ in %s, and leaves those that are kept as the file has them',
    async (_, before, lines, after) => {
      const { write, run } = workspace();
      const file = write('a.txt', before);
      expect((await run(tool, update('a.txt', ...lines))).isError).toBeUndefined();
      expect(readFileSync(file, 'utf8')).toBe(after);
    },
  );

  it('prefers the line that is exactly alike to an earlier one that is nearly', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', ' x\nx\n');
    await run(tool, update('a.txt', '-x', '+y'));
    expect(readFileSync(file, 'utf8')).toBe(' x\ny\n');
  });

  it.each([
    ['Windows line ends', 'a\r\nb\r\nc\r\n', 'a\r\nB\r\nB2\r\nc\r\n'],
    ['mixed line ends, those of the place', 'a\nb\r\nc\n', 'a\nB\r\nB2\r\nc\n'],
    ['no newline at the end', 'x\na\nb', 'x\na\nB\nB2'],
    ['a byte order mark', '\ufeffa\nb\n', '\ufeffa\nB\nB2\n'],
  ])('T02: keeps %s', async (_, before, after) => {
    const { write, run } = workspace();
    const file = write('a.txt', before);
    await run(tool, update('a.txt', ' a', '-b', '+B', '+B2'));
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  it('appended to, a last line without a newline gets one, and the new last line has none', async () => {
    const { write, run } = workspace();
    const file = write('a.txt', 'a\r\nb');
    await run(tool, update('a.txt', '+c'));
    expect(readFileSync(file, 'utf8')).toBe('a\r\nb\r\nc');
  });

  it.each([
    ['a here-document', "<<'EOF'\n*** Begin Patch\n*** Add File: b\n+x\n*** End Patch\nEOF\n"],
    [
      'the command in front of it',
      'apply_patch <<EOF\n*** Begin Patch\n*** Add File: b\n+x\n*** End Patch\nEOF',
    ],
    ['white space around its marks', ' *** Begin Patch \n  *** Add File: b  \n+x\n *** End Patch '],
    ['Windows line ends', '*** Begin Patch\r\n*** Add File: b\r\n+x\r\n*** End Patch\r\n'],
  ])('reads a patch with %s', async (_, input) => {
    const { run, path } = workspace();
    expect((await run(tool, { input })).content).toBe('Patched: add b.');
    expect(readFileSync(path('b'), 'utf8')).toBe('x\n');
  });

  it.each([
    ['no marks', '*** Add File: b\n+x', 'The patch is not whole.'],
    [
      'a command before it',
      'rm -rf x\n*** Begin Patch\n*** Add File: b\n+x\n*** End Patch',
      'The patch is not whole.',
    ],
    ['no file', patch().input, 'The patch names no file.'],
    [
      'an unknown operation',
      patch('*** Rename File: b').input,
      'Line 2 of the patch: expected *** Add File:',
    ],
    ['no path', patch('*** Delete File:  ').input, 'Line 2 of the patch: expected a path'],
    [
      'a line of a new file without +',
      patch('*** Add File: b', '+x', 'y').input,
      'Line 4 of the patch: every line',
    ],
    ['an update without lines', update('a.txt').input, 'Line 2 of the patch: expected the lines to change'],
    ['a line with no sign', update('a.txt', 'one').input, 'Line 3 of the patch: expected a line that begins'],
    [
      'a context without lines',
      update('a.txt', '-one', '@@ two').input,
      'Line 4 of the patch: expected the lines',
    ],
    ['lines below a deletion', patch('*** Delete File: a.txt', '-one').input, 'no lines may follow'],
    ['lines that are not there', update('a.txt', ' one', '-three').input, 'these lines were not found'],
    ['a context that is not there', update('a.txt', '@@ nowhere', '-one').input, 'this line was not found'],
    [
      'lines above those before them',
      update('a.txt', '@@', '-two', '@@', '-one').input,
      'this line was not found',
    ],
    ['a missing file', update('b.txt', '-one').input, 'b.txt does not exist.'],
    [
      'a file that it deletes itself',
      patch('*** Delete File: a.txt', '*** Update File: a.txt', '-one').input,
      'is deleted or moved by the same patch',
    ],
    [
      'one file by two names',
      patch('*** Delete File: a.txt', '*** Add File: link', '+x').input,
      'a.txt and link are the same file',
    ],
    ['a change that is none', update('a.txt', '-one', '+one').input, 'The patch would change nothing'],
    ['a folder', patch('*** Delete File: folder').input, 'folder is a directory'],
    ['a link that it would delete', patch('*** Delete File: link').input, 'link is a symbolic link'],
    ['a lone surrogate', patch('*** Add File: b', '+\ud800').input, 'a lone surrogate'],
  ])('refuses %s, changes nothing, and says why', async (_, input, message) => {
    const { write, run, root, path } = workspace();
    write('a.txt', 'one\ntwo\n');
    mkdirSync(path('folder'));
    symlinkSync('a.txt', path('link'));
    const result = await run(tool, { input });
    expect(result.isError).toBe(true);
    expect(result.content).toContain(message);
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(readdirSync(root).sort()).toEqual(['a.txt', 'folder', 'link']);
  });

  it('shows the nearest lines where those of the patch are not there', async () => {
    const { write, run } = workspace();
    write('a.ts', 'function add(a: number) {\n  return a + 1;\n}\n');
    const { content } = await run(
      tool,
      update('a.ts', ' function add(b: number) {', '-  return a + 1;', '+  return b;'),
    );
    expect(content).toContain('1\tfunction add(a: number) {\n2\t  return a + 1;');
  });

  it('T04: refuses a file that changed since it was read, and writes none of the others', async () => {
    const { write, run, path } = workspace();
    write('a.txt', 'one\n');
    write('b.txt', 'two\n');
    await run(read, { path: 'b.txt' });
    writeFileSync(path('b.txt'), 'TWO\n');
    const result = await run(
      tool,
      patch('*** Update File: a.txt', '-one', '+1', '*** Update File: b.txt', '-TWO', '+2'),
    );
    expect(result.content).toContain('b.txt changed since it was read. Nothing was written.');
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one\n');
  });

  it('writes over a file only when it was read in this session, be it added or moved to', async () => {
    const { write, run, path } = workspace();
    write('a.txt', 'one\n');
    write('b.txt', 'two\n');
    const over = patch('*** Update File: a.txt', '*** Move to: b.txt');
    expect((await run(tool, over)).content).toContain('b.txt exists and was not read in this session.');
    expect((await run(tool, patch('*** Add File: b.txt', '+x'))).content).toContain(
      'b.txt exists and was not read',
    );
    await run(read, { path: 'b.txt' });
    expect((await run(tool, over)).isError).toBeUndefined();
    expect(readFileSync(path('b.txt'), 'utf8')).toBe('one\n');
    expect(existsSync(path('a.txt'))).toBe(false);
  });

  it('keeps the mode of what it updates and of what it moves, be that no text', async () => {
    const { write, run, path } = workspace();
    chmodSync(write('run.sh', 'a\n'), 0o755);
    const bytes = Buffer.from([0, 255, 1, 13, 10]);
    chmodSync(write('tool.bin', bytes), 0o750);
    const result = await run(
      tool,
      patch('*** Update File: run.sh', '-a', '+b', '*** Update File: tool.bin', '*** Move to: bin/tool.bin'),
    );
    expect(result.isError, result.content).toBeUndefined();
    expect(statSync(path('run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(path('bin/tool.bin')).mode & 0o777).toBe(0o750);
    expect(readFileSync(path('bin/tool.bin'))).toEqual(bytes);
  });

  it('puts every file back when one cannot be written', async () => {
    const { write, run, path } = workspace();
    write('a.txt', 'one\n');
    write('gone.txt', 'bye\n');
    chmodSync(write('locked.txt', 'two\n'), 0o444);
    const result = await run(
      tool,
      patch(
        '*** Update File: a.txt',
        '-one',
        '+1',
        '*** Add File: new.txt',
        '+x',
        '*** Update File: locked.txt',
        '-two',
        '+2',
        '*** Delete File: gone.txt',
      ),
    );
    expect(result.isError).toBe(true);
    expect(result.content).toContain('Cannot write locked.txt: the file is read-only (EACCES).');
    expect(result.content).toContain('The files before it were put back: nothing is changed.');
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one\n');
    expect(existsSync(path('new.txt'))).toBe(false);
    expect(readFileSync(path('gone.txt'), 'utf8')).toBe('bye\n');
  });

  it('shows with its preview what it would change, and changes nothing', async () => {
    const { write, path, context } = workspace();
    write('a.txt', 'one\n');
    const { change } = (await tool.preview?.(update('a.txt', '-one', '+1'), context)) ?? {};
    expect(change).toEqual({ path: 'a.txt', before: 'one\n', after: '1\n' });
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one\n');
  });

  it('writes nothing once the turn was stopped', async () => {
    const { write, run, path } = workspace();
    write('a.txt', 'one\n');
    await expect(run(tool, update('a.txt', '-one', '+1'), AbortSignal.abort())).rejects.toThrow();
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one\n');
  });

  it('names every path that it touches once, targets of moves included, and none where it cannot be read', () => {
    const both = patch(
      '*** Update File: ./a',
      '*** Move to: b',
      '*** Delete File: a',
      '*** Add File: ../c',
      '+x',
    );
    expect(tool.paths?.(both)).toEqual(['a', 'b', '../c']);
    expect(tool.paths?.({ input: 'nonsense' })).toEqual([]);
    expect(tool.describe(both)).toBe('./a → b, delete a, add ../c');
    expect(tool.describe({ input: 'nonsense' })).toBe('a patch that cannot be read');
  });

  it('opens nothing but what was decided about', async () => {
    const { write, path, context, root } = workspace();
    write('a.txt', 'one\n');
    const outside = join(dirname(root), 'outside.txt');
    writeFileSync(outside, 'one\n');
    symlinkSync(outside, path('b.txt'));
    const result = await tool.execute(update('b.txt', '-one', '+1'), {
      ...context,
      leadsTo: [path('b.txt')],
    });
    expect(result.content).toContain('b.txt leads to another place than when it was decided.');
    expect(readFileSync(outside, 'utf8')).toBe('one\n');
  });

  it.each([
    ['gpt-4.1', true],
    ['gpt-5-codex', true],
    ['openai/gpt-5.1', true],
    ['openai/gpt-oss-120b', true],
    ['o4-mini', true],
    ['codex-mini-latest', true],
    ['gpt-4o', false],
    ['claude-sonnet-4-5', false],
    ['qwen/foo3-o4x', false],
  ])('is for the models that were trained on it: %s %s', (model, expected) => {
    expect(tool.offeredTo?.({ provider: 'any', model })).toBe(expected);
  });
});
