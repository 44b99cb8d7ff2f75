import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../src/front-matter/read-front-matter.js';
import { findAgentTypes } from '../../src/subagents/find-agent-types.js';
import { readAgentType } from '../../src/subagents/read-agent-type.js';
import { makeWorkspace } from '../helpers/workspace.js';

const read = async (content: string, anyModel = true) =>
  readAgentType(await readFrontMatter(content, '/a/b.md'), '/a/b.md', 'b', { anyModel });
const agent = (name: string, more = '') =>
  `---\nname: ${name}\ndescription: does ${name}\n${more}---\nYou do ${name}.\n`;

describe('a file that defines an agent', () => {
  it.each([
    ['tools: Read, Grep', ['Read', 'Grep']],
    ['tools: [Read, Grep]', ['Read', 'Grep']],
    ['tools:\n  - Read\n  - "Grep"', ['Read', 'Grep']],
    ['tools:\n- Read', ['Read']],
    ['tools: Read Grep # and no more', ['Read', 'Grep']],
    ['tools:', []],
    ['tools: []', []],
    ['tools: "*"', undefined],
    ['tools: *', undefined],
    // No YAML any more, because of this key: a list has to stay one all the same.
    ['note: a: b\ntools: Read, Grep', ['Read', 'Grep']],
    ['note: a: b\ntools: [Read, "Grep"]', ['Read', 'Grep']],
    ['note: a: b\ntools:\n  - Read\n  - "Grep"', ['Read', 'Grep']],
    ["note: a: b\n'tools': Read", ['Read']],
    ['color: red', undefined],
  ])('%j gives the tools %j', async (line, tools) => {
    const { type } = (await read(agent('x', `${line}\n`))) as { type: { tools?: readonly string[] } };
    expect(type.tools).toEqual(tools);
  });

  it.each([
    ['disallowedTools: Bash, Write', ['Bash', 'Write']],
    ['disallowedTools: [Bash, Write]', ['Bash', 'Write']],
    // Of another program: some of its calls. There is no such thing here, and none is the safe reading.
    ['disallowedTools: Bash(rm *), Write', ['Bash', '*)', 'Write']],
    ['color: red', undefined],
  ])('%j takes the tools %j away', async (line, withoutTools) => {
    const { type } = (await read(agent('x', `${line}\n`))) as { type: { withoutTools?: readonly string[] } };
    expect(type.withoutTools).toEqual(withoutTools);
  });

  it('is read with Windows line ends, a mark at its beginning, quotes, colons in the text, and lines that go on', async () => {
    const text =
      '\ufeff---\nname: "x-1"\ndescription: >\n  Use it when: the user\n  says so\nmodel: gpt-5\n---\n\nBe good.\n';
    expect(await read(text.replaceAll('\n', '\r\n'))).toEqual({
      ...{ mistakes: [], remarks: [] },
      type: {
        name: 'x-1',
        description: 'Use it when: the user says so',
        prompt: 'Be good.',
        model: 'gpt-5',
        file: '/a/b.md',
      },
    });
  });

  it('loses characters that nobody sees, and what is too long', async () => {
    const hidden = '\u200b\u{e0041}\u202e';
    const long = await read(
      agent(`x`).replace('does x', `d${hidden}${'o'.repeat(500)}`) + '😀'.repeat(20_000),
    );
    const { type } = long as { type: { description: string; prompt: string } };
    expect(type.description).toBe(`d${'o'.repeat(199)}…`);
    expect(type.prompt.length).toBeLessThan(20_010);
    expect(type.prompt.isWellFormed()).toBe(true);
    expect(long).toMatchObject({
      remarks: ['/a/b.md: only the first 20000 characters of its text are used. Make it shorter.'],
    });
  });

  it.each([
    ['no block', 'You are a reviewer.', /two lines of ---/],
    ['a name with a path', agent('../../etc'), /its name.* Give it one by name: …\.$/],
    ['no description', '---\nname: x\n---\nhi', /no description.* Write description: …\.$/],
    [
      'a mistyped description',
      '---\nname: x\ndescripton: y\n---\nhi',
      /descripton does not count\. Did you mean description\?$/,
    ],
    [
      'tools by true and false',
      agent('x', 'tools:\n  read: true\n'),
      /its tools are no list.* Write tools: /,
    ],
  ])('with %s is none', async (_what, content, problem) => {
    expect(await read(content)).toEqual({ problem: expect.stringMatching(problem) });
    expect(await read(content)).toEqual({
      problem: expect.stringMatching(/^\/a\/b\.md: the agent is left out/),
    });
  });

  it.each([
    ['tool: Read', ['/a/b.md: tool does not count. Did you mean tools?']],
    ['Tools: Read', ['/a/b.md: Tools does not count. Did you mean tools?']],
    ['tools: Read\ntool: x', []],
    ['mode: subagent\ncolor: red\npermissionMode: plan\nskills: [a]\nhooks:\n  Stop: []', []],
  ])('with %j has the mistakes %j', async (lines, mistakes) => {
    expect(await read(agent('x', `${lines}\n`))).toMatchObject({ mistakes });
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
  ])('model %s, of the user: %s, is %s', async (model, own, expected) => {
    const found = await read(agent('x', `model: ${model}\n`), own);
    const { type, remarks } = found as { type: { model?: string }; remarks: readonly string[] };
    expect(type.model).toBe(expected);
    const told = expected === undefined && !own;
    expect(remarks.map((one) => one.includes(`its model ${model} does not count`))).toEqual(
      told ? [true] : [],
    );
  });
});

