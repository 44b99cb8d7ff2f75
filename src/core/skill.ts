/** Instructions for one kind of work, in a folder with whatever they need. */
export interface Skill {
  readonly name: string;
  /** What it is for: all that a model sees of it until it is loaded. */
  readonly description: string;
  /** Its folder, absolute. */
  readonly folder: string;
  readonly file: string;
}

/** A skill with its instructions. */
export interface LoadedSkill extends Skill {
  readonly text: string;
}

export interface Skills {
  /** As they are now; those of the user before those of a project. */
  list(): Promise<readonly Skill[]>;
  /** `undefined` where there is none of this name. */
  load(name: string): Promise<LoadedSkill | undefined>;
}
