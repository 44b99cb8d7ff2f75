import type { Command } from 'commander';
import { sanitize } from '../../ui/sanitize.js';
import type { CommandLine } from '../command-line.js';
import { type Candidate, candidatesFor, type LeadingOptions, type Wanted } from './candidates.js';

/** A shell puts the word into a command line that is run next: nothing that it reads as more than a word. */
const harmless = /^[\w.:@+/=,%-]+$/;
const LONGEST_DESCRIPTION = 80;

/**
 * Prints what a script of ours asks for: first what the shell is to complete itself, `files`, `directories` or `none`, and
 * then a candidate a line, with its description behind a tab.
 */
export async function complete(
  root: Command,
  leading: LeadingOptions,
  words: readonly string[],
  cli: CommandLine,
): Promise<void> {
  const { candidates, wanted, prefix = '', before } = candidatesFor(root, leading, words);
  const current = (words.at(-1) ?? '').slice(prefix.length);
  const byShell = wanted === 'files' || wanted === 'directories';
  const own = byShell ? wanted : 'none';
  const named = wanted === undefined || byShell ? [] : await namesOf(wanted, { current, before }, cli);
  const found = named
    .filter(({ value }) => value.startsWith(current))
    .map((one) => ({ ...one, value: prefix + one.value }));
  cli.stdout.write([own, ...[...candidates, ...found].flatMap(line)].map((one) => `${one}\n`).join(''));
}

type Named = Exclude<Wanted, 'files' | 'directories'>;

/** Nothing where they cannot be read: a shell that completes is no place to say why. */
async function namesOf(
  wanted: Named,
  words: { readonly current: string; readonly before: string | undefined },
  cli: CommandLine,
): Promise<readonly Candidate[]> {
  try {
    if (wanted === 'sessions') {
      const { sessionCandidates } = await import('../history-commands.js');
      return await sessionCandidates(words.current, cli);
    }
    const { configuredCandidates } = await import('../turn-commands.js');
    return await configuredCandidates(wanted, words, cli);
  } catch {
    return [];
  }
}

function line({ value, description }: Candidate): string[] {
  if (!harmless.test(value)) return [];
  const text = [...sanitize(description).replaceAll(/\s+/g, ' ').trim()];
  const short =
    text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1).join('')}…` : text.join('');
  return [short === '' ? value : `${value}\t${short}`];
}
