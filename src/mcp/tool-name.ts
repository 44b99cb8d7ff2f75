import { modelText } from '../tools/model-text.js';
import { hashOf } from './hash-of.js';

/** The shortest limit among the providers we speak to. */
const LONGEST_NAME = 64;

/** What a tool of a server is called: `mcp__server__tool`, of letters that every provider takes. */
export function toolName(server: string, tool: string, taken: ReadonlySet<string>): string {
  const written = `mcp__${server}__${tool}`;
  const plain = modelText(written).replaceAll(/[^A-Za-z0-9_-]/g, '_');
  // Two names that become alike are told apart by what they were, whichever of them comes first.
  if (plain === written && plain.length <= LONGEST_NAME && !taken.has(plain)) return plain;
  for (let attempt = 0; ; attempt += 1) {
    const ending = `_${hashOf(attempt === 0 ? tool : [tool, attempt]).slice(0, 6)}`;
    const name = `${plain.slice(0, LONGEST_NAME - ending.length)}${ending}`;
    if (!taken.has(name)) return name;
  }
}
