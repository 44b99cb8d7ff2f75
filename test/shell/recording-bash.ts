import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommand } from '../../src/shell/parse.js';
import { readOnlyCommands } from '../../src/shell/read-only-commands.js';

/** Disabled in bash, so that it looks for a program of that name, which can record. */
const builtins = ['echo', 'printf', 'test', 'pwd', 'true', 'false'];
/** Every name that may run unasked, and some that only a rule could allow. */
export const recordedNames: readonly string[] = [...readOnlyCommands.keys(), 'npm', 'make', 'xargs'];

type Argv = readonly string[];

/** Real bash, which finds a program for every name that records its words and does nothing else. */
export class RecordingBash {
  readonly #programs: string;
  readonly #records: string;

  constructor(directory: string) {
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
      input: `enable -n ${builtins.join(' ')}\n${script}`,
      cwd: this.#programs,
      env: { PATH: this.#programs, RECORD: '/dev/null', STATUS: String(status) },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    return lines.map((_, index) => this.#recorded(join(this.#records, String(index))));
  }

  #recorded(path: string): readonly Argv[] {
    return existsSync(path) ? splitRecord(readFileSync(path, 'utf8')) : [];
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
