import { cleanText } from '../contributors/clean-text.js';
import { isProviderName } from '../providers/presets.js';
import type { AgentType } from './agent-type.js';

/** A definition as it is, or why it is none. */
export type ReadAgentType = { readonly type: AgentType } | { readonly problem: string };

const LONGEST_DESCRIPTION = 200;
const LONGEST_PROMPT = 20_000;
/** Names that other programs give their models. */
const otherNames: ReadonlySet<string> = new Set(['inherit', 'sonnet', 'opus', 'haiku']);

/**
 * An agent from a Markdown file: `name`, `description`, `tools` and `model` between two lines of `---`, and its prompt behind
 * them. Keys of other programs are left alone. With `anyModel: false` it names a model of the session's provider only.
 */
export function readAgentType(
  content: string,
  file: string,
  fallbackName: string,
  { anyModel }: { readonly anyModel: boolean },
): ReadAgentType {
  const [, head, body = ''] =
    /^---[ \t]*\n([\s\S]*?)\n---[ \t]*(?:\n([\s\S]*))?$/.exec(cleanText(content).text) ?? [];
  if (head === undefined) return { problem: 'it does not begin with a block between two lines of ---' };
  const fields = fieldsIn(head);
  const name = fields.get('name')?.[0] ?? fallbackName;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name))
    return { problem: `its name must be up to 40 letters, digits, - and _` };
  const description = (fields.get('description') ?? []).join(' ').replaceAll(/\s+/g, ' ').trim();
  if (description === '') return { problem: 'it has no description' };
  const tools = fields
    .get('tools')
    ?.flatMap((one) => one.split(/[\s,]+/))
    .filter((one) => one !== '');
  const model = fields.get('model')?.[0];
  const mayBe = (one: string) => anyModel || !(one.includes('/') || isProviderName(one));
  const usable = model !== undefined && model !== '' && !otherNames.has(model) && mayBe(model);
  return {
    type: {
      name,
      description: cut(description, LONGEST_DESCRIPTION),
      prompt: cut(body.trim(), LONGEST_PROMPT),
      ...(tools ? { tools } : {}),
      ...(usable ? { model } : {}),
      ...(usable && !anyModel ? { keepsProvider: true } : {}),
      file,
    },
  };
}

/** `key: value` a line, and below a key its list or the rest of its text; what is quoted loses its quotes. */
function fieldsIn(head: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of head.split('\n')) {
    const [, key, rest = ''] = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/.exec(line) ?? [];
    if (key !== undefined) {
      values = [];
      fields.set(key, values);
      if (rest.trim() !== '' && !/^[|>][+-]?$/.test(rest.trim())) values.push(unquoted(rest));
    } else if (/^\s+\S/.test(line) || /^- /.test(line)) {
      values?.push(unquoted(line.trim().replace(/^-\s+/, '')));
    }
  }
  return fields;
}

function unquoted(text: string): string {
  const [, , quoted] = /^(["'])(.*)\1$/.exec(text.trim()) ?? [];
  return (quoted ?? text.trim().replace(/^\[(.*)\]$/, '$1')).trim();
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}
