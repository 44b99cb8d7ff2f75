import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterFile } from './after-file.js';
import { startPty } from './pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from './run-victor.js';

export type Shell = 'bash' | 'zsh' | 'fish';

const required = process.env.SERVICES_REQUIRED === 'true';

/** For `describe.skipIf`. In CI it is always true, so that a missing shell fails there instead of being skipped. */
export function shellAvailable(shell: Shell): boolean {
  try {
    execFileSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' });
    return true;
  } catch {
    if (!required) console.warn(`Skipped: ${shell} is not installed: run \`apt-get install ${shell}\`.`);
    return required;
  }
}

/** Where `victor` is the built one, with a home of its own; `env` of a shell in which it is a command. */
export function victorOnPath(): { readonly env: Record<string, string>; readonly cwd: string } {
  const folder = temporaryDirectory();
  const [bin, home, cwd] = ['bin', 'home', 'work'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [bin, home, cwd]) mkdirSync(one);
  const victor = join(bin, 'victor');
  writeFileSync(victor, `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`);
  chmodSync(victor, 0o755);
  const { PATH = '', ...env } = cleanEnvironment({ HOME: home, TERM: 'xterm', PS1: 'ready> ' });
  return { env: { ...env, PATH: `${bin}:${PATH}` }, cwd };
}

const starts = {
  bash: { args: ['--noprofile', '--norc', '-i'], load: 'eval "$(victor completion bash)"' },
  zsh: { args: ['-f', '-i'], load: 'autoload -U compinit; compinit -u -D; eval "$(victor completion zsh)"' },
};

/** A shell as a user has it, in a real terminal, that has read the script. */
export async function completingShell(
  shell: 'bash' | 'zsh',
  { env, cwd }: ReturnType<typeof victorOnPath>,
): Promise<{
  /** What the input line becomes when these keys are typed; `wanted` tells it has. */
  type(keys: string, wanted: string | RegExp): Promise<string>;
}> {
  const { args, load } = starts[shell];
  const pty = startPty({ command: shell, args, env, cwd, columns: 150, rows: 40 });
  afterFile(() => pty.kill('SIGKILL'));
  await pty.waitFor('ready>');
  pty.write(`${load}; PS1='loaded> '\n`);
  await pty.waitFor(/^loaded>/m);
  return {
    async type(keys, wanted) {
      // The line before goes first, and the screen with it.
      pty.write('\u0015\u000c');
      await pty.waitFor((screen) => screen.filter((row) => row !== '').join('\n') === 'loaded>');
      pty.write(keys);
      return (await pty.waitFor(wanted)).join('\n');
    },
  };
}