describe('the kinds of subagents that there are', () => {
  const names = (found: Awaited<ReturnType<typeof findAgentTypes>>) =>
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
    const found = await findAgentTypes({ own: [own, join(own, 'none')], workspace });
    expect(names(found)).toEqual(['explore', 'mine', '(general)', 'theirs']);
    expect(found.types.find(({ name }) => name === 'mine')?.file).toBe(join(own, 'mine.md'));
    const claude = join(workspace, '.claude/agents');
    expect(found.problems).toEqual([
      `${workspace}/.agents/agents/mine.md: not used, because ${join(own, 'mine.md')} has the name mine. Rename one of them.`,
      `${claude}/general.md: not used, because an agent of Victor's own has the name general. Rename yours.`,
      `${claude}/theirs.md: not used, because ${workspace}/.victor/agents/theirs.md has the name theirs. Rename one of them.`,
    ]);
    expect(names(await findAgentTypes({ own: [], workspace: undefined }))).toEqual([
      '(general)',
      '(explore)',
    ]);
  });

  it('a folder that is a link out of the workspace brings none', async () => {
    const outside = await makeWorkspace({ 'secret.md': agent('secret') });
    const workspace = await makeWorkspace({ '.claude/x': '' });
    await symlink(outside, join(workspace, '.claude/agents'));
    const { types, problems } = await findAgentTypes({ own: [], workspace });
    expect(types).toHaveLength(2);
    expect(problems).toEqual([
      expect.stringMatching(/agents: not read, because it leads out .* Put the folder/),
    ]);
  });

  it('one file by two ways, as where a folder is a link to that of another program, is one agent and no mistake', async () => {
    const workspace = await makeWorkspace({ '.agents/agents/one.md': agent('one'), '.claude/x': '' });
    await symlink('../.agents/agents', join(workspace, '.claude/agents'));
    const found = await findAgentTypes({ own: [], workspace });
    expect([names(found), found.problems]).toEqual([['(general)', '(explore)', 'one'], []]);
  });

  it('files that are none, too large, links that lead out and too many are left out, and said', async () => {
    const outside = await makeWorkspace({ 'secret.md': agent('secret') });
    const workspace = await makeWorkspace({
      '.victor/agents/broken.md': 'hi',
      '.victor/agents/large.md': agent('large') + 'x'.repeat(300_000),
    });
    const folder = join(workspace, '.victor/agents');
    await symlink(join(outside, 'secret.md'), join(folder, 'link.md'));
    await mkdir(join(folder, 'folder.md'));
    const { types, problems } = await findAgentTypes({ own: [], workspace });
    expect(types).toHaveLength(2);
    expect(problems.join('\n')).toMatch(
      /broken\.md: the agent is left out[\s\S]*large\.md: not read, because it is larger[\s\S]*link\.md: not read, because it leads out/,
    );
    const many = Array.from({ length: 200 }, (_, index) =>
      writeFile(join(folder, `m${index}.md`), agent(`m${index}`)),
    );
    await Promise.all(many);
    const crowded = await findAgentTypes({ own: [], workspace });
    expect(crowded.types.length).toBe(30);
    expect(crowded.problems.join('\n')).toMatch(
      /only the first 50 of 204 agents[\s\S]*there are 30 agents before it/,
    );
  });
});
