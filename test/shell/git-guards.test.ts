import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { classifyCommand } from '../../src/shell/classify.js';
import { createBashTool } from '../../src/tools/bash.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { everydayCommands } from './everyday.js';

/** A repository that names a program wherever git would start one, with a changed file, a stash and a signed commit. */
async function hostileRepository(): Promise<string> {
  const cwd = await makeWorkspace({
    'package.json': '{}\n',
    'src/index.ts': 'one\n',
    '.gitattributes': '* diff=x filter=x merge=x\n',
  });
  const git = (args: readonly string[], input?: string) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd,
      input,
      encoding: 'utf8',
    }).trim();
  git(['init', '-q', '-b', 'main']);
  git(['add', '.']);
  git(['commit', '-qm', 'first']);
  const signed = git(['cat-file', 'commit', 'HEAD']).replace(
    '\n\n',
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\n',
  );
  git(['reset', '-q', '--soft', git(['hash-object', '-t', 'commit', '-w', '--stdin'], `${signed}\n`)]);
  // A merge that git would have to make anew.
  const tree = (text: string) => {
    writeFileSync(join(cwd, 'src/index.ts'), text);
    git(['add', '.']);
    return git(['write-tree']);
  };
  const sides = ['left\n', 'right\n'].map((text) =>
    git(['commit-tree', '-p', 'HEAD', '-m', 'side', tree(text)]),
  );
  const parents = sides.flatMap((side) => ['-p', side]);
  git(['reset', '-q', '--hard', git(['commit-tree', ...parents, '-m', 'merge', tree('both\n')])]);
  writeFileSync(join(cwd, 'src/index.ts'), 'two\n');
  git(['stash', '-q']);
  writeFileSync(join(cwd, 'src/index.ts'), 'three\n');
  writeFileSync(join(cwd, 'evil.sh'), `#!/bin/sh\ntouch '${join(cwd, 'canary')}'\ncat "$@" 2>/dev/null\n`, {
    mode: 0o755,
  });
  const evil = join(cwd, 'evil.sh');
  const programs = [
    'core.fsmonitor',
    'core.pager',
    'pager.log',
    'diff.external',
    'diff.x.command',
    'diff.x.textconv',
    'gpg.program',
    'merge.x.driver',
  ];
  for (const key of [...programs, 'filter.x.clean', 'filter.x.smudge', 'core.sshCommand', 'core.editor'])
    git(['config', key, evil]);
  for (const [key, value] of [
    ['format.pretty', 'format:%G? %GK %s'],
    ['log.showSignature', 'true'],
    ['log.diffMerges', 'remerge'],
    ['blame.ignoreRevsFile', join(cwd, 'outside')],
  ] as const)
    git(['config', key, value]);
  writeFileSync(join(cwd, 'outside'), 'FIRST LINE of a file elsewhere\n');
  return cwd;
}

const inspections = [
  ...everydayCommands.filter((line) => line.startsWith('git ')),
  'git log',
  'git log -p',
  'git log -m -p',
  'git show -m',
  'git show',
  'git show -p HEAD',
  'git reflog',
  'git stash list',
  'git stash list -p',
  'git stash show -p',
  'git diff HEAD',
  'git shortlog -sn HEAD',
  'git rev-list HEAD',
  'git blame src/index.ts',
  'git status -s',
  'git ls-files -m',
  'git --no-pager log -3',
  'git cat-file -p HEAD',
  'git describe --always',
  'git for-each-ref',
  'git tag',
  'git log | head -3',
].filter((line) => classifyCommand(line).verdict === 'allow');

it('S16 git inspections that run unasked start none of the programs that a repository names', async () => {
  const cwd = await hostileRepository();
  const canary = join(cwd, 'canary');
  const bash = createBashTool();
  const context = {
    cwd,
    sessionId: 's',
    signal: new AbortController().signal,
    files: new Map(),
    outputDirectory: join(cwd, '.out'),
  };
  const started: string[] = [];
  for (const command of inspections) {
    const { content } = await bash.execute({ command }, context);
    expect(content, command).not.toMatch(/unrecognized|unknown option|usage:/i);
    expect(content, `${command}: a file that the configuration names`).not.toContain('FIRST LINE');
    if (existsSync(canary)) started.push(command);
    execFileSync('rm', ['-f', canary]);
  }
  console.log(
    `git inspections in a hostile repository: ${inspections.length}, programs started: ${started.length}`,
  );
  expect(started).toEqual([]);
  // The repository does bite where nothing guards against it.
  for (const bare of [
    ['log', '-p'],
    ['log', '-m', '-p', '--no-ext-diff', '--no-textconv', '--pretty=medium'],
  ]) {
    execFileSync('rm', ['-f', canary]);
    execFileSync('git', ['-c', 'log.showSignature=false', ...bare], { cwd });
    expect(existsSync(canary), bare.join(' ')).toBe(true);
  }
  expect(() => execFileSync('git', ['blame', 'src/index.ts'], { cwd, stdio: 'pipe' })).toThrow('FIRST LINE');
});
