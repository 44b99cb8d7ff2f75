import { Argument, Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import type { LeadingOptions } from '../completion/candidates.js';

const shells = ['bash', 'zsh', 'fish'] as const;

const usage = `
bash: eval "$(victor completion bash)"     in ~/.bashrc
zsh:  eval "$(victor completion zsh)"      in ~/.zshrc, behind compinit
fish: victor completion fish | source      in ~/.config/fish/config.fish`;

export function completionCommand(cli: CommandLine): Command {
  return new Command('completion')
    .description('a script with which your shell completes commands, flags, their values, sessions and names')
    .addHelpText('after', usage)
    .addArgument(new Argument('<shell>', 'that reads it').choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { shellScripts } = await import('../completion/index.js');
      cli.stdout.write(shellScripts[shell]);
    });
}

/** What those scripts ask; nobody types it. */
export function completeCommand(cli: CommandLine, root: Command, leading: LeadingOptions): Command {
  return new Command('__complete').argument('[words...]').action(async (words: string[]) => {
    const { complete } = await import('../completion/index.js');
    await complete(root, leading, words, cli);
  });
}
