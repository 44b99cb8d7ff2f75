import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { writeFiles } from '../helpers/workspace.js';

type Files = Readonly<Record<string, string>>;

/** A home with these files, one turn in it, and what the model was told there is. */
async function home(files: Files) {
  const [cwd, directory] = [temporaryDirectory(), temporaryDirectory()];
  await writeFiles(directory, files);
  const env = { HOME: directory, VICTOR_HOME: '', XDG_CONFIG_HOME: join(directory, 'config') };
  const model = await scriptedModel({ text: 'Done.' });
  const ask = async (prompt: string) => {
    const result = await model.ask([prompt], { cwd, env });
    const body = model.server.requests.at(-1)?.body as unknown as {
      system: unknown;
      tools: readonly { name: string; description: string }[];
    };
    return {
      ...result,
      prompt: model.server.requests.length === 0 ? undefined : model.lastPrompt(),
      skills: JSON.stringify(body?.system ?? ''),
      agents: body?.tools.find(({ name }) => name === 'Task')?.description ?? '',
    };
  };
  const doctor = async () => (await runVictor(['doctor'], { cwd, env })).stdout;
  return { directory, ask, doctor };
}

/** One file of each kind with this front matter. */
const ofEachKind = (head: string, body = 'The body.'): Files => ({
  '.claude/agents/mine.md': `${head}${body}`,
  '.claude/skills/mine/SKILL.md': `${head}${body}`,
  'config/victor/commands/mine.md': `${head}${body}`,
});

const quoted = 'Use when: the "user" asks <example>user: "go" assistant: "I\'ll"</example>';

describe.concurrent('agents, skills and commands that were written for other programs', () => {
  it.each([
    [
      'text that is no YAML',
      `---\nname: mine\ndescription: ${quoted}\ntools: Read, Grep\nallowed-tools: Bash(git:*)\n---\n`,
    ],
    ['text below its key', `---\nname: mine\ndescription:\n  ${quoted}\ntools:\n  - Read\n---\n`],
    ['Windows line ends and a mark', `\ufeff---\r\nname: mine\r\ndescription: |\r\n  ${quoted}\r\n---\r\n`],
    [
      'bytes that are no text, and keys of prototypes',
      `---\nname: mi\0ne\n__proto__: {name: evil}\ndescription: ${quoted}\n---\n`,
    ],
  ])('are read with %s, each kind through victor ask', async (_what, head) => {
    const { ask } = await home(ofEachKind(head));
    const asked = await ask('/mine');
    expect(asked).toMatchObject({ code: 0, prompt: 'The body.' });
    expect(asked.stderr).not.toMatch(/mine\.md|SKILL\.md/);
    expect(asked.agents).toContain(`mine (${quoted})`);
    expect(asked.skills).toContain('- mine: Use when: the');
    expect(asked.skills).toContain('</example>');
  });

  it.each([
    ['no end', `---\nname: mine\ndescription: x\n`, /its front matter does not end\. Put --- on a line/],
    [
      'far too much',
      `---\ndescription: ${'a'.repeat(40_000)}\n---\n`,
      /more than 32000 characters\. Put what is long below/,
    ],
    [
      'a file that is too large',
      `---\nname: mine\ndescription: x\n---\n${'a'.repeat(300_000)}`,
      /is larger than 256 kB\. Make it smaller/,
    ],
  ])('with %s are told with file and advice, at the start and by doctor', async (_what, head, said) => {
    const { directory, ask, doctor } = await home(ofEachKind(head));
    const lines = (text: string, path: string) =>
      text.split('\n').filter((line) => line.includes(join(directory, path)) && said.test(line)).length;
    const [{ code, stderr, agents, skills }, checked] = [await ask('hello'), await doctor()];
    for (const path of ['.claude/agents/mine.md', '.claude/skills/mine/SKILL.md']) {
      expect([path, lines(stderr, path), lines(checked, path)]).toEqual([path, 1, 1]);
    }
    expect(lines(checked, 'config/victor/commands/mine.md')).toBe(1);
    expect([code, agents.includes('mine'), skills.includes('- mine')]).toEqual([0, false, false]);
  });

  it('a bomb of aliases is text, for each kind', async () => {
    const names = [...'abcdefghijklmnopqrstuvwxyz'];
    const rows = names.map(
      (name, index) =>
        `${name}: &${name} [${Array(9)
          .fill(index === 0 ? 'x' : `*${names[index - 1]}`)
          .join(', ')}]`,
    );
    const { ask } = await home(ofEachKind(`---\n${rows.join('\n')}\ndescription: *z\n---\n`));
    const asked = await ask('/mine');
    expect(asked).toMatchObject({ code: 0, prompt: 'The body.' });
    expect(asked.agents).toContain('mine (*z)');
    expect(asked.skills).toContain('- mine: *z');
  });
});

describe.concurrent('mistakes in the files of agents', () => {
  const agent = (lines: string) => `---\ndescription: x\n${lines}\n---\nDo it.\n`;

  it('are lines of doctor, and at the start where an agent is left out or has more than it should', async () => {
    const { directory, ask, doctor } = await home({
      '.claude/agents/good.md': agent('tools: Read'),
      '.claude/agents/lower.md': agent('tools: raed, LaunchRockets'),
      '.claude/agents/mistyped.md': agent('tool: Read'),
      '.claude/agents/nobody.md': 'You review.',
      '.claude/agents/general.md': agent('tools: Read'),
      '.claude/agents/twin.md': agent('name: good'),
      '.claude/agents/one\u001b]0;x\u0007.md': agent('tools: Read'),
      '.agents/skills/bad/SKILL.md': 'No front matter.',
    });
    const of = (name: string) => join(directory, '.claude/agents', `${name}.md`);
    const atStart = [
      `${of('mistyped')}: tool does not count. Did you mean tools?`,
      `${of('nobody')}: the agent is left out, because it does not begin with a block between two lines of ---. Put name, description and tools there.`,
      `${of('twin')}: not used, because ${of('good')} has the name good. Rename one of them.`,
    ];
    const { stderr } = await ask('hello');
    const checked = await doctor();
    for (const line of atStart) {
      expect(stderr).toContain(`victor: ${line}\n`);
      expect(checked).toContain(`info   agents: ${line}\n`);
    }
    expect(checked).toContain(
      `info   agents: ${of('lower')}: there is no tool raed, LaunchRockets, so that it can use none at all. Did you mean Read?`,
    );
    expect(stderr).not.toContain('LaunchRockets');
    expect(checked).toMatch(/^ok {5}agents: defined in files: 4$/m);
    expect(checked).toMatch(
      /info {3}commands and skills: .*bad\/SKILL\.md: the skill is left out, because .* Write description/,
    );
    expect(stderr).toMatch(/bad\/SKILL\.md: the skill is left out/);
    for (const text of [stderr, checked]) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('are few lines at the start, however many they are, and all of them by doctor', async () => {
    const many = Array.from({ length: 40 }, (_, index) => [`.claude/agents/a${index}.md`, 'No block.']);
    const { ask, doctor } = await home(Object.fromEntries(many));
    const { stderr } = await ask('hello');
    expect(stderr.match(/the agent is left out/g)).toHaveLength(4);
    expect(stderr).toContain(
      '36 more such files of skills or agents are not as they should be: victor doctor names them all.',
    );
    expect((await doctor()).match(/the agent is left out/g)).toHaveLength(40);
  });
});
