import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommand } from '../../src/shell/parse.js';
import { readOnlyCommands } from '../../src/shell/read-only-commands.js';

/** Disabled in bash, so that it looks for a program of that name, which can record. */
const builtins = ['echo', 'printf', 'test', 'pwd', 'true', 'false'];
/** Every name that may run unasked, and some that only a rule could allow. */
export const recordedNames: readonly string[] = [...readOnlyCommands.keys(), 'npm', 'make', 'xargs'];

/** Each writes to a file of its process, because bash writes in pieces, and the commands of a pipeline write at once. */
const functions = recordedNames
  .map(
    (name) =>
      `function ${name} { builtin printf '%s\\0' "$#" '${name}' "$@" >> "$RECORD.$BASHPID"; return "$STATUS"; }`,
  )
  .join('\n');

type Argv = readonly string[];

/**
 * Real bash, which finds for every name something that records its words and does nothing else: a program, or a function
 * of its own, which gets the same words in a hundredth of the time.
 */
export class RecordingBash {
  readonly #programs: string;
  readonly #records: string;
  readonly #prologue: string;

  constructor(directory: string, recorders: 'programs' | 'functions' = 'programs') {
    this.#prologue = recorders === 'programs' ? `enable -n ${builtins.join(' ')}` : functions;
    this.#programs = join(directory, 'programs');
    this.#records = join(directory, 'records');
    mkdirSync(this.#programs);
    for (const name of recordedNames) {
      const path = join(this.#programs, name);
      writeFileSync(path, `#!/bin/sh\nprintf '%s\\0' "$#" '${name}' "$@" >> "$RECORD"\nexit "$STATUS"\n`);
      chmodSync(path, 0o755);
    }
  }

  /** The words of every program that bash started for each command line, when every program ends with `status`. */
  run(lines: readonly string[], status: number): readonly (readonly Argv[])[] {
    rmSync(this.#records, { recursive: true, force: true });
    mkdirSync(this.#records);
    // One record a line, told apart without a process.
    const script = lines.map((line, index) => `RECORD=${this.#records}/${index}\n${line}\n`).join('');
    spawnSync('/bin/bash', ['--noprofile', '--norc'], {
      input: `${this.#prologue}\n${script}`,
      cwd: this.#programs,
      env: { PATH: this.#programs, RECORD: '/dev/null', STATUS: String(status) },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const recorded = lines.map((): Argv[] => []);
    for (const file of readdirSync(this.#records)) {
      recorded[Number(file.split('.')[0])]!.push(
        ...splitRecord(readFileSync(join(this.#records, file), 'utf8')),
      );
    }
    return recorded;
  }
}

/** What we say that bash starts for a line: the commands of a pipeline run at once, so without an order. */
export function predicted(line: string, status: number): readonly Argv[] {
  const parsed = parseCommand(line);
  if ('unsure' in parsed) throw new Error(`${line} is not exact`);
  let runs = true;
  return parsed.commands.flatMap(({ argv, joiner }) => {
    if (joiner === '&&') runs = status === 0;
    else if (joiner === '||') runs = status !== 0;
    else if (joiner !== '|') runs = true;
    return runs ? [argv] : [];
  });
}

/** The lines for which bash started something else than was predicted, as text for the message of a failure. */
export function differences(bash: RecordingBash, lines: readonly string[]): readonly string[] {
  return [0, 1].flatMap((status) => {
    const recorded = bash.run(lines, status);
    return lines.flatMap((line, index) => {
      const ours = textOf(predicted(line, status));
      const theirs = textOf(recorded[index] ?? []);
      return ours === theirs ? [] : [`${JSON.stringify(line)}: predicted ${ours}, bash ran ${theirs}`];
    });
  });
}

function textOf(commands: readonly Argv[]): string {
  return commands
    .map((argv) => JSON.stringify(argv))
    .sort()
    .join(' ');
}

function splitRecord(record: string): Argv[] {
  const fields = record.split('\0');
  const commands: Argv[] = [];
  for (let at = 0; at < fields.length - 1; ) {
    const end = at + 2 + Number(fields[at]);
    commands.push(fields.slice(at + 1, end));
    at = end;
  }
  return commands;
}
