import { cpSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PartialSettings } from '../../src/config/schema.js';
import { createGitDiffTool } from '../../src/tools/git.js';
import { coreTools } from '../../src/tools/index.js';
import { gitIn } from '../helpers/git-in.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeSharedWorkspace, writeFiles } from '../helpers/workspace.js';

const secret = 'NEEDLE';
const secretFiles = ['.env', 'sub/.ENV', 'sub/.ssh/other', 'sub/credentials.json', '.kube/config'];

/** A repository whose history, index, stash and files hold secrets, made once: each test has a copy. */
const original = { cwd: '', BLOB: '', OTHER: '', COMMIT: '' };
beforeAll(async () => {
  const files = (text: string) => ({
    ...Object.fromEntries(secretFiles.map((file) => [file, `${secret} ${text}\n`])),
    'sub/open.txt': `open ${text}\n`,
  });
  const cwd = await makeSharedWorkspace(files('one'));
  const git = gitIn(cwd);
  git('init', '-q', '-b', 'main', '--template=');
  git('add', '-f', '.');
  git('commit', '-qm', 'one');
  await writeFiles(cwd, files('stashed'));
  git('stash', '-q');
  await writeFiles(cwd, files('staged'));
  git('add', '.');
  await writeFiles(cwd, files('changed'));
  const numbers = ['HEAD:.env', 'stash:.env', 'HEAD'].map((one) => git('rev-parse', '--short', one).trim());
  Object.assign(original, { cwd, BLOB: numbers[0], OTHER: numbers[1], COMMIT: numbers[2] });
});

/** One call in a copy of the repository. `BLOB`, `OTHER` and `COMMIT` in a command are numbers in it. */
async function outcome(
  name: string,
  { ...input }: Record<string, unknown>,
  permissions: PartialSettings['permissions'],
) {
  if (typeof input.command === 'string')
    input.command = input.command.replace(
      /BLOB|OTHER|COMMIT/g,
      (word) => original[word as keyof typeof original],
    );
  const { orchestrator, cwd } = await scriptedOrchestrator([toolCall(name, input), { text: 'done' }], {
    settings: { permissions },
    tools: [...coreTools(), createGitDiffTool()],
  });
  cpSync(original.cwd, cwd, { recursive: true });
  const [result] = ofType(await collect(orchestrator.stream('go')), 'tool-result');
  return { denied: result!.denied, content: result!.result.content };
}

describe.each(['ask', 'yolo', 'plan'] as const)('files with secrets that git knows, mode %s', (mode) => {
  it.each([
    'git diff',
    'git diff --cached',
    'git diff HEAD',
    'git diff -- sub',
    'git diff sub',
    'git diff --check -U0',
    'git log -p',
    'git log -p main -- sub',
    'git --no-pager log -p --all',
    'git show',
    'git show HEAD',
    'git show COMMIT',
    'git show HEAD -- sub',
    'git diff | head -50',
  ])('%s shows what is open and none of the secrets', async (command) => {
    const { denied, content } = await outcome('Bash', { command }, { mode });
    expect(denied).toBe(false);
    if (!command.includes('--check')) expect(content).toMatch(/[+]open/);
    expect(content).not.toContain(secret);
  });

  it.each([{}, { staged: true }, { path: 'sub' }, { path: 'sub', staged: true }])(
    'GitDiff of %j shows what is open and none of the secrets',
    async (input) => {
      const { denied, content } = await outcome('GitDiff', input, { mode });
      expect(denied).toBe(false);
      expect(content).toMatch(/[+]open/);
      expect(content).not.toContain(secret);
    },
  );

  it.each([
    'git show BLOB',
    'git diff BLOB OTHER',
    'git show HEAD:.env',
    'git blame .env',
    'git blame --abbrev .env',
    'git show :0:.env',
    'git cat-file -p :0:.env',
    'git diff -- .env',
  ])('%s shows no secret', async (command) => {
    expect((await outcome('Bash', { command }, { mode })).content).not.toContain(secret);
  });
});

describe('what git can keep no secrets out of', () => {
  it.each([
    'git stash show -p',
    'git stash show',
    'git stash list -p',
    'git cat-file -p BLOB',
    'git cat-file blob BLOB',
    'git stash show -n 1 --stat',
    "git show 'BLOB^{blob}'",
    'git log -p --follow sub/open.txt',
    'git grep NEEDLE',
  ])('%s asks, also when a rule allows git as a whole', async (command) => {
    for (const permissions of [{}, { allow: ['Bash(git:*)'] }])
      expect((await outcome('Bash', { command }, permissions)).denied).toBe(true);
  });

  it.each(['git stash list', 'git stash show --stat', 'git cat-file -t HEAD', 'git log --stat'])(
    '%s, which shows names only, runs',
    async (command) => {
      expect((await outcome('Bash', { command }, {})).denied).toBe(false);
    },
  );
});

describe('rules about secrets', () => {
  it('a rule that names the file lets GitDiff show it', async () => {
    const { content } = await outcome('GitDiff', { path: '.env' }, { allow: ['GitDiff(.env)'] });
    expect(content).toContain(`${secret} changed`);
  });

  it.each([
    ['rg --hidden NEEDLE', 'Bash(rg:*)'],
    ['rg --hidden -g .env NEEDLE', 'Bash(rg:*)'],
    ['rg -uu NEEDLE', 'Bash(rg *)'],
    ['grep -R NEEDLE .', 'Bash(grep:*)'],
    ['grep -r NEEDLE . && true', 'Bash(grep:*)'],
    ['grep -r NEEDLE . && touch made', 'Bash(touch:*)'],
    ['git diff && touch made', 'Bash(touch:*)'],
    ['find . -name .e* -exec cat {} +', 'Bash(find:*)'],
  ])('%s shows none although %s allows its program', async (command, rule) => {
    const { content } = await outcome('Bash', { command }, { allow: [rule] });
    expect(content).not.toContain(`${secret} changed`);
    expect(content).not.toContain('+NEEDLE');
  });

  it('a rule for exactly that search lets it run', async () => {
    const command = 'rg --hidden NEEDLE';
    expect((await outcome('Bash', { command }, { allow: [`Bash(${command})`] })).content).toContain(secret);
  });

  it('two folders are compared only after a question', async () => {
    expect((await outcome('Bash', { command: 'diff sub .kube' }, {})).denied).toBe(true);
    expect((await outcome('Bash', { command: 'diff sub/open.txt sub/open.txt' }, {})).denied).toBe(false);
  });

  it('a folder that a cd names decides what a word means', async () => {
    const permissions = { allow: ['Bash(cd:*)'] };
    expect((await outcome('Bash', { command: 'cd sub/.ssh; cat other' }, permissions)).content).not.toContain(
      secret,
    );
    expect((await outcome('Bash', { command: 'cd sub; cat open.txt' }, permissions)).content).toContain(
      'open changed',
    );
  });
});
