import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedSkill, Skills } from '../core/skill.js';
import { MarkdownFiles } from '../front-matter/markdown-files.js';
import { isSameFile, openPlaces, type Place } from '../front-matter/place.js';
import { lineOf } from '../front-matter/values.js';

/** Of one folder; more are told of and left out. */
const MOST_SKILLS = 200;
const MOST_DESCRIPTION = 1_024;
const skillName = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 64;

/** The skills in folders, found and read anew each time they are asked for. */
export class SkillFiles implements Skills {
  readonly #places: readonly Place[];
  readonly #files = new MarkdownFiles();

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  async list(): Promise<readonly LoadedSkill[]> {
    return (await this.look()).skills;
  }

  async load(name: string): Promise<LoadedSkill | undefined> {
    return (await this.list()).find((one) => one.name === name);
  }

  /** With a sentence for each that cannot be used. */
  async look(): Promise<{ readonly skills: readonly LoadedSkill[]; readonly problems: readonly string[] }> {
    const skills = new Map<string, LoadedSkill>();
    const problems: string[] = [];
    for (const place of openPlaces(this.#places, problems)) {
      const folders = foldersIn(place.directory);
      if (folders.length > MOST_SKILLS)
        problems.push(
          `${place.directory}: only the first ${MOST_SKILLS} of ${folders.length} skills are read.`,
        );
      for (const folder of folders.slice(0, MOST_SKILLS)) {
        const read = await this.#read(folder, place);
        if (read === undefined) continue;
        if (typeof read === 'string') {
          problems.push(read);
          continue;
        }
        const before = skills.get(read.name);
        if (!before) skills.set(read.name, read);
        else if (!isSameFile(before.file, read.file))
          problems.push(
            `${read.file}: not used, because ${before.file} has the same name. Rename one of them.`,
          );
      }
    }
    return { skills: [...skills.values()], problems };
  }

  async #read(name: string, { directory, within }: Place): Promise<LoadedSkill | string | undefined> {
    const folder = join(directory, name);
    const file = join(folder, 'SKILL.md');
    const read = await this.#files.read(file, within === undefined ? {} : { within });
    if (!read) return undefined;
    if (!read.ok || read.problem !== undefined) return `${read.problem} The skill is left out.`;
    const named = lineOf(read.keys.get('name'), LONGEST_NAME + 1) || name;
    const description = lineOf(read.keys.get('description'), MOST_DESCRIPTION);
    if (named.length > LONGEST_NAME || !skillName.test(named))
      return `${file}: the skill is left out, because its name is not made of small letters, digits and single dashes. Correct name: ….`;
    if (description === '')
      return `${file}: the skill is left out, because its front matter has no description: that is what a model chooses it by. Write description: ….`;
    return { name: named, description, folder, file, text: read.body };
  }
}

function foldersIn(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
    return folders
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch {
    return [];
  }
}
