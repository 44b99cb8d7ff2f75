import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBranch } from '../../src/ui/git-branch.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

function git(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8' }).trim();
}

function repository(): string {
  const folder = temporaryDirectory();
  git(folder, 'init', '-q', '-b', 'feature/one');
  return folder;
}

describe('the branch of a folder', () => {
  it('is read from a repository of git itself, from a folder in it, and before the first commit', () => {
    const folder = repository();
    const inner = join(folder, 'a/b');
    mkdirSync(inner, { recursive: true });
    expect(readBranch(folder)).toBe('feature/one');
    expect(readBranch(inner)).toBe('feature/one');
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
    git(folder, 'switch', '-q', '-c', 'two');
    expect(readBranch(inner)).toBe('two');
  });

  it('is the beginning of the commit where there is none', () => {
    const folder = repository();
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
    git(folder, 'checkout', '-q', '--detach');
    expect(readBranch(folder)).toBe(git(folder, 'rev-parse', 'HEAD').slice(0, 8));
  });

  it('is that of the worktree, not of the repository it belongs to', () => {
    const folder = repository();
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
    const worktree = join(temporaryDirectory(), 'tree');
    git(folder, 'worktree', 'add', '-q', '-b', 'other', worktree);
    expect(readBranch(worktree)).toBe('other');
    expect(readBranch(folder)).toBe('feature/one');
  });

  it('is nothing outside of a repository, nor where what is there says something else', () => {
    const folder = temporaryDirectory();
    expect(readBranch(folder)).toBe('');
    mkdirSync(join(folder, '.git'));
    for (const head of [
      '',
      'secret=1',
      'ref: refs/heads/a b',
      'ref: refs/heads/.invalid',
      'x'.repeat(5_000),
    ]) {
      writeFileSync(join(folder, '.git/HEAD'), head);
      expect(readBranch(folder)).toBe('');
    }
  });

  it('waits for no pipe and shows no line of a file that somebody pointed to', () => {
    const folder = temporaryDirectory();
    const outside = temporaryDirectory();
    writeFileSync(join(outside, 'HEAD'), 'a password');
    writeFileSync(join(folder, '.git'), `gitdir: ${outside}\n`);
    expect(readBranch(folder)).toBe('');
    const piped = temporaryDirectory();
    mkdirSync(join(piped, '.git'));
    execFileSync('mkfifo', [join(piped, '.git/HEAD')]);
    expect(readBranch(piped)).toBe('');
    const linked = temporaryDirectory();
    symlinkSync('/dev/zero', join(linked, '.git'));
    expect(readBranch(linked)).toBe('');
  });
});
