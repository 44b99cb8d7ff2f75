import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { homeDirectory, victorPaths } from '../config/paths.js';
import type { Edit } from './edits.js';

export interface Surroundings {
  /** Absolute path that the conversation works in. */
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** What follows a path that only begins like one of ours. */
const goesOn = String.raw`(?![\w-]|\.\w)`;
/** A path begins here: not inside another, but after an escape that stands for a line break. */
const begins = String.raw`(?:(?<![\w.~-])|(?<=\\[nrt]))`;

/** The folders that differ from one run to the next, and what stands for them. */
export class Places {
  /** By path, longest first. */
  readonly #marks: ReadonlyMap<string, string>;
  readonly #paths: RegExp;
  readonly #byMark: ReadonlyMap<string, string>;

  constructor({ cwd, environment }: Surroundings) {
    const named: readonly [string, string][] = [
      ['<victor:cwd>', cwd],
      ['<victor:output>', victorPaths(environment).outputDirectory],
      ['<victor:home>', homeDirectory(environment)],
      ['<victor:tmp>', tmpdir()],
    ];
    this.#byMark = new Map(named);
    const all = [...named, ['<victor:tmp>', '/tmp'] as const].flatMap(([mark, path]) =>
      [path, realOrSame(path)].map((one) => [one, mark] as const),
    );
    // The first name of a path counts, should home and working directory be one.
    const marks = new Map(all.reverse().filter(([path]) => path.length > 1));
    this.#marks = new Map([...marks].sort(([one], [other]) => other.length - one.length));
    this.#paths = new RegExp(`${begins}(?:${[...this.#marks.keys()].map(escaped).join('|')})${goesOn}`, 'g');
  }

  /** Where these folders stand in a text, and what to write there. */
  edits(text: string): Edit[] {
    return [...text.matchAll(this.#paths)].map(({ index, 0: path }) => ({
      start: index,
      end: index + path.length,
      text: this.#marks.get(path)!,
    }));
  }

  /** The folder that a mark stands for here. */
  pathOf(mark: string): string | undefined {
    return this.#byMark.get(mark);
  }
}

function realOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
