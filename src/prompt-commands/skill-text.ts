import { dataBlock } from '../core/data-block.js';
import type { LoadedSkill } from '../core/skill.js';

const MOST_CHARACTERS = 48_000;

/** The instructions of a skill as a model reads them, with the folder that their paths start from. */
export function skillText({ name, folder, file, text }: LoadedSkill): string {
  const cut = text.length > MOST_CHARACTERS;
  const shown = cut ? text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, '') : text;
  const more = cut ? `\n(Cut after ${MOST_CHARACTERS} characters: read ${file} for the rest.)` : '';
  return `${dataBlock('skill', shown, { name, folder })}${more}`;
}
