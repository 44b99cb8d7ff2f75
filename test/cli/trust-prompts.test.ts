import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { afterFile } from '../helpers/after-file.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { writeFiles } from '../helpers/workspace.js';

const skill = '---\ndescription: x\n---\nx';
const agent = '---\ndescription: y\n---\ny';
const project = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.agents/skills/pdf/SKILL.md': skill,
  '.agents/skills/empty/README.md': 'no skill',
  'inner/.claude/skills/deploy/SKILL.md': skill,
  '.victor/commands/review.md': 'Review.',
  '.victor/commands/git/commit.md': 'Commit.',
  '.victor/commands/notes.txt': 'no command',
  '.victor/agents/reviewer.md': agent,
  '.claude/agents/a, and nothing else\u001b]0;x\u0007\u202e\nb.md': agent,
};

async function folder(files: Readonly<Record<string, string>>) {
  const cwd = realpathSync(temporaryDirectory());
  await writeFiles(cwd, files);
  const env = { VICTOR_HOME: temporaryDirectory(), NO_COLOR: '1' };
  const run = (...args: readonly string[]) => runVictor(args, { cwd, env });
  const openChat = () => {
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'chat'],
      cwd,
      env: cleanEnvironment(env),
      columns: 200,
      rows: 40,
    });
    afterFile(async () => {
      pty.kill();
      await pty.exit;
    });
    return pty;
  };
  return { cwd, run, openChat };
}

describe.concurrent('skills, commands and agents of a folder', () => {
  it('C09: are one line while the folder is not trusted, and each with its names where it is trusted', async () => {
    const { cwd, run } = await folder(project);
    const inner = ['--cwd', join(cwd, 'inner')];
    const untrusted = await run('ask', 'hello', ...inner);
    const notice = untrusted.stderr
      .split('\n')
      .filter((line) => line.includes('until this folder is trusted'));
    expect(notice).toHaveLength(1);
    expect(notice[0]).toContain(
      `victor: ${cwd}: not used until this folder is trusted: inner/.claude/skills (skill: deploy), .agents/skills (skill: pdf), .victor/commands (2 commands: `,
    );
    expect(notice[0]).toMatch(
      /\.victor\/agents \(agent: reviewer\).*Run `victor trust` \(or pass --trust\) to use them\.$/,
    );
    expect((await run('doctor', ...inner)).stdout).toContain(
      notice[0]!.replace('victor: ', 'info   configuration: '),
    );
    const trusted = await run('trust', 'inner');
    expect(trusted.code).toBe(0);
    for (const line of [
      `${cwd}/inner/.claude/skills: 1 skill that the model may load: deploy`,
      `${cwd}/.agents/skills: 1 skill that the model may load: pdf`,
      `${cwd}/.victor/agents: 1 agent that the model may hand jobs to: reviewer`,
      `${cwd} is trusted: this loads from now on, and what is new or changed later is asked again`,
    ])
      expect(trusted.stderr).toContain(`victor: ${line}\n`);
    expect(trusted.stderr).toMatch(
      /\.victor\/commands: 2 commands that you may call: \/review, \/git:commit\n/,
    );
    // A name that would say something else is one quoted name, and commands no terminal.
    expect(trusted.stderr).toMatch(
      /\.claude\/agents: 1 agent that the model may hand jobs to: "a, and nothing else[^\n]*b"\n/,
    );
    for (const { stderr } of [untrusted, trusted])
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect((await run('ask', 'hello', ...inner)).stderr).not.toContain('trust');
    expect((await run('trust', 'inner')).stderr).toBe(
      `victor: ${cwd} is trusted: nothing in it waits to be loaded now, and what is new or changed later is asked again\n`,
    );
  });

  it('C09: are asked about by a chat, though the folder brings nothing else', async () => {
    const { run, openChat } = await folder(project);
    const pty = openChat();
    const screen = await pty.waitFor('t trust');
    const text = screen.join('\n');
    expect(text).toContain('Do you trust the files in this folder?');
    expect(text).toContain('1 skill that the model may load: pdf');
    expect(text).toContain('2 commands that you may call: /review, /git:commit');
    expect(text).toContain('1 agent that the model may hand jobs to: reviewer');
    const answered = pty.waitFor('not used until this folder is trusted: .agents/skills (skill: pdf)');
    // Keys in the first moment are taken as typed before the question could be read.
    const typing = setInterval(() => pty.write('r'), 100);
    await answered.finally(() => clearInterval(typing));
    expect((await run('trust', '--list')).stdout).toBe('');
  });

  it('C05: that lead out of it, or are without number, hold nothing up and are not listed', async () => {
    const outside = temporaryDirectory();
    await writeFiles(outside, { 'secret/SKILL.md': skill });
    const { cwd, run } = await folder({ 'README.md': 'x' });
    mkdirSync(join(cwd, '.agents'));
    symlinkSync(outside, join(cwd, '.agents/skills'));
    mkdirSync(join(cwd, '.victor/commands/loop'), { recursive: true });
    symlinkSync('..', join(cwd, '.victor/commands/loop/up'));
    const agents = Array.from({ length: 700 }, (_, index) => [`.victor/agents/a${1_000 + index}.md`, agent]);
    await writeFiles(cwd, Object.fromEntries(agents));
    const { stderr } = await run('ask', 'hello');
    expect(stderr).not.toContain('secret');
    expect(stderr).toMatch(/\(500 agents: (?:a1\d\d\d, ){11}a1\d\d\d and 488 more\)/);
  });
});
