import type { ShellVerdict } from './verdict.js';

export type { ShellVerdict, SimpleCommand } from './verdict.js';

/** Says of a command line whether it only reads. Pure: it looks at the text alone, and asks where it is not sure. */
export function classifyCommand(_command: string): ShellVerdict {
  return { verdict: 'ask', reason: 'Commands ask.', commands: [], exact: false };
}
