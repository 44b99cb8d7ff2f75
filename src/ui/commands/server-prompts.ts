import { promptArguments } from '../../core/prompt-arguments.js';
import type { ServerPrompt, ServerPrompts } from '../../core/tool-servers.js';
import { asMessage } from '../own-command.js';
import { type Command, warning } from './command.js';

/** How long a server may take to give a prompt. */
const TIMEOUT_MS = 30_000;

/** The prompts that MCP servers have at the moment, each a command. */
export function promptCommands(prompts: ServerPrompts): readonly Command[] {
  return prompts.list().map((prompt) => promptCommand(prompt, prompts));
}

function promptCommand(
  { name, description, arguments: named }: ServerPrompt,
  prompts: ServerPrompts,
): Command {
  const argument = named.map((one) => (one.required ? one.name : `[${one.name}]`)).join(' ');
  return {
    name: name.toLowerCase(),
    ...(argument === '' ? {} : { argument }),
    describe: description,
    async run({ send }, text) {
      const given = promptArguments(
        text,
        named.map((one) => one.name),
      );
      const missing = named.filter((one) => one.required && given[one.name] === undefined);
      if (missing.length > 0)
        return warning(`/${name} needs ${missing.map((one) => one.name).join(', ')}: /${name} ${argument}`);
      const prompt = await prompts.text(name, given, AbortSignal.timeout(TIMEOUT_MS));
      // The server's words: no command, and what they mention does not go along.
      send(asMessage(prompt), { typed: false });
      return [];
    },
  };
}
