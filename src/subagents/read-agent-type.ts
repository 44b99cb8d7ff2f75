import { nearest } from '../config/nearest.js';
import type { FrontMatter } from '../front-matter/read-front-matter.js';
import { lineOf, namesOf } from '../front-matter/values.js';
import { isProviderName } from '../providers/presets.js';
import type { AgentType } from './agent-type.js';

/** A definition, or why it is none. Sentences that begin with the file and end with what to do. */
export type ReadAgentType =
  | {
      readonly type: AgentType;
      /** Keys that are probably mistyped: without its tools it has all of them. */
      readonly mistakes: readonly string[];
      /** What else of the file does not count. */
      readonly remarks: readonly string[];
    }
  | { readonly problem: string };

const LONGEST_DESCRIPTION = 200;
const LONGEST_PROMPT = 20_000;
/** Names that other programs give their models. */
const otherNames: ReadonlySet<string> = new Set(['inherit', 'sonnet', 'opus', 'haiku']);
const ownKeys = ['name', 'description', 'tools', 'disallowedTools', 'model'] as const;
/** Keys of other programs, and of commands, that are near one of ours, and no mistake. */
const otherKeys: ReadonlySet<string> = new Set(['mode', 'allowed-tools']);

/**
 * An agent from a Markdown file: `name`, `description`, `tools`, `disallowedTools` and `model` between two lines of `---`, and its prompt behind
 * them. Keys of other programs are left alone. With `anyModel: false` it names a model of the session's provider only.
 */
export function readAgentType(
  { present, keys, body }: FrontMatter,
  file: string,
  fallbackName: string,
  { anyModel }: { readonly anyModel: boolean },
): ReadAgentType {
  const out = (why: string, advice: string) => ({
    problem: `${file}: the agent is left out, because ${why}. ${advice}`,
  });
  if (!present)
    return out(
      'it does not begin with a block between two lines of ---',
      'Put name, description and tools there.',
    );
  const mistyped = mistypedKeys(keys);
  const name = lineOf(keys.get('name'), 100) || fallbackName;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name))
    return out('its name is not made of up to 40 letters, digits, - and _', 'Give it one by name: ….');
  const description = lineOf(keys.get('description'), LONGEST_DESCRIPTION + 1);
  if (description === '')
    return out(
      'its front matter has no description: that is what a model chooses it by',
      mistyped.get('description') ?? 'Write description: ….',
    );
  const tools = namesOf(keys.get('tools'));
  if (!tools)
    return out('its tools are no list of names', 'Write tools: Read, Grep, or each on a line behind a dash.');
  const refused = namesOf(keys.get('disallowedTools'));
  if (!refused) return out('its disallowedTools are no list of names', 'Write disallowedTools: Bash, Write.');
  const model = lineOf(keys.get('model'), 200);
  const mayBe = anyModel || !(model.includes('/') || isProviderName(model));
  const usable = model !== '' && !otherNames.has(model) && mayBe;
  const mistakes = [...mistyped].filter(([key]) => !keys.has(key)).map(([, advice]) => `${file}: ${advice}`);
  const remarks = [
    ...(mayBe
      ? []
      : [
          `its model ${model} does not count: a project's agent stays with the session's provider. Name a model of that, or none.`,
        ]),
    ...(body.length > LONGEST_PROMPT
      ? [`only the first ${LONGEST_PROMPT} characters of its text are used. Make it shorter.`]
      : []),
  ].map((remark) => `${file}: ${remark}`);
  return {
    type: {
      name,
      description: cut(description, LONGEST_DESCRIPTION),
      prompt: cut(body, LONGEST_PROMPT),
      // A star is how other programs write all of them.
      ...(keys.has('tools') && !tools.includes('*') ? { tools } : {}),
      // A rule for some calls of a tool, as other programs write them, takes the whole tool away: never one more than is meant.
      ...(refused.length > 0 ? { withoutTools: refused.map((one) => one.replace(/\(.*$/s, '')) } : {}),
      ...(usable ? { model } : {}),
      ...(usable && !anyModel ? { keepsProvider: true } : {}),
      file,
    },
    ...{ mistakes, remarks },
  };
}

/** Keys that are nearly one of ours, by that one, with what to do. */
function mistypedKeys(keys: FrontMatter['keys']): ReadonlyMap<string, string> {
  const unknown = [...keys.keys()].filter(
    (key) => !(ownKeys as readonly string[]).includes(key) && !otherKeys.has(key),
  );
  return new Map(
    unknown.flatMap((key): [string, string][] => {
      const meant = nearest(key, ownKeys);
      return meant === undefined ? [] : [[meant, `${key} does not count. Did you mean ${meant}?`]];
    }),
  );
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}
