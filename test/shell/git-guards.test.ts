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
    '.gitattributes': '* diff=x filter=x\n',
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
  ];
  for (const key of [...programs, 'filter.x.clean', 'filter.x.smudge', 'core.sshCommand', 'core.editor'])
    git(['config', key, evil]);
  for (const [key, value] of [
    ['format.pretty', 'format:%G? %GK %s'],
    ['log.showSignature', 'true'],
  ] as const)
    git(['config', key, value]);
  return cwd;
}

const inspections = [
  ...everydayCommands.filter((line) => line.startsWith('git ')),
  'git log',
  'git log -p',
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
    if (existsSync(canary)) started.push(command);
    execFileSync('rm', ['-f', canary]);
  }
  console.log(
    `git inspections in a hostile repository: ${inspections.length}, programs started: ${started.length}`,
  );
  expect(started).toEqual([]);
  // The repository does bite where nothing guards against it.
  execFileSync('git', ['log', '-p'], { cwd });
  expect(existsSync(canary)).toBe(true);
});
