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
    const asked = model.server.requests.length;
    return { ...result, model, asked, prompt: asked === 0 ? undefined : model.lastPrompt() };
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
    expect(untrusted.stderr).toMatch(
      /: not used until this folder is trusted: \.victor\/commands \(command: \/git:commit\)\. Run `victor trust`/,
    );
    expect(untrusted).toMatchObject({ code: 2, asked: 0, stderr: expect.stringContaining('/git:commit') });
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
    expect(bad.stderr).not.toContain('bad.md');
    const help = await here.ask(['/help']);
    expect(help).toMatchObject({ code: 2, asked: 0 });
    expect(help.stderr).toMatch(
      /help\.md: \/help is a command of Victor's[^\n]*\n[\s\S]*\/help is a command of a chat\. Type it in victor chat/,
    );
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
    const two = await here.ask(['/two']);
    expect(two).toMatchObject({
      code: 2,
      asked: 0,
      stderr: expect.stringContaining('leads out of the workspace'),
    });
  });

  it('a message that only looks like a command stays one', async () => {
    const here = await place({}, { 'config/commands/tec.md': 'Mine.' });
    for (const text of [
      '/etc/hosts is what?',
      '/usr is full?',
      '/etc',
      'use /comit',
      '/ etc',
      '//comit',
      '/1 of 2',
    ])
      expect(await here.ask([text])).toMatchObject({ code: 0, prompt: text });
    expect((await here.ask([], undefined, '/comit this')).prompt).toBe('/comit this');
  });

  it('a call of what is not there asks nobody: exit code 2, with what was probably meant', async () => {
    const steps = [{ name: 'Ship', prompt: 'Ship it.' }];
    const here = await place(
      {},
      {
        'config/commands/commit.md': 'Commit.',
        'config/commands/git/log.md': 'Log.',
        '.agents/skills/release-notes/SKILL.md': skill('release-notes', 'Notes.', 'x'),
        'config/config.yaml': `workflows: ${JSON.stringify({ 'ship-it': { steps } })}`,
      },
    );
    const asText = 'To send it as it is, put a word before it.';
    for (const [text, said] of [
      ['/comit', `there is no command /comit. Did you mean /commit? ${asText}`],
      ['/Comit the change in a/b', `there is no command /Comit. Did you mean /commit? ${asText}`],
      ['/git:lgo', `there is no command /git:lgo. Did you mean /git:log? ${asText}`],
      ['/releasenotes\nfor 2', `there is no command /releasenotes. Did you mean /release-notes? ${asText}`],
      ['/ship', `there is no command /ship. Did you mean victor run ship-it? ${asText}`],
      ['/ship-it', `/ship-it is a workflow and no command. Run it with victor run ship-it. ${asText}`],
      ['/compact', `/compact is a command of a chat. Type it in victor chat. ${asText}`],
      ['/zzzzzz', `there is no command /zzzzzz. There are /commit, /git:log, /release-notes. ${asText}`],
    ] as const)
      expect(await here.ask([text, '--json'])).toMatchObject({
        ...{ code: 2, stdout: '', asked: 0 },
        stderr: expect.stringContaining(`victor: ${said}\n`),
      });
    expect((await here.run('sessions', 'list', '--json')).stdout.trim()).toBe('[]');
    const none = await place({});
    expect((await none.ask(['/comit'])).stderr).toContain(
      `victor: there is no command /comit. There are none here. ${asText}\n`,
    );
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
        '.agents/skills/colon/SKILL.md': '---\ndescription: use when: "x" <example>y: z</example>\n---\nx',
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
      /open\/SKILL\.md: its front matter does not end/,
      /none\/SKILL\.md: the skill is left out, because its front matter has no description/,
      /list\/SKILL\.md: its front matter is no list of keys/,
      /named\/SKILL\.md: the skill is left out, because its name/,
      /twin\/SKILL\.md: not used, because .*good\/SKILL\.md has the same name/,
      /good\/SKILL\.md: \/good is a command of your own; the model may use the skill all the same/,
    ])
      expect(stdout).toMatch(said);
    expect(stdout).not.toContain('empty');
    const { model, stderr } = await here.ask(['go']);
    expect(JSON.stringify(model.server.requests[0]!.body.system)).toMatch(
      /Skill, and follow it\.\\n- colon: use when: .*<example>y: z<\/example>\\n- good: Good\.(?!\\n-)/,
    );
    // A line each at the start, and not more than a few.
    expect(stderr.match(/^victor: .*SKILL\.md: .*$/gm)).toHaveLength(5);
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
