import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/parse.js';

const value = async (text: string) => (await parseSettings(text, 'f')).value;

describe('parseSettings', () => {
  it('reads JSON, with tabs, escapes and all, as JSON.parse does', async () => {
    const content = { a: [1, -2.5e3, true, null, 'x\n"ü😀/'], b: { c: {} } };
    for (const indent of [undefined, 2, '\t']) {
      expect(await value(JSON.stringify(content, undefined, indent))).toEqual(content);
    }
    expect(await value('{"a": "\\ud83d\\ude00\\u0041\\/"}')).toEqual({ a: '😀A/' });
  });

  it('reads YAML 1.2: yes and no are words, octal looks are numbers, << is a key', async () => {
    expect(await value('a: yes\nb: 0777\nc: true\nd: |\n  x\n  y\n')).toEqual({
      a: 'yes',
      b: 777,
      c: true,
      d: 'x\ny\n',
    });
    expect(await value('%YAML 1.1\n---\na: yes\n<<: { b: 1 }\n')).toEqual({ a: 'yes', '<<': { b: 1 } });
  });

  it('C12: tolerates a byte order mark', async () => {
    expect(await value('\ufeffmodel: x\n')).toEqual({ model: 'x' });
  });

  it('answers null for a file of comments', async () => {
    expect(await value('# nothing\n')).toBeNull();
  });

  it.each([
    ['C12: a key twice', 'a: 1\nb: 2\na: 3\n', 3],
    ['C12: a key twice in JSON', '{\n"a": 1,\n"a": 2 }', 3],
    ['C12: a tab as indentation', 'a:\n\tb: 1\n', 2],
    ['two documents', 'a: 1\n---\nb: 2\n', 2],
    ['a key that is a list', '? [a]\n: b\n', 1],
    ['a bracket that is not closed', 'a: 1\nb: [1,\nc: 2\n', 3],
    ['C14: !!js/function', "a: 1\nb: !!js/function 'function () {}'\n", 2],
    ['C14: !!js/regexp', 'a: !!js/regexp /x/\n', 1],
    ['C14: !!binary', 'a: !!binary aGk=\n', 1],
    ['C14: !!set', 'a: !!set { x, y }\n', 1],
    ['C14: a tag of its own', 'a: !python/object/apply:os.system [id]\n', 1],
  ])('refuses %s and names file and line', async (_, text, line) => {
    await expect(parseSettings(text, '/w/.victorrc')).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(new RegExp(`^/w/.victorrc:${line}: `)) as string,
      file: '/w/.victorrc',
      line,
    });
  });

  it('C12: refuses an alias of itself and aliases that multiply, and reads honest ones', async () => {
    expect(await value('a: &x { b: 1 }\nc: *x\n')).toEqual({ a: { b: 1 }, c: { b: 1 } });
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 8; n++)
      lines.push(
        `a${n}: &a${n} [${Array(8)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    await expect(value(lines.join('\n'))).rejects.toThrow(/repeats its aliases too often/);
  });

  it('shows no control characters of the file in its message', async () => {
    await expect(value('a: "\u001b[2J\u202e\nb: }')).rejects.toThrow(/^[\x20-\x7e]*$/);
  });

  it('does not confuse text with structure: deep brackets and dashes in strings are fine', async () => {
    const text = `${'['.repeat(500)}${'- '.repeat(500)}`;
    const words = Array.from({ length: 1_000 }, (_, n) => `  ${' '.repeat(n % 90)}- [{`).join('\n');
    expect(await value(JSON.stringify({ a: text }))).toEqual({ a: text });
    expect(await value(`a: x${text}\n`)).toEqual({ a: `x${text}`.trim() });
    expect(await value(`a: |2\n${words}\n`)).toMatchObject({ a: expect.stringContaining('- [{') as string });
  });

  it('tells the line of each key', async () => {
    const { lineOf } = await parseSettings('# c\na: 1\nb:\n  - x\n  - c: 2\n"d": { e: 3 }\n', 'f');
    expect(lineOf(['a'])).toBe(2);
    expect(lineOf(['b'])).toBe(3);
    expect(lineOf(['b', 1])).toBe(5);
    expect(lineOf(['b', 1, 'c'])).toBe(5);
    expect(lineOf(['d', 'e'])).toBe(6);
    expect(lineOf(['d', 'zzz'])).toBeUndefined();
  });

  it('takes one key of a package.json, and leaves mistakes elsewhere to npm', async () => {
    const text = '{\n  "name": "x", "name": "y",\n  "victor": {\n    "model": "m"\n  }\n}';
    const { value: settings, lineOf } = await parseSettings(text, 'package.json', 'victor');
    expect(settings).toEqual({ model: 'm' });
    expect(lineOf(['model'])).toBe(4);
    const twice = '{ "victor": { "model": "a",\n "model": "b" } }';
    await expect(parseSettings(twice, 'package.json', 'victor')).rejects.toMatchObject({ line: 2 });
  });
});
