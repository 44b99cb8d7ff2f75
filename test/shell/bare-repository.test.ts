import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createBashTool } from '../../src/tools/bash.js';
import { makeWorkspace, writeFiles } from '../helpers/workspace.js';

it.each([
  { below: '', beside: 'nothing' },
  { below: 'sub', beside: 'nothing' },
  { below: '', beside: 'an empty .git' },
  { below: 'sub', beside: 'an empty .git' },
])(
  'S16 files of a repository that lie about without a .git, as an archive may bring them, start no program, seen from "$below", with $beside beside them',
  async ({ below, beside }) => {
    const root = await makeWorkspace();
    const cwd = join(root, below);
    const canary = join(root, 'canary');
    execFileSync('git', ['init', '-q', '--bare', root]);
    await writeFiles(root, { 'evil.sh': `#!/bin/sh\ntouch '${canary}'\n`, 'sub/a': 'a\n' });
    for (const [key, value] of [
      ['core.bare', 'false'],
      ['core.worktree', root],
      ['core.fsmonitor', `sh ${join(root, 'evil.sh')}`],
    ] as const)
      execFileSync('git', ['config', '-f', join(root, 'config'), key, value]);
    if (beside !== 'nothing') mkdirSync(join(cwd, '.git'));
    const bash = createBashTool();
    const context = {
      cwd,
      sessionId: 's',
      signal: new AbortController().signal,
      files: new Map(),
      outputDirectory: join(root, '.out'),
    };
    for (const command of ['git status', 'git diff', 'git ls-files -m', 'git status | head -3']) {
      await bash.execute({ command }, context);
      expect(existsSync(canary), command).toBe(false);
    }
    // It does bite where nothing guards against it.
    execFileSync('git', ['status'], { cwd, stdio: 'ignore' });
    expect(existsSync(canary)).toBe(true);
  },
);
