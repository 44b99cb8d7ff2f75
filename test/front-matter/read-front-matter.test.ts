import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../src/front-matter/read-front-matter.js';
import { lineOf, namesOf } from '../../src/front-matter/values.js';

const read = async (head: string, body = 'Body.') => {
  const { keys, problem } = await readFrontMatter(`---\n${head}\n---\n${body}`, '/a.md');
  return { ...Object.fromEntries(keys), ...(problem === undefined ? {} : { problem }) };
};
const describe_ = async (head: string) =>
  lineOf(((await read(head)) as Record<string, unknown>).description, 500);

/** As other programs take it, and people write it. */
const example =
  'Use this agent when: the user asks. Examples:\\n<example>Context: "a". user: "Do it" assistant: "I\'ll" <commentary>x: y</commentary></example>';

describe('front matter', () => {
  it.each([
    ['a colon', 'description: Use it when: x', 'Use it when: x'],
    ['an example in the line', `description: ${example}`, example],
    ['many colons', `description: ${'a: b '.repeat(40)}`, 'a: b '.repeat(40).trim()],
    ['quotes inside', 'description: "quick" or "slow": x', '"quick" or "slow": x'],
    ['broken quotes around', 'description: "He said "hi" twice"', 'He said "hi" twice'],
    ['a quote that is not closed', "description: 'tis so", "'tis so"],
    ['a star at its beginning', 'description: *Important* work', '*Important* work'],
    ['a mark that YAML keeps', 'description: @you `x` %y', '@you `x` %y'],
    ['a bracket', 'description: [WIP] reviews', '[WIP] reviews'],
    ['a bracket that is not closed', 'description: [ reviews', '[ reviews'],
    ['a tag', 'description: !important do', '!important do'],
    ['a tab behind the colon', 'description:\tx: y', 'x: y'],
    ['text below with a colon', 'description:\n  Use when: x', 'Use when: x'],
    ['text below and around', 'description: Use\n  when: x\n  and y', 'Use when: x and y'],
    ['a block', 'description: |\n  Use when: x\n  - and y', 'Use when: x - and y'],
    ['a block in what is no YAML', 'other: a: b\ndescription: >-\n  Use\n\n  it', 'Use it'],
    [
      'lines that begin no key',
      `description: Use it.\n\n<example>\n"a"\n</example>`,
      'Use it. <example> "a" </example>',
    ],
    ['what looks like another beginning', 'description: one: x\n<e>\ndescription: two', 'one: x <e>'],
    ['a number', 'description: 12', '12'],
    ['plain YAML with a comment', 'description: x # y', 'x'],
  ])('with %s in its description is read', async (_what, head, expected) => {
    expect(await describe_(`name: n\n${head}`)).toBe(expected);
    // The keys around it stay.
    expect(await read(`name: n\n${head}\ntools: A, B`)).toMatchObject({ name: 'n', tools: 'A, B' });
  });

  it.each([
    [undefined, []],
    [null, []],
    ['A, B C,,A', ['A', 'B', 'C']],
    [
      ['A', 'B, C', 1],
      ['A', 'B', 'C', '1'],
    ],
    [{ A: true }, undefined],
    [[['A']], undefined],
  ])('names %j are %j', (value, names) => {
    expect(namesOf(value)).toEqual(names);
  });

  it.each([
    ['empty', '---\n---\nBody.'],
    ['blank', '---\n\n# nothing\n---\nBody.'],
    ['absent', 'Body.'],
    ['absent, with a line in the text', 'Body.\n---\nname: x\n---'],
  ])('that is %s has no keys and no problem', async (what, text) => {
    const { keys, problem, body, present } = await readFrontMatter(text, '/a.md');
    expect([keys.size, problem, present]).toEqual([0, undefined, !what.startsWith('absent')]);
    expect(body).toMatch(/^Body\./);
  });

  it.each([
    ['has no end', '---\nname: x\nBody.', /does not end\. Put --- on a line/],
    ['is a list', '---\n- a\n---\n', /no list of keys\. Write each/],
    ['is indented', '---\n  a: b: c\n---\n', /no list of keys/],
    ['is a sentence', '---\nhello\n---\n', /no list of keys/],
    ['is too long', `---\nname: x\nlong: ${'a'.repeat(33_000)}\n---\nBody.`, /more than 32000 characters/],
  ])('that %s is told with what to do, and gives no keys', async (_what, text, problem) => {
    const read = await readFrontMatter(text, '/a.md');
    expect(read.problem).toMatch(problem);
    expect(read.problem).toMatch(/^\/a\.md: /);
    expect(read.keys.size).toBe(0);
  });

  it('a bomb of aliases is text, and costs nothing', async () => {
    const row = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`;
    const letters = [...'bcdefghijklmnopq'];
    const rows = letters.map((name, index) => row(name, index === 0 ? 'a' : letters[index - 1]!));
    const keys = await read(['a: &a ["x"]', ...rows, 'description: *q'].join('\n'));
    expect(JSON.stringify(keys).length).toBeLessThan(3_000);
    expect(keys).toMatchObject({ description: '*q' });
  });

  it('nests no deeper, and holds no more, than text does', async () => {
    const deep = await read(`name: n\ndeep: ${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(deep).toMatchObject({ name: 'n' });
    expect(typeof (deep as Record<string, unknown>).deep).toBe('string');
    const many = await read(`name: n\n${'a: b\n'.repeat(6_000)}`);
    expect(many).toEqual({ name: 'n', a: 'b' });
  });

  it.each(['__proto__:\n  description: evil', '__proto__: {description: evil}', 'a: b: c\n__proto__: evil'])(
    'keys of prototypes are keys: %j',
    async (head) => {
      const { keys } = await readFrontMatter(`---\n${head}\nconstructor: x\n---\n`, '/a.md');
      expect(keys.get('description')).toBeUndefined();
      expect(({} as Record<string, unknown>).description).toBeUndefined();
      expect(keys.get('constructor')).toBe('x');
    },
  );

  it.each(['name: n', 'name: n\nother: a: b'])(
    'Windows and old line ends, a mark at the beginning, and bytes that are no text do not matter: %j',
    async (head) => {
      const plain = `---\n${head}\n--- \t\nBody.\nMore.`;
      const found = await readFrontMatter(plain, '/a.md');
      expect(found).toMatchObject({ body: 'Body.\nMore.', present: true });
      for (const [from, to] of [
        ['\n', '\r\n'],
        ['\n', '\r'],
        ['n', '\0n\u200b'],
        ['---\nname', '\ufeff---\nname'],
      ] as const)
        expect(await readFrontMatter(plain.replaceAll(from, to), '/a.md')).toEqual(found);
    },
  );
});
