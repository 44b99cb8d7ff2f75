import { errorData } from '../../core/errors.js';
import type { BlockBody } from '../../state.js';
import { type Command, type CommandContext, warning } from './command.js';
import { suggestion } from './suggestion.js';

/** A message that asks for a command: a slash and a word, or words with colons between them, `/server:prompt`. A path such as `/etc/hosts` is a message. */
export function isCommand(text: string): boolean {
  return /^\/(?:[a-z?][\w-]*|[\w-]+(?::[\w.-]+)+)(?:\s|$)/i.test(text);
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

/** The command of this name or other name. */
export function findCommand(commands: readonly Command[], word: string): Command | undefined {
  return commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
}
