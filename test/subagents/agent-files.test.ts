import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAgentTypes } from '../../src/subagents/find-agent-types.js';
import { readAgentType } from '../../src/subagents/read-agent-type.js';
import { makeWorkspace } from '../helpers/workspace.js';

const read = (content: string, anyModel = true) => readAgentType(content, '/a/b.md', 'b', { anyModel });
const agent = (name: string, more = '') =>
  `---\nname: ${name}\ndescription: does ${name}\n${more}---\nYou do ${name}.\n`;

describe('a file that defines an agent', () => {
  it.each([
    ['tools: Read, Grep', ['Read', 'Grep']],
    ['tools: [Read, Grep]', ['Read', 'Grep']],
    ['tools:\n  - Read\n  - "Grep"', ['Read', 'Grep']],
    ['tools:\n- Read', ['Read']],
    ['color: red', undefined],
  ])('%j gives the tools %j', (line, tools) => {
    const { type } = read(agent('x', `${line}\n`)) as { type: { tools?: readonly string[] } };
    expect(type.tools).toEqual(tools);
  });

  it('is read with Windows line ends, a mark at its beginning, quotes, colons in the text, and lines that go on', () => {
    const text =
      '\ufeff---\nname: "x-1"\ndescription: >\n  Use it when: the user\n  says so\nmodel: gpt-5\n---\n\nBe good.\n';
    expect(read(text.replaceAll('\n', '\r\n'))).toEqual({
      type: {
        name: 'x-1',
        description: 'Use it when: the user says so',
        prompt: 'Be good.',
        model: 'gpt-5',
        file: '/a/b.md',
      },
    });
  });

  it('loses characters that nobody sees, and what is too long', () => {
    const hidden = '\u200b\u{e0041}\u202e';
    const long = read(agent(`x`).replace('does x', `d${hidden}${'o'.repeat(500)}`) + '😀'.repeat(20_000));
    const { type } = long as { type: { description: string; prompt: string } };
    expect(type.description).toBe(`d${'o'.repeat(199)}…`);
    expect(type.prompt.length).toBeLessThan(20_010);
    expect(type.prompt.isWellFormed()).toBe(true);
  });

  it.each([
    ['no block', 'You are a reviewer.', /two lines of ---/],
    ['a name with a path', agent('../../etc'), /its name/],
    ['no description', '---\nname: x\n---\nhi', /no description/],
  ])('with %s is none', (_what, content, problem) => {
    expect(read(content)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it.each([
    ['openai/gpt-5', true, 'openai/gpt-5'],
    ['openai/gpt-5', false, undefined],
    ['openai', false, undefined],
    ['offline', false, undefined],
    ['openai', true, 'openai'],
    ['gpt-5', false, 'gpt-5'],
    ['sonnet', true, undefined],
    ['inherit', true, undefined],
  ])('model %s, of the user: %s, is %s', (model, own, expected) => {
    const { type } = read(agent('x', `model: ${model}\n`), own) as { type: { model?: string } };
    expect(type.model).toBe(expected);
  });
});

describe('the kinds of subagents that there are', () => {
  const names = (found: ReturnType<typeof findAgentTypes>) =>
    found.types.map(({ name, file }) => (file ? name : `(${name})`));

  it("are the user's own, the built-in ones, then the workspace's; nobody of the workspace stands in for those before", async () => {
    const own = await makeWorkspace({ 'mine.md': agent('mine'), 'explore.md': agent('explore') });
    const workspace = await makeWorkspace({
      '.victor/agents/theirs.md': agent('theirs'),
      '.agents/agents/mine.md': agent('mine'),
      '.claude/agents/general.md': agent('general'),
      '.claude/agents/theirs.md': agent('theirs'),
      '.claude/agents/notes.txt': 'nothing',
    });
    const found = findAgentTypes({ own: [own, join(own, 'none')], workspace });
    expect(names(found)).toEqual(['explore', 'mine', '(general)', 'theirs']);
    expect(found.types.find(({ name }) => name === 'mine')?.file).toBe(join(own, 'mine.md'));
    expect(found.notices).toEqual([]);
    expect(names(findAgentTypes({ own: [], workspace: undefined }))).toEqual(['(general)', '(explore)']);
  });

  it('a folder that is a link out of the workspace brings none', async () => {
    const outside = await makeWorkspace({ 'secret.md': agent('secret') });
    const workspace = await makeWorkspace({ '.claude/x': '' });
    await symlink(outside, join(workspace, '.claude/agents'));
    const { types, notices } = findAgentTypes({ own: [], workspace });
    expect(types).toHaveLength(2);
    expect(notices).toEqual([expect.stringContaining('leaves the workspace')]);
  });

  it('files that are none, too large, links that lead out and too many are left out, and said', async () => {
    const outside = await makeWorkspace({ 'secret.md': agent('secret') });
    const workspace = await makeWorkspace({
      '.victor/agents/broken.md': 'hi',
      '.victor/agents/large.md': agent('large') + 'x'.repeat(100_000),
    });
    const folder = join(workspace, '.victor/agents');
    await symlink(join(outside, 'secret.md'), join(folder, 'link.md'));
    await mkdir(join(folder, 'folder.md'));
    const { types, notices } = findAgentTypes({ own: [], workspace });
    expect(types).toHaveLength(2);
    expect(notices.join('\n')).toMatch(
      /broken\.md is left out[\s\S]*large\.md[\s\S]*link\.md is a symbolic link/,
    );
    const many = Array.from({ length: 200 }, (_, index) =>
      writeFile(join(folder, `m${index}.md`), agent(`m${index}`)),
    );
    await Promise.all(many);
    expect(findAgentTypes({ own: [], workspace }).types.length).toBeLessThanOrEqual(30);
  });
});
