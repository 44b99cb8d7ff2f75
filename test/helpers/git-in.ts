import { execFileSync } from 'node:child_process';

/** Runs git in this folder as somebody who may commit; answers what it prints. */
export function gitIn(cwd: string): (...args: readonly string[]) => string {
  return (...args) =>
    execFileSync('git', ['-C', cwd, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    });
}
