import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PromptCommand } from '../core/prompt-command.js';
import { MarkdownFiles } from '../front-matter/markdown-files.js';
import { openPlaces, type Place } from '../front-matter/place.js';
import { lineOf } from '../front-matter/values.js';

const MOST_COMMANDS = 500;
const MOST_DEPTH = 4;
const MOST_DESCRIPTION = 200;
const MOST_HINT = 80;
/** What a file or folder may be called, so that it can be typed. */
const part = /^[a-z][a-z0-9_-]*$/i;

/** A command with what its file says. */
export interface CommandFile extends PromptCommand {
  readonly origin: Place['origin'];
  readonly text: string;
}

/** The custom commands in folders, found and read anew each time. */
export class CommandFiles {
  readonly #places: readonly Place[];
  readonly #files = new MarkdownFiles();

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  /** With a sentence for each that cannot be used as it is. */
  async look(): Promise<{ readonly commands: readonly CommandFile[]; readonly problems: readonly string[] }> {
    const commands = new Map<string, CommandFile>();
    const problems: string[] = [];
    for (const place of openPlaces(this.#places, problems)) {
      const found = filesIn(place.directory, [], problems);
      if (found.length > MOST_COMMANDS)
        problems.push(
          `${place.directory}: only the first ${MOST_COMMANDS} of ${found.length} commands are read.`,
        );
      for (const path of found.slice(0, MOST_COMMANDS)) {
        const command = await this.#read(path, place, problems);
        if (!command) continue;
        const before = commands.get(command.name);
        if (before)
          problems.push(
            `${command.file}: not used, because ${before.file} has the same name. Rename one of them.`,
          );
        else commands.set(command.name, command);
      }
    }
    return { commands: [...commands.values()], problems };
  }

  async #read(
    path: readonly string[],
    { directory, within, origin }: Place,
    problems: string[],
  ): Promise<CommandFile | undefined> {
    const file = join(directory, ...path);
    const read = await this.#files.read(file, within === undefined ? {} : { within });
    if (!read) return undefined;
    if (read.problem !== undefined) problems.push(read.problem);
    if (!read.ok) return undefined;
    if (read.body === '') {
      problems.push(`${file}: not used, because there is no text in it.`);
      return undefined;
    }
    const hint = read.keys.get('argument-hint');
    const argumentHint = lineOf(Array.isArray(hint) ? `[${hint.join('] [')}]` : hint, MOST_HINT);
    const [first = ''] = read.body.split('\n', 1);
    return {
      name: path.join(':').toLowerCase().replace(/\.md$/, ''),
      kind: 'command',
      description:
        lineOf(read.keys.get('description'), MOST_DESCRIPTION) ||
        lineOf(first.replace(/^#+\s*/, ''), MOST_DESCRIPTION),
      ...(argumentHint === '' ? {} : { argumentHint }),
      ...{ file, origin, text: read.body },
    };
  }
}

/** Every Markdown file below a folder, by its names from there. */
function filesIn(directory: string, above: readonly string[], problems: string[]): (readonly string[])[] {
  const entries = entriesOf(join(directory, ...above)).slice(0, MOST_COMMANDS * 2);
  return entries.flatMap((entry): (readonly string[])[] => {
    const path = [...above, entry.name];
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) {
      if (path.length >= MOST_DEPTH || !part.test(entry.name)) return [];
      return filesIn(directory, path, problems);
    }
    if (!/\.md$/i.test(entry.name)) return [];
    if (part.test(entry.name.slice(0, -3))) return [path];
    problems.push(
      `${join(directory, ...path)}: not used, because a command is called by letters, digits, - and _. Rename it.`,
    );
    return [];
  });
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    return [];
  }
}
