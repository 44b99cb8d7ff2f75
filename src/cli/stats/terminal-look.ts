import { usesUnicode } from '../../core/unicode-locale.js';
import { colours } from '../colours.js';
import type { CommandLine } from '../command-line.js';
import type { TerminalLook } from './glyphs.js';

/** How standard output shows things: no colours and no width in a pipe, ASCII where the locale has no more. */
export async function terminalLook({ stdout, environment }: CommandLine): Promise<TerminalLook> {
  return {
    width: stdout.isTerminal ? stdout.columns : 0,
    unicode: usesUnicode(environment),
    colours: await colours(environment, stdout.isTerminal),
  };
}
