import { cells } from '../break-rows.js';
import { oneLine } from '../displayable.js';
import { type Command, info, output } from './command.js';
import { groups } from './groups.js';
import { answerKeyHelp, keyHelp } from './key-help.js';

/** What is typed, and what it does. */
type Entry = readonly [left: string, right: string];

interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Beside the chat, because what the model wrote may not be trusted from inside of it. */
const untrusted: Section = {
  title: 'This folder is not trusted',
  entries: [['victor trust', 'typed in a shell in this folder: trusts it from the next start on']],
};

export const help: Command = {
  name: 'help',
  aliases: ['?'],
  argument: '[word]',
  describe: 'commands and keys, all of them or those with a word',
  // Without a word it shows everything, which no value should stand in the way of.
  values: ({ commands }, written) =>
    written === '' ? [] : commands.map(({ name, describe }) => ({ value: name, describe })),
  run({ commands, state }, word) {
    const wanted = word.toLowerCase().replace(/^\//, '');
    const sections = [
      ...commandSections(commands),
      { title: 'Keys', entries: keyHelp() },
      { title: 'When asked', entries: answerKeyHelp },
      ...(state.footer.trust === 'untrusted' ? [untrusted] : []),
    ];
    const found = sections
      .map(({ title, entries }) => ({ title, entries: entries.filter((entry) => has(entry, wanted)) }))
      .filter(({ entries }) => entries.length > 0);
    if (found.length === 0) return info(`No command and no key has ${word}. /help lists them all.`);
    const lines = found.flatMap((section, index) => [...(index === 0 ? [] : ['']), ...sectionLines(section)]);
    return output(word === '' ? 'Commands and keys' : `Commands and keys with ${oneLine(word)}`, lines);
  },
};

function commandSections(commands: readonly Command[]): Section[] {
  const grouped = groups.map(({ title, names }) => ({
    title,
    entries: names.flatMap((name) => commands.find((one) => one.name === name) ?? []).map(entryOf),
  }));
  const others = commands.filter(({ name }) => !groups.some(({ names }) => names.includes(name)));
  const titles = [...new Set(others.map(({ group = 'Others' }) => group))];
  const rest = titles.map((title) => ({
    title,
    entries: others.filter(({ group = 'Others' }) => group === title).map(entryOf),
  }));
  return [...grouped, ...rest];
}

function entryOf({ name, aliases = [], argument, describe }: Command): Entry {
  const others = aliases.map((alias) => ` /${alias}`).join('');
  return [
    `/${name}${argument ? ` ${argument}` : ''}`,
    `${describe}${others === '' ? '' : ` (also${others})`}`,
  ];
}

function has(entry: Entry, wanted: string): boolean {
  return entry.join(' ').toLowerCase().includes(wanted);
}

function sectionLines({ title, entries }: Section): string[] {
  const width = Math.max(...entries.map(([left]) => cells(left)));
  const pad = (left: string) => left + ' '.repeat(width - cells(left));
  return [title, ...entries.map(([left, right]) => `  ${pad(left)}  ${right}`)];
}
