import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coreTools } from '../../src/tools/index.js';
import { gitIn } from '../helpers/git-in.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { writeFiles } from '../helpers/workspace.js';

/** One command in a repository that names a program for `git status` to start. */
async function outcome(command: string, allow: readonly string[]) {
  const { orchestrator, cwd } = await scriptedOrchestrator(
    [toolCall('Bash', { command }), { text: 'done' }],
    { settings: { permissions: { allow: [...allow] } }, tools: coreTools() },
  );
  const canary = join(cwd, 'canary');
  await writeFiles(cwd, { 'evil.sh': `#!/bin/sh\ntouch '${canary}'\n`, a: 'a\n' });
  const git = gitIn(cwd);
  git('init', '-q');
  git('add', '.');
  git('config', 'core.fsmonitor', `sh ${join(cwd, 'evil.sh')}`);
  const [result] = ofType(await collect(orchestrator.stream('go')), 'tool-result');
  return { denied: result!.denied, started: existsSync(canary) };
}

describe('git that only reads, beside a command that a rule allows', () => {
  it.each([
    'mkdir x && git status',
    'mkdir x; git diff --stat | head -5',
    'git --no-pager log -1 || mkdir x',
    'git branch -a; mkdir x',
  ])('S16 %s asks: such a line runs as it is written, without what hardens git', async (command) => {
    expect(await outcome(command, ['Bash(mkdir:*)'])).toEqual({ denied: true, started: false });
  });

  it('S16 runs where a rule allows git too, alone, and with what starts nothing', async () => {
    expect((await outcome('mkdir x && git status', ['Bash(mkdir:*)', 'Bash(git status:*)'])).denied).toBe(
      false,
    );
    expect(await outcome('git status', ['Bash(mkdir:*)'])).toEqual({ denied: false, started: false });
    expect((await outcome('mkdir x && ls && git --version', ['Bash(mkdir:*)'])).denied).toBe(false);
  });

  it.each(['git add a && git commit -qm two && git status', 'git commit -qm two; git log --oneline -3'])(
    'S16 %s runs where rules allow what changes the repository: that obeys it anyway',
    async (command) => {
      expect((await outcome(command, ['Bash(git add:*)', 'Bash(git commit:*)'])).denied).toBe(false);
    },
  );

  it.each([
    'git tag two && git status',
    'git stash list --all x; git status',
    'git -C . commit -m x; git status',
  ])(
    'S16 %s asks: what a rule allows there starts nothing of the repository, or is in another one',
    async (command) => {
      const rules = ['Bash(git tag:*)', 'Bash(git stash list:*)', 'Bash(git -C . commit:*)'];
      expect(await outcome(command, rules)).toEqual({ denied: true, started: false });
    },
  );
});
