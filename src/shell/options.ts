/** What a command was given, told apart by its own table of options. */
export interface GivenOptions {
  readonly operands: readonly string[];
  /** The option's values in order; an empty text for one without. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** Where a further option could stand behind all others: before `--`, else at the end. */
  readonly optionsEnd: number;
}

type Kind = 'flag' | 'value' | 'always' | 'optional' | 'apart';

/**
 * A command's options in one line: `-n` stands alone, `-n:` has a value attached or in the next word, `-U?` and
 * `--color?` may have one attached, `-L!` has it in the next word whatever is attached, `-e+` is a `-n:` that every version
 * of the program gives the next word, also one with a dash, and `-#` is a number such as `-20`. What is not listed is not
 * allowed.
 */
export type OptionList = string;

const compiled = new Map<OptionList, ReadonlyMap<string, Kind>>();

/** Tells options from operands as the command would, or says which option nobody has vouched for. */
export function readOptions(
  words: readonly string[],
  list: OptionList,
): GivenOptions | { readonly unknown: string } {
  const table = tableOf(list);
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  let optionsEnd = words.length;
  const note = (name: string, value: string) => given.set(name, [...(given.get(name) ?? []), value]);
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '--') {
      optionsEnd = index;
      operands.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
    } else if (/^-\d+$/.test(word) && table.has('-#')) {
      note('-#', word.slice(1));
    } else {
      const used = word.startsWith('--')
        ? longOption(word, words[index + 1], table, note)
        : shortOptions(word, words[index + 1], table, note);
      if (used === undefined) return { unknown: word };
      index += used;
    }
  }
  return { operands, given, optionsEnd };
}

/** How many further words it takes; `undefined` for what is not in the table. */
function longOption(
  word: string,
  next: string | undefined,
  table: ReadonlyMap<string, Kind>,
  note: (name: string, value: string) => void,
): number | undefined {
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  const kind = table.get(name);
  if (kind === undefined || (equals !== -1 && kind === 'flag')) return undefined;
  if (equals !== -1 || kind !== 'value') {
    note(name, equals === -1 ? '' : word.slice(equals + 1));
    return 0;
  }
  if (!isValue(next)) return undefined;
  note(name, next);
  return 1;
}

/**
 * A word that is no option, should the program see the one before it as an option without a value: of that programs have
 * more than one opinion, also from one version to the next.
 */
function isValue(word: string | undefined): word is string {
  return (
    word !== undefined && /^(?:-?$|[^-]|-\d+(?: (?:second|minute|hour|day|week|month|year)s?)?$)/.test(word)
  );
}

function shortOptions(
  word: string,
  next: string | undefined,
  table: ReadonlyMap<string, Kind>,
  note: (name: string, value: string) => void,
): number | undefined {
  for (let at = 1; at < word.length; at++) {
    const name = `-${word[at]}`;
    const kind = table.get(name);
    if (kind === undefined) return undefined;
    const rest = word.slice(at + 1);
    if (kind === 'flag') {
      note(name, '');
    } else if (kind === 'optional' || (rest !== '' && kind !== 'apart')) {
      note(name, rest);
      return 0;
    } else {
      // What is attached to such an option are further ones.
      if (rest !== '' || next === undefined) return undefined;
      if (kind === 'always' ? next === '--' : !isValue(next)) return undefined;
      note(name, next);
      return 1;
    }
  }
  return 0;
}

function tableOf(list: OptionList): ReadonlyMap<string, Kind> {
  let table = compiled.get(list);
  if (!table) {
    const kinds: Readonly<Record<string, Kind>> = {
      ':': 'value',
      '+': 'always',
      '?': 'optional',
      '!': 'apart',
    };
    table = new Map(
      list
        .split(/\s+/)
        .filter((entry) => entry !== '')
        .map((entry) => [entry.replace(/[:?!+]$/, ''), kinds[entry.at(-1)!] ?? 'flag']),
    );
    compiled.set(list, table);
  }
  return table;
}
