import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { messageOf } from '../../core/describe-failure.js';
import { ConfigError } from '../../core/errors.js';

export interface JsonLine<Value> {
  /** From 1. */
  readonly line: number;
  readonly value: Value;
}

/** So many of the lines that cannot be used are named. */
const NAMED = 5;

/** What cannot be used of a file of cases, line by line. */
export class WrongLines {
  readonly #file: string;
  readonly #expected: string;
  readonly #wrong: { readonly line: number; readonly why: string }[] = [];

  /** `expected`: a line as it should be. */
  constructor(file: string, expected: string) {
    this.#file = file;
    this.#expected = expected;
  }

  add(line: number, why: string): void {
    this.#wrong.push({ line, why });
  }

  /** Throws `ConfigError` with all of them, if there is one. */
  throwIfAny(): void {
    if (this.#wrong.length === 0) return;
    const all = this.#wrong.sort((a, b) => a.line - b.line).map(({ line, why }) => `line ${line}: ${why}`);
    const more = all.length > NAMED ? `; and ${all.length - NAMED} more lines` : '';
    throw new ConfigError(`${all.slice(0, NAMED).join('; ')}${more}`, {
      file: this.#file,
      advice: `A line is ${this.#expected}. Nothing was evaluated.`,
    });
  }
}

/** The values of a file with one JSON value a line; blank lines and those that begin with `//` are left out. */
export async function readJsonLines<Value>(
  file: string,
  schema: z.ZodType<Value>,
  wrong: WrongLines,
): Promise<readonly JsonLine<Value>[]> {
  const values: JsonLine<Value>[] = [];
  for (const [index, written] of (await textOf(file)).split('\n').entries()) {
    const line = index + 1;
    if (written.trim() === '') continue;
    let parsed: unknown;
    try {
      parsed = JSON.parse(written);
    } catch (error) {
      wrong.add(line, `no JSON (${messageOf(error)})`);
      continue;
    }
    const checked = schema.safeParse(parsed);
    if (checked.success) values.push({ line, value: checked.data });
    else {
      const { path = [], message = 'not usable' } = checked.error.issues[0] ?? {};
      wrong.add(line, [path.map(String).join('.'), message].filter((part) => part !== '').join(': '));
    }
  }
  return values;
}

const problems: Readonly<Record<string, string>> = { ENOENT: 'does not exist', EISDIR: 'is a folder' };

/** The text of a file without a byte-order mark, its lines that begin with `//` blank. Throws `ConfigError` when it cannot be read. */
export async function textOf(file: string): Promise<string> {
  try {
    const lines = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split('\n');
    return lines.map((one) => (one.trimStart().startsWith('//') ? '' : one)).join('\n');
  } catch (error) {
    const why = problems[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error);
    throw new ConfigError(`${file} cannot be read: ${why}`, { advice: 'Name a file with one case a line.' });
  }
}
