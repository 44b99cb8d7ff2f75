import * as z from 'zod';
import type { LoadedSkill, Skills } from '../core/skill.js';
import type { Tool } from '../core/tool.js';

export interface SkillInput {
  readonly name: string;
}

/**
 * Loads a skill. A tool and not the file, because skills of the user's lie outside of the workspace, where Read would ask each
 * time; what else a skill's folder has is read as every file is.
 */
export function createSkillTool(skills: Skills, textOf: (skill: LoadedSkill) => string): Tool<SkillInput> {
  return {
    name: 'Skill',
    description:
      'Load the instructions of one of the skills that you know of by name, before the work they are for.',
    kind: 'read',
    core: true,
    keywords: ['skill', 'instructions', 'load', 'use', 'guide', 'how'],
    schema: z.strictObject({ name: z.string() }),
    paths: () => [],
    describe: ({ name }) => name,
    async execute({ name }) {
      const skill = await skills.load(name);
      if (skill) return { content: textOf(skill), summary: skill.name };
      const names = (await skills.list()).map((one) => one.name).join(', ');
      const content = `There is no skill ${name}. The skills are: ${names || 'none any more'}.`;
      return { content, isError: true, summary: 'no such skill' };
    },
  };
}
