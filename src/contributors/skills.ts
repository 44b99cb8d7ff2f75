import type { PromptContribution, PromptContributor } from '../core/extension.js';
import type { Skills } from '../core/skill.js';

/** More of a description is cut, and more text is names alone. */
const MOST_DESCRIPTION = 500;
const MOST_CHARACTERS = 12_000;

const heading = `# Skills
Instructions for particular work. Before you begin work that one of them is for, load it with the tool Skill, and follow it.`;

/** Names the skills and what each is for. What changes in the middle of a turn counts from the next one. */
export function createSkillsContributor(skills: Skills): PromptContributor {
  let last: { readonly turnId: unknown; readonly contribution: PromptContribution } | undefined;
  return {
    name: 'skills',
    priority: 60,
    async getContribution({ turnId }) {
      if (turnId !== undefined && last?.turnId === turnId) return last.contribution;
      const all = await skills.list();
      const lines: string[] = [];
      const names: string[] = [];
      let length = 0;
      for (const { name, description } of all) {
        const line = `- ${name}: ${cut(description)}`;
        length += line.length;
        if (length > MOST_CHARACTERS) names.push(name);
        else lines.push(line);
      }
      if (names.length > 0) lines.push(`- and without a description here: ${names.join(', ')}`);
      const text = all.length === 0 ? '' : `${heading}\n${lines.join('\n')}`;
      const contribution = { section: 'skills', text, files: all.map(({ file }) => file) };
      last = { turnId, contribution };
      return contribution;
    },
  };
}

function cut(description: string): string {
  return description.length <= MOST_DESCRIPTION
    ? description
    : `${description.slice(0, MOST_DESCRIPTION).replace(/[\ud800-\udbff]$/, '')}…`;
}
