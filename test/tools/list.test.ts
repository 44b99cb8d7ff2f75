import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createListTool } from '../../src/tools/list.js';
import { workspace } from './workspace.js';

const list = createListTool();

describe('List', () => {
  it('lists one level, folders first, with sizes, links and special files marked', async () => {
    const { run, write, path } = workspace();
    write('b.txt', 'x'.repeat(1_234));
    write('a.txt', '');
    write('src/index.ts', '');
    symlinkSync('/etc', path('link'));
    execFileSync('mkfifo', [path('fifo')]);
    const result = await run(list, {});
    expect(result.content).toBe('src/\na.txt  0 B\nb.txt  1.2 kB\nfifo  (special)\nlink  (link)');
    expect(result.summary).toBe('5 entries');
  });

  it('goes deeper when asked, but not into .git, node_modules, ignored folders and links', async () => {
    const { run, write, path } = workspace();
    mkdirSync(path('.git/objects'), { recursive: true });
    write('.gitignore', 'dist\n*.log\n');
    write('dist/x.js', '');
    write('node_modules/y/index.js', '');
    write('src/deep/er/z.ts', '');
    write('src/a.log', '');
    symlinkSync('src', path('again'));
    const result = await run(list, { depth: 3 });
    expect(result.content.split('\n')).toEqual([
      '.git/',
      'dist/  (ignored)',
      'node_modules/',
      'src/',
      '  deep/',
      '    er/',
      '  a.log  0 B  (ignored)',
      '.gitignore  11 B',
      'again  (link)',
    ]);
    expect((await run(list, { path: 'node_modules' })).content).toBe('y/');
  });

  it('T19: a folder with very many entries is cut, and the rest counted', async () => {
    const { run, path } = workspace();
    execFileSync('bash', ['--norc', '-c', 'touch f{0001..2500}'], { cwd: path('.') });
    const lines = (await run(list, {})).content.split('\n');
    expect(lines).toHaveLength(501);
    expect(lines[500]).toBe('[at least 1500 more. Use Glob with a pattern, or List a folder below.]');
  });

  it('T20: writes names without loss', async () => {
    const { run, root } = workspace();
    const name = (...bytes: (string | number)[]) =>
      Buffer.concat([
        Buffer.from(`${root}/`),
        ...bytes.map((one) => Buffer.from(typeof one === 'string' ? one : ([one] as never))),
      ]);
    writeFileSync(name('two\nlines'), '');
    writeFileSync(name('caf', 0xe9), '');
    writeFileSync(name('-n'), '');
    writeFileSync(name('esc\x1b[2J'), '');
    writeFileSync(name('ümläut 日本'), '');
    writeFileSync(name("it's"), '');
    writeFileSync(name('rtl\u202etxt.exe'), '');
    writeFileSync(name('y'.repeat(255)), '');
    const lines = (await run(list, {})).content.split('\n').map((line) => line.replace(/ {2}0 B$/, ''));
    expect(lines.sort()).toEqual(
      [
        "$'two\\nlines'",
        "$'caf\\xe9'",
        '-n',
        "$'esc\\x1b[2J'",
        'ümläut 日本',
        "it's",
        "$'rtl\\xe2\\x80\\xaetxt.exe'",
        'y'.repeat(255),
      ].sort(),
    );
    const quoted = lines.filter((line) => line.startsWith('$')).join(' ');
    const found = execFileSync('bash', ['--norc', '-c', `ls -d -- ${quoted} | wc -l`], { cwd: root });
    expect(Number(found)).toBeGreaterThanOrEqual(4);
  });

  it('says what is empty, missing, a file, or not readable', async () => {
    const { run, write, path } = workspace();
    mkdirSync(path('empty'));
    write('file', '');
    expect((await run(list, { path: 'empty' })).content).toBe('empty is empty.');
    expect((await run(list, { path: 'fil' })).content).toContain('Names like it in .: file');
    expect((await run(list, { path: 'file' })).content).toBe('file is a file.\nUse Read to see it.');
  });
});
