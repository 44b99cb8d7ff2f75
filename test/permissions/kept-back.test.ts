import { cpSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PartialSettings } from '../../src/config/schema.js';
import { createGitDiffTool } from '../../src/tools/git.js';
import { coreTools } from '../../src/tools/index.js';
import { gitIn } from '../helpers/git-in.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeSharedWorkspace } from '../helpers/workspace.js';

const secret = 'NEEDLE of the private folder';
const files = {
  'private/deep/x.txt': `${secret}\n`,
  'src/a.txt': 'NEEDLE of the source\n',
  'other/b.txt': 'NEEDLE\n',
};

/** A repository with these files in one commit, made once: each test has a copy. */
let original = '';
beforeAll(async () => {
  original = await makeSharedWorkspace(files);
  const git = gitIn(original);
  git('init', '-q', '--template=');
  git('add', '.');
  git('commit', '-qm', 'one');
});

/** What one call came to, where nobody can be asked. */
async function outcome(
  name: string,
  input: Record<string, unknown>,
  permissions: PartialSettings['permissions'] = { deny: ['Read(private/**)'] },
) {
  const { orchestrator, cwd } = await scriptedOrchestrator([toolCall(name, input), { text: 'done' }], {
    settings: { permissions },
    tools: [...coreTools(), createGitDiffTool()],
  });
  cpSync(original, cwd, { recursive: true });
  const [result] = ofType(await collect(orchestrator.stream('go')), 'tool-result');
  return { denied: result!.denied, content: result!.result.content };
}

describe.each([
  ['asks', {}],
  ['yolo', { mode: 'yolo' }],
] as const)('a rule that denies a folder, mode %s', (_, mode) => {
  const permissions = { ...mode, deny: ['Read(private/**)'] };

  it.each(['.', 'private', 'private/deep'])('Grep in %s shows nothing of it', async (path) => {
    const { content } = await outcome('Grep', { pattern: 'NEEDLE', path }, permissions);
    expect(content).not.toContain(secret);
    if (path === '.') expect(content).toMatch(/src\/a\.txt[\s\S]*left out/);
  });

  it.each([
    'rg NEEDLE',
    'rg NEEDLE .',
    'grep -r NEEDLE .',
    'grep -rn NEEDLE private',
    'cat src/a.txt | grep -r NEEDLE .',
    'git show HEAD:private/deep/x.txt',
    'git log -p',
    'git grep NEEDLE',
    'cat private/deep/x.txt',
    'cat "private/$(echo deep)/x.txt"',
    'for f in private/deep/*; do cat $f; done',
    'rg --hidden NEEDLE',
    'rg -uu NEEDLE',
    'timeout 5 rg --hidden NEEDLE',
    "bash -c 'rg -uu NEEDLE'",
    'grep -R NEEDLE .',
    'find . -name x.txt -exec cat {} +',
    'find private -type f | xargs cat',
    'git archive HEAD',
    'git -C private show',
    'git format-patch --stdout --root HEAD',
    'diff -r private src',
    'diff private/deep src',
    'awk 1 private/deep/x.txt',
    'less private/deep/x.txt',
    'less ./PRIVATE/deep/x.txt',
    'python3 -c "print(open(\'private/deep/x.txt\').read())"',
    'dd if=private/deep/x.txt',
    'awk -fprivate/deep/x.txt',
    'cd private; cat deep/x.txt',
    'cd private; cd deep; cat x.txt',
    'cd private/deep && awk 1 x.txt',
    'make -C private -f deep/x.txt',
    'cp -r private /tmp/q',
    'tar cf - .',
    'zip -r - .',
    'rsync -a . /tmp/q',
  ])('the command %s does not run', async (command) => {
    const { denied, content } = await outcome('Bash', { command }, permissions);
    expect({ denied, shown: content.includes(secret) }).toEqual({ denied: true, shown: false });
  });

  it.each([
    'rg --hidden NEEDLE',
    'git archive HEAD',
    'awk 1 private/deep/x.txt',
    'cp -r private /tmp/q',
    'cd private; cat deep/x.txt',
  ])('a rule that allows %s lifts nothing of it', async (command) => {
    const allow = command.split('; ').map((one) => `Bash(${one.split(' ')[0]}:*)`);
    expect((await outcome('Bash', { command }, { ...permissions, allow })).denied).toBe(true);
  });

  it.each(['rg NEEDLE src', 'grep -rn NEEDLE src other', 'ls -R .', 'cat src/a.txt', 'git status'])(
    'the command %s, which cannot show it, runs',
    async (command) => {
      expect((await outcome('Bash', { command }, permissions)).denied).toBe(false);
    },
  );

  it('GitDiff does not run', async () => {
    expect((await outcome('GitDiff', {}, permissions)).denied).toBe(true);
  });
});

describe('in yolo, with a rule that denies a folder', () => {
  const permissions = { mode: 'yolo', deny: ['Read(private/**)'] } as const;

  it.each([
    'git commit --allow-empty -m "about private/deep/x.txt"',
    'cp src/a.txt src/b.txt',
    'cd src && awk 1 a.txt',
    'mkdir made && touch made/x.txt',
    'awk 1 src/a.txt',
  ])('%s, which shows nothing of it, runs', async (command) => {
    expect((await outcome('Bash', { command }, permissions)).denied).toBe(false);
  });
});

describe('rules about reading', () => {
  it('an ask rule keeps a folder out of searches too', async () => {
    const permissions = { ask: ['Read(private/**)'] };
    expect((await outcome('Grep', { pattern: 'NEEDLE' }, permissions)).content).not.toContain(secret);
    expect((await outcome('Bash', { command: 'rg NEEDLE' }, permissions)).denied).toBe(true);
  });

  it('a name at any depth is kept back in every folder', async () => {
    const permissions = { deny: ['Read(x.txt)'] };
    expect((await outcome('Grep', { pattern: 'NEEDLE' }, permissions)).content).not.toContain(secret);
    expect((await outcome('Bash', { command: 'rg NEEDLE src' }, permissions)).denied).toBe(true);
  });

  it('without such a rule everything is searched', async () => {
    for (const permissions of [{}, { deny: ['Edit(private/**)', 'Bash(git push:*)'] }]) {
      expect((await outcome('Grep', { pattern: 'NEEDLE' }, permissions)).content).toContain(secret);
      expect((await outcome('Bash', { command: 'rg NEEDLE' }, permissions)).content).toContain(secret);
    }
  });
});
