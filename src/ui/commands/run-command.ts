import { errorData } from '../../core/errors.js';
import type { BlockBody } from '../../state.js';
import { type Command, type CommandContext, warning } from './command.js';
import { suggestion } from './suggestion.js';

/** A message that asks for a command: a slash and a word. A path such as `/etc/hosts` is a message. */
export function isCommand(text: string): boolean {
  return /^\/[a-z?][a-z-]*(?:\s|$)/i.test(text);
}

/** Runs a slash command. An unknown one is reported with its nearest, never guessed; a failing one says why. */
export async function runCommand(
  text: string,
  context: CommandContext,
  running: boolean,
): Promise<readonly BlockBody[]> {
  const [, word = '', argument = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const command = findCommand(context.commands, word.toLowerCase());
  if (!command) {
    const names = context.commands.map(({ name }) => name);
    return warning(`There is no command /${word}.${suggestion(word, names, '/')} /help lists them all.`);
  }
  if (running && command.needsIdle) {
    return warning(`/${command.name} needs the turn to end first: wait, or press Esc to stop it.`);
  }
  try {
    return await command.run(context, argument.trim());
  } catch (error) {
    return [{ kind: 'error', error: errorData(error) }];
  }
}

/** The commands whose names begin like this; none for what is no beginning of a command. */
export function completions(commands: readonly Command[], text: string): readonly string[] {
  if (!/^\/[a-z-]*$/i.test(text)) return [];
  return commands.map(({ name }) => `/${name}`).filter((name) => name.startsWith(text.toLowerCase()));
}

function findCommand(commands: readonly Command[], word: string): Command | undefined {
  return commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
}
