import type { PromptCommand, PromptCommands } from '../../core/prompt-command.js';
import { oneLine } from '../displayable.js';
import { asMessage } from '../own-command.js';
import { type Command, warning } from './command.js';

const groups = { command: 'Your own commands', skill: 'Skills' } as const;

/** The custom commands and skills in files, each a command. */
export function fileCommands(files: PromptCommands): readonly Command[] {
  return files.list().map((one) => fileCommand(one, files));
}

function fileCommand(
  { name, kind, description, argumentHint }: PromptCommand,
  files: PromptCommands,
): Command {
  return {
    name,
    ...(argumentHint === undefined ? {} : { argument: oneLine(argumentHint) }),
    describe: oneLine(description),
    group: groups[kind],
    async run({ send }, argument) {
      const prompt = await files.expand(name, argument);
      if (!prompt) return warning(`/${name} is gone: its file is not there any more.`);
      const text = asMessage(prompt.text);
      send(text, prompt.mentions === prompt.text ? {} : { mentions: prompt.mentions });
      return [];
    },
  };
}
