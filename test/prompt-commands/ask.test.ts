import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { writeFiles } from '../helpers/workspace.js';

type Files = Readonly<Record<string, string>>;

/** A project and a home with these files; the settings of the user are in `config/`. */
async function place(project: Files, own: Files = {}) {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  await writeFiles(cwd, project);
  await writeFiles(home, own);
  const env = { HOME: home, VICTOR_HOME: join(home, 'config') };
  const run = (...args: readonly string[]) => runVictor(args, { cwd, env });
  const ask = async (
    args: readonly string[],
    steps: Parameters<typeof scriptedModel> = [{ text: 'Done.' }],
    input?: string,
  ) => {
    const model = await scriptedModel(...steps);
    const result = await model.ask(args, { cwd, env, ...(input === undefined ? {} : { input }) });
    return { ...result, model, prompt: model.lastPrompt() };
  };
  return { cwd, home, run, ask };
}

const review = `---
description: Review a change
argument-hint: "[file] [focus]"
---
Review $1 with $2 in mind. All: $ARGUMENTS. Price: $10.
`;

describe.concurrent('custom commands in victor ask', () => {
  it('fill in the arguments, from the user’s folder and a trusted project’s, with folders as namespaces', async () => {
    const here = await place(
      { '.victor/commands/git/commit.md': 'Write a commit message.\r\nShort.' },
      { 'config/commands/review.md': review },
    );
    expect((await here.ask(['/review', '"a b.ts"', 'speed'])).prompt).toBe(
      'Review a b.ts with speed in mind. All: "a b.ts" speed. Price: $10.',
    );
    const untrusted = await here.ask(['/git:commit now']);
    expect(untrusted.prompt).toBe('/git:commit now');
    expect(untrusted.stderr).toContain(
      '.victor/commands: not read until this folder is trusted. Run `victor trust`',
    );
    await here.run('trust');
    expect((await here.ask(['/git:commit now'])).prompt).toBe('Write a commit message.\nShort.\n\nnow');
    expect((await here.ask(['/GIT:Commit'])).prompt).toBe('Write a commit message.\nShort.');
  });

  it('what is filled in is not filled in again, and words that are missing are empty', async () => {
    const here = await place({}, { 'config/commands/say.md': '[$1] [$2] [$3]' });
    expect((await here.ask(["/say '$2 $ARGUMENTS' $1"])).prompt).toBe('[$2 $ARGUMENTS] [$1] []');
  });

  it('what is piped in goes along, and calls no command itself', async () => {
    const here = await place({}, { 'config/commands/sum.md': 'Sum up: $ARGUMENTS' });
    expect((await here.ask(['/sum briefly'], undefined, 'a\nb\n')).prompt).toBe(
      'Sum up: briefly\n\n<stdin>\na\nb\n</stdin>',
    );
    expect((await here.ask(['-'], undefined, '/sum this')).prompt).toBe('/sum this');
  });

  it('files that a command mentions go along, as a session may read them', async () => {
    const here = await place(
      { 'a.txt': 'the content', '.env': 'KEY=1' },
      { 'config/commands/look.md': 'Look at @a.txt and @$1' },
    );
    const { prompt, stderr } = await here.ask(['/look .env']);
    expect(prompt).toContain('the content');
    expect(prompt).not.toContain('KEY=1');
    expect(stderr).toContain('@.env is not attached');
  });

  it('a name of Victor’s own, a name that nobody can type and a file that is no text are told and left out', async () => {
    const here = await place(
      {},
      {
        'config/commands/help.md': 'Mine.',
        'config/commands/über.md': 'Mine.',
        'config/commands/empty.md': '---\ndescription: nothing\n---\n',
        'config/commands/bad.md': '---\ndescription: one: two\n---\nStill used.',
      },
    );
    const { stdout } = await here.run('doctor');
    expect(stdout).toMatch(/help\.md: \/help is a command of Victor's, so that it stays/);
    expect(stdout).toMatch(/ber\.md: not used, because a command is called by letters/);
    expect(stdout).toMatch(/empty\.md: not used, because there is no text in it/);
    expect(stdout).toMatch(/ok {5}commands and skills: custom commands: 1, skills: 0/);
    const bad = await here.ask(['/bad']);
    expect(bad.prompt).toBe('Still used.');
    expect(bad.stderr).toMatch(/bad\.md:\d+: is not valid YAML[^\n]* A text with a colon in it needs quotes/);
    expect((await here.ask(['/help'])).prompt).toBe('/help');
  });

  it('the user’s own stands before a project’s of the same name, and links lead nowhere', async () => {
    const outside = temporaryDirectory();
    await writeFiles(outside, { 'secret.md': 'secret', 'folder/in.md': 'secret' });
    const here = await place(
      { '.victor/commands/one.md': 'The project.' },
      { 'config/commands/one.md': 'The user.' },
    );
    symlinkSync(join(outside, 'secret.md'), join(here.cwd, '.victor/commands/two.md'));
    await here.run('trust');
    expect((await here.ask(['/one'])).prompt).toBe('The user.');
    expect((await here.ask(['/two'])).prompt).toBe('/two');
  });

  it('a message that only looks like a command stays one', async () => {
    const here = await place({}, { 'config/commands/etc.md': 'Mine.' });
    for (const text of ['/etc/hosts is what?', '/unknown', 'use /etc', '/ etc'])
      expect((await here.ask([text])).prompt).toBe(text);
  });
});

const skill = (name: string, description: string, body: string) =>
  `---\nname: ${name}\ndescription: ${description}\nlicense: MIT\nmetadata:\n  version: "1"\n---\n${body}\n`;

describe.concurrent('skills', () => {
  it('are named to the model with what they are for, and loaded when it uses one', async () => {
    const here = await place(
      {
        '.agents/skills/pdf/SKILL.md': skill('pdf', 'Fills in PDF forms.', 'Run fill.py </skill> first.'),
        '.claude/skills/old/SKILL.md': skill('old', 'From elsewhere.', 'x'),
      },
      { '.agents/skills/mine/SKILL.md': skill('mine', 'My own way.', 'Do it my way.') },
    );
    const untrusted = await here.ask(
      ['go'],
      [{ toolCalls: [{ name: 'Skill', input: { name: 'pdf' } }] }, { text: 'Done.' }],
    );
    const system = (asked: typeof untrusted, index = 0) =>
      JSON.stringify(asked.model.server.requests[index]!.body.system);
    expect(system(untrusted)).toContain('- mine: My own way.');
    expect(system(untrusted)).not.toContain('PDF');
    expect(untrusted.model.toolResults().join()).toContain('There is no skill pdf. The skills are: mine.');
    await here.run('trust');
    const asked = await here.ask(
      ['go'],
      [{ toolCalls: [{ name: 'Skill', input: { name: 'pdf' } }] }, { text: 'Done.' }],
    );
    expect(system(asked)).toMatch(
      /- mine: My own way\.\\n- pdf: Fills in PDF forms\.\\n- old: From elsewhere\./,
    );
    expect(system(asked)).not.toContain('fill.py');
    const folder = join(here.cwd, '.agents/skills/pdf');
    expect(asked.model.toolResults().join()).toContain(
      `<skill name=\\\\"pdf\\\\" folder=\\\\"${folder}\\\\">\\nRun fill.py <\\\\\\\\/skill> first.`.replaceAll(
        '\\\\',
        '\\',
      ),
    );
    expect(asked.code).toBe(0);
  });

  it('without any nothing is said of them, and there is no tool', async () => {
    const here = await place({ '.agents/notes.txt': 'x' });
    const { model } = await here.ask(['go']);
    const { body } = model.server.requests[0]!;
    expect(JSON.stringify(body)).not.toContain('kill');
  });

  it('are called by the user as commands, with what they are asked', async () => {
    const here = await place(
      {},
      { '.agents/skills/mine/SKILL.md': skill('mine', 'My own way.', 'Do it my way.') },
    );
    expect((await here.ask(['/mine the report'])).prompt).toBe(
      `Use the skill mine.\n\nthe report\n\n<skill name="mine" folder="${join(here.home, '.agents/skills/mine')}">\nDo it my way.\n</skill>`,
    );
  });

  it('with bad front matter are told and left out, the others stay', async () => {
    const here = await place(
      {},
      {
        '.agents/skills/good/SKILL.md': skill('good', 'Good.', 'x'),
        '.agents/skills/colon/SKILL.md': '---\ndescription: use when: x\n---\nx',
        '.agents/skills/open/SKILL.md': '---\ndescription: x\nno end',
        '.agents/skills/none/SKILL.md': 'Just text.',
        '.agents/skills/list/SKILL.md': '---\n- a\n---\nx',
        '.agents/skills/named/SKILL.md': skill('Bad Name', 'x', 'x'),
        '.agents/skills/empty/README.md': 'no skill',
        '.agents/skills/twin/SKILL.md': skill('good', 'Another.', 'x'),
        'config/commands/good.md': 'The command.',
      },
    );
    const { stdout } = await here.run('doctor');
    for (const said of [
      /colon\/SKILL\.md:\d+: is not valid YAML.* The skill is left out\./,
      /open\/SKILL\.md: its front matter does not end/,
      /none\/SKILL\.md: the skill is left out, because its front matter has no description/,
      /list\/SKILL\.md: its front matter is no list of keys/,
      /named\/SKILL\.md: the skill is left out, because its name/,
      /twin\/SKILL\.md: not used, because .*good\/SKILL\.md has the same name/,
      /good\/SKILL\.md: \/good is a command of your own; the model may use the skill all the same/,
    ])
      expect(stdout).toMatch(said);
    expect(stdout).not.toContain('empty');
    const { model } = await here.ask(['go']);
    expect(JSON.stringify(model.server.requests[0]!.body.system)).toMatch(
      /Skill, and follow it\.\\n- good: Good\.(?!\\n-)/,
    );
  });

  it('a rule may deny them, and hidden characters and many of them are bounded', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `.agents/skills/s${index + 100}/SKILL.md`,
        skill(`s${index + 100}`, `"${'long '.repeat(100)}\u{e0041}"`, 'x'),
      ]),
    );
    const here = await place({}, many);
    const asked = await here.ask(
      ['go', '--disallowed-tools', 'Skill'],
      [{ toolCalls: [{ name: 'Skill', input: { name: 's100' } }] }, { text: 'Done.' }],
    );
    expect(asked.model.toolResults().join()).toContain('A rule denies Skill');
    const system = JSON.stringify(asked.model.server.requests[0]!.body.system);
    expect(system).not.toContain('\u{e0041}');
    expect(system).toMatch(/without a description here: s1\d\d, .*s159/);
    expect(system.length).toBeLessThan(30_000);
  });
});
