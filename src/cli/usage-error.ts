import type { Command, CommanderError } from 'commander';
import { nearest } from '../config/nearest.js';
import { ConfigError } from '../core/errors.js';
import { commandNames } from '../ui/commands/names.js';

/** What was meant as a prompt, and how it is told from what it was taken for. */
const aboutPrompts: Readonly<Record<string, string>> = {
  'commander.unknownOption': ' A prompt that begins so goes after --.',
  'commander.unknownCommand': ' A prompt of one word goes after ask.',
};

const goOn = 'victor -c goes on with the latest session of this directory, victor --resume lets you choose.';
const aboutKeys =
  'A key is taken from the environment, for example ANTHROPIC_API_KEY; victor models shows every provider.';
const newest = 'npm install --global victor-agent@latest brings the newest version.';

/** Commands that other programs have, and what does the same here. */
const elsewhere: Readonly<Record<string, string>> = {
  continue: goOn,
  resume: goOn,
  login: aboutKeys,
  auth: aboutKeys,
  update: newest,
  upgrade: newest,
  version: 'victor --version prints the version.',
};

/** What Commander found wrong with the arguments, with what to do next. */
export function usageError(error: CommanderError, root: Command, words: readonly string[]): ConfigError {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const { command, path, rest } = place(root, words);
  const told = (text: string, advice: string) => new ConfigError(text, { advice, cause: error });
  if (error.code === 'commander.unknownCommand' && path.length > 0 && command.commands.length > 0) {
    // What stands behind a command that has others below it was not meant as a prompt.
    const subcommands = command.commands.map((one) => one.name()).filter((name) => name !== 'help');
    const name = path.join(' ');
    return told(
      message.replace('unknown command', `${name} has no command`),
      `It takes ${subcommands.join(', ')}; victor ${name} --help says what each does.`,
    );
  }
  const name = ['victor', ...path].join(' ');
  if (error.code === 'commander.missingArgument') {
    const ids = command.registeredArguments.some((one) => ['id', 'session', 'sessions'].includes(one.name()));
    const list = ids ? '; victor sessions list shows the ids' : '';
    return told(message, `Write ${name} ${command.usage()}${list}; ${name} --help says more.`);
  }
  const word = rest[0] ?? '';
  if (error.code === 'commander.unknownCommand' && path.length === 0) {
    const instead = adviceFor(word);
    if (instead !== undefined) return told(`there is no command ${word}`, instead);
  }
  const aboutPrompt = takesPrompt(path) ? aboutPrompts[error.code] : undefined;
  return told(message, `${name} --help lists what there is.${aboutPrompt ?? ''}`);
}

/** Whether what was not understood may have been meant as a prompt. */
function takesPrompt([first]: readonly string[]): boolean {
  return first === undefined || first === 'ask' || first === 'chat';
}

function adviceFor(word: string): string | undefined {
  if (Object.hasOwn(elsewhere, word)) return elsewhere[word];
  if (!commandNames.has(word)) return undefined;
  return `/${word} is one of the chat: start it with victor, or victor -c for the latest session, and type /${word} there.`;
}

/** The command that the words are for, as far down as they name one. */
function place(root: Command, words: readonly string[]) {
  let command = root;
  const path: string[] = [];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!next) break;
    command = next;
    path.push(next.name());
  }
  return { command, path, rest: words.slice(path.length) };
}

/** Commander answers `help NONSENSE` with the help of everything. Throws where there is no such command. */
export function checkHelpOf(root: Command, [first, ...words]: readonly string[]): void {
  const { path, command, rest } = place(root, words);
  const [unknown] = rest;
  if (first !== 'help' || unknown === undefined || unknown.startsWith('-') || unknown === 'help') return;
  const names = command.commands.map((one) => one.name());
  // What takes no command takes words of another kind, which no help is about.
  if (names.length === 0) return;
  const meant = nearest(unknown, names);
  throw new ConfigError(
    `${path.length === 0 ? 'there is' : `${path.join(' ')} has`} no command '${unknown}'`,
    {
      advice:
        meant === undefined
          ? `${['victor', ...path].join(' ')} --help lists them.`
          : `Did you mean ${[...path, meant].join(' ')}?`,
    },
  );
}
