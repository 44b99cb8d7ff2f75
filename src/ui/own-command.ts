/** The command in what the user sends to their shell: everything behind a `!`; `undefined` for a message. */
export function ownCommand(text: string): string | undefined {
  if (!text.startsWith('!')) return undefined;
  const command = text.slice(1).trim();
  return command === '' ? undefined : command;
}

/** A text that the user did not type into the input, so that it is a message, whatever it begins with. */
export function asMessage(text: string): string {
  return text.startsWith('!') ? ` ${text}` : text;
}
