import type { Argument, Command, Option } from 'commander';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What a word may be that only this machine knows: what the shell completes itself, or names that Victor has to look up. */
export type Wanted =
  | 'files'
  | 'directories'
  | 'sessions'
  | 'servers'
  | 'workflows'
  | 'settings'
  | 'setting-values'
  | 'models'
  | 'providers'
  | 'strategies';

export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly wanted?: Wanted;
  /** The word before it: of a value, the key that takes it. */
  readonly before?: string;
  /** Stands in the word before what is wanted: `--cwd=`. */
  readonly prefix?: string;
}

/** Flags that may stand before any command, or without one. */
export type LeadingOptions = readonly Option[];

const nothing: Completion = { candidates: [] };

/** What the last of the words may become, by the tree of commands. `words`: all behind `victor`, the last may be empty. */
export function candidatesFor(root: Command, leading: LeadingOptions, words: readonly string[]): Completion {
  const current = words.at(-1) ?? '';
  const place = placeOf(root, leading, words.slice(0, -1));
  const { command, ended, waiting } = place;
  if (waiting?.required) return optionValue(waiting, current);
  const [, flag, rest] = ended ? [] : (/^(--[\w-]+=)([\s\S]*)$/.exec(current) ?? []);
  if (flag !== undefined && rest !== undefined) {
    const option = place.options.find(({ long }) => `${long}=` === flag);
    return option ? optionValue(option, rest, flag) : nothing;
  }
  if (!ended && current.startsWith('-')) return matching(current, place.options.map(optionCandidate));
  if (waiting) return optionValue(waiting, current);
  if (command.commands.length > 0 && place.operands.length === 0) {
    return matching(current, subcommandsOf(command));
  }
  return argumentValue(command, place.operands, current);
}

interface Place {
  readonly command: Command;
  readonly options: readonly Option[];
  /** Words of the command that are neither flags nor their values. */
  readonly operands: readonly string[];
  /** Behind `--` nothing is a flag. */
  readonly ended: boolean;
  /** The flag whose value comes next, or may. */
  readonly waiting: Option | undefined;
}

function placeOf(root: Command, leading: LeadingOptions, before: readonly string[]): Place {
  let command = root;
  let options = optionsOf(root, leading);
  const operands: string[] = [];
  let ended = false;
  let waiting: Option | undefined;
  for (const word of before) {
    if (waiting?.required || (waiting && !word.startsWith('-'))) {
      waiting = undefined;
      continue;
    }
    waiting = undefined;
    if (!ended && word.startsWith('-') && word !== '-') {
      if (word === '--') ended = true;
      else waiting = options.find((one) => takesValue(one) && (one.long === word || one.short === word));
      continue;
    }
    const next = operands.length === 0 && !ended ? childOf(command, word) : undefined;
    if (next) {
      command = next;
      options = optionsOf(next, []);
    } else if (word !== 'help' || command !== root) operands.push(word);
  }
  return { command, options, operands, ended, waiting };
}

function childOf(command: Command, name: string): Command | undefined {
  return command.commands.find((one) => one.name() === name || one.aliases().includes(name));
}

function optionsOf(command: Command, leading: LeadingOptions): readonly Option[] {
  return [...command.createHelp().visibleOptions(command), ...leading];
}

function subcommandsOf(command: Command): Candidate[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((one) => ({ value: one.name(), description: one.description() }));
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function optionCandidate({ long, short, description }: Option): Candidate {
  return { value: long ?? short ?? '', description };
}

function matching(current: string, candidates: readonly Candidate[], prefix = ''): Completion {
  const found = candidates.filter(({ value }) => value.startsWith(current));
  return { candidates: found.map((one) => ({ ...one, value: prefix + one.value })) };
}

function optionValue(option: Option, current: string, prefix = ''): Completion {
  if (option.argChoices) {
    const choices = option.argChoices.map((value) => ({ value, description: '' }));
    return matching(current, choices, prefix);
  }
  return wants(optionWants(option), prefix);
}

function optionWants({ long, flags }: Option): Wanted | undefined {
  if (long === '--resume' || long === '--session') return 'sessions';
  if (long === '--model') return 'models';
  if (long === '--strategy') return 'strategies';
  if (long === '--json-schema' || /[<[]file[>\]]/.test(flags)) return 'files';
  return /[<[]directory[>\]]/.test(flags) ? 'directories' : undefined;
}

function argumentValue(command: Command, operands: readonly string[], current: string): Completion {
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument = all[operands.length] ?? (last?.variadic ? last : undefined);
  if (argument?.argChoices) {
    return matching(
      current,
      argument.argChoices.map((value) => ({ value, description: '' })),
    );
  }
  return wants(argument && argumentWants(command, argument), '', operands.at(-1));
}

/** By what the help calls it; names mean something else in each command. */
function argumentWants(command: Command, argument: Argument): Wanted | undefined {
  const path = `${command.parent?.name()} ${command.name()} ${argument.name()}`;
  return byPlace[path] ?? byName[argument.name()];
}

const byName: Readonly<Record<string, Wanted>> = {
  cases: 'files',
  command: 'files',
  directory: 'directories',
  file: 'files',
  id: 'sessions',
  input: 'files',
  prompt: 'files',
  session: 'sessions',
  sessions: 'sessions',
};

const byPlace: Readonly<Record<string, Wanted>> = {
  'config set key': 'settings',
  'config show key': 'settings',
  'config unset key': 'settings',
  'config set value': 'setting-values',
  'mcp approve name': 'servers',
  'mcp remove name': 'servers',
  'mcp test name': 'servers',
  'victor models provider': 'providers',
  'victor run name': 'workflows',
};

function wants(wanted: Wanted | undefined, prefix: string, before?: string): Completion {
  if (wanted === undefined) return nothing;
  return {
    candidates: [],
    wanted,
    ...(prefix === '' ? {} : { prefix }),
    ...(before === undefined ? {} : { before }),
  };
}
