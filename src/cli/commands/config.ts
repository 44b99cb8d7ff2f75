import { Command } from 'commander';
import type { CommandLine } from '../command-line.js';

export function configCommand(cli: CommandLine): Command {
  const config = new Command('config').description('show and change settings');
  config
    .command('show')
    .alias('get')
    .description('the settings that hold in this directory')
    .argument('[key]', 'this one alone, or all below it')
    .option('--origin', 'where each value comes from')
    .option('--json', 'as JSON')
    .option('-C, --cwd <directory>', 'as if started there')
    .option('--trust', "as if this folder's configuration were trusted")
    .action(async (key: string | undefined, options) => {
      const { showConfig } = await import('../turn-commands.js');
      await showConfig(key, options, cli);
    });
  config
    .command('validate')
    .description('every mistake in the settings; nothing runs that is not trusted, extensions never')
    .argument('[file]', 'one settings file; without it, all that a run in this directory would load')
    .option('--json', 'as JSON')
    .option('-C, --cwd <directory>', 'as if started there')
    .option('--trust', 'run settings that are JavaScript or TypeScript')
    .action(async (file: string | undefined, options) => {
      const { validateConfig } = await import('../turn-commands.js');
      cli.exitCode = await validateConfig(file, options, cli);
    });
  config
    .command('schema')
    .description('the JSON schema of settings files, for editors')
    .action(async () => {
      const { printSchema } = await import('../turn-commands.js');
      printSchema(cli);
    });
  config
    .command('set')
    .description('change a setting of the user level')
    .argument('<key>', 'with dots between its parts, for example compaction.threshold')
    .argument('<value>', 'text, or JSON for numbers, lists and objects')
    .action(async (key: string, value: string) => {
      const { setConfig } = await import('../turn-commands.js');
      await setConfig(key, value, cli);
    });
  config
    .command('unset')
    .description('take a setting out of the user level again, so that its default holds')
    .argument('<key>', 'as victor config set takes it')
    .action(async (key: string) => {
      const { unsetConfig } = await import('../turn-commands.js');
      await unsetConfig(key, cli);
    });
  config
    .command('path')
    .description('the file that victor config set writes')
    .action(async () => {
      const { configPath } = await import('../turn-commands.js');
      configPath(cli);
    });
  return config;
}
