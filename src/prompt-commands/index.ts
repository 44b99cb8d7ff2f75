import type { ExpandedPrompt, PromptCommand, PromptCommands } from '../core/prompt-command.js';
import type { LoadedSkill } from '../core/skill.js';
import type { Place } from '../front-matter/place.js';
import { type CommandFile, CommandFiles } from './command-files.js';
import { fillIn } from './fill-in.js';
import { SkillFiles } from './skill-files.js';
import { skillText } from './skill-text.js';

export interface PromptFilesOptions {
  readonly commands: readonly Place[];
  readonly skills: readonly Place[];
  /** Names that are taken already, and go on to mean what they mean. */
  readonly taken: ReadonlySet<string>;
}

const MOST_DESCRIPTION = 200;

/** The custom commands and skills in files; of two with one name the command counts. */
export class PromptFiles implements PromptCommands {
  readonly #commandFiles: CommandFiles;
  readonly #skillFiles: SkillFiles;
  readonly #taken: ReadonlySet<string>;
  #commands: readonly CommandFile[] = [];
  #skills: readonly LoadedSkill[] = [];
  #problems: readonly string[] = [];

  constructor({ commands, skills, taken }: PromptFilesOptions) {
    this.#commandFiles = new CommandFiles(commands);
    this.#skillFiles = new SkillFiles(skills);
    this.#taken = taken;
  }

  list(): readonly PromptCommand[] {
    const commands = this.#commands.map(({ text, origin, ...command }) => command);
    const skills = this.#skills.map(
      ({ name, description, file }): PromptCommand => ({
        ...{ name, kind: 'skill', file },
        description:
          description.length > MOST_DESCRIPTION ? `${description.slice(0, MOST_DESCRIPTION)}…` : description,
      }),
    );
    return [...commands, ...skills];
  }

  problems(): readonly string[] {
    return this.#problems;
  }

  async refresh(): Promise<void> {
    const [{ commands, problems }, { skills, problems: ofSkills }] = await Promise.all([
      this.#commandFiles.look(),
      this.#skillFiles.look(),
    ]);
    const names = new Set(commands.map(({ name }) => name));
    const takenBy = ({ name }: { readonly name: string }) => this.#taken.has(name);
    this.#commands = commands.filter((one) => !takenBy(one));
    this.#skills = skills.filter((one) => !takenBy(one) && !names.has(one.name));
    this.#problems = [
      ...problems,
      ...ofSkills,
      ...[...commands, ...skills]
        .filter(takenBy)
        .map(
          ({ name, file }) =>
            `${file}: /${name} is a command of Victor's, so that it stays. Rename the file to use it by name.`,
        ),
      ...skills
        .filter(({ name }) => names.has(name) && !this.#taken.has(name))
        .map(
          ({ name, file }) =>
            `${file}: /${name} is a command of your own; the model may use the skill all the same.`,
        ),
    ];
  }

  async expand(name: string, given: string): Promise<ExpandedPrompt | undefined> {
    await this.refresh();
    const command = this.#commands.find((one) => one.name === name);
    if (command) {
      const text = fillIn(command.text, given);
      return { text, mentions: text };
    }
    const skill = this.#skills.find((one) => one.name === name);
    if (!skill) return undefined;
    const asked = given.trim() === '' ? '' : `\n\n${given.trim()}`;
    return { text: `Use the skill ${name}.${asked}\n\n${skillText(skill)}`, mentions: given };
  }
}
