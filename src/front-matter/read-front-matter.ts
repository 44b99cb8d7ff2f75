import { parseSettings } from '../config/parse.js';
import { cleanText } from '../contributors/clean-text.js';
import { VictorError } from '../core/errors.js';
import { keysByLine } from './keys-by-line.js';

/** A Markdown file with the keys that stand at its beginning between two lines of dashes. */
export interface FrontMatter {
  /** Whether there is such a block. */
  readonly present: boolean;
  /** A map, because a file may name a key `__proto__`. */
  readonly keys: ReadonlyMap<string, unknown>;
  readonly body: string;
  /** Why the keys cannot be read, and what to do; there are none then. */
  readonly problem?: string;
}

/** More is no description any more; whoever reads it would have to look at each character of it. */
const MOST_CHARACTERS = 32_000;

/**
 * Reads the keys and what stands below them, of agents, skills and commands alike. Many of them were written for programs
 * that take each line as it is (`description: Use it when: …`), so what is no YAML is read line by line. Characters that
 * nobody sees are left out.
 */
export async function readFrontMatter(content: string, file: string): Promise<FrontMatter> {
  const { text } = cleanText(content);
  const none = { keys: new Map(), body: text.trim() };
  const begin = /^---[ \t]*\n/.exec(text)?.[0].length;
  if (begin === undefined) return { ...none, present: false };
  // The end of the block may be its second line.
  const end = /^---[ \t]*$/m.exec(text.slice(begin));
  if (!end) {
    const problem = `${file}: its front matter does not end. Put --- on a line of its own behind it.`;
    return { ...none, present: true, problem };
  }
  const head = text.slice(begin, begin + end.index);
  const body = text.slice(begin + end.index + end[0].length).trim();
  if (head.length > MOST_CHARACTERS) {
    const problem = `${file}: its front matter has more than ${MOST_CHARACTERS} characters. Put what is long below it.`;
    return { keys: none.keys, body, present: true, problem };
  }
  const byLine = keysByLine(head);
  const keys = (await keysOfYaml(head, file, byLine)) ?? byLine;
  if (keys.size > 0 || isBlank(head)) return { keys, body, present: true };
  const problem = `${file}: its front matter is no list of keys. Write each on a line of its own, such as description: ….`;
  return { keys, body, present: true, problem };
}

/** The keys as YAML has them; `undefined` where it is none, or too much of it. */
async function keysOfYaml(
  head: string,
  file: string,
  byLine: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, unknown> | undefined> {
  try {
    const { value } = await parseSettings(`\n${head}`, file);
    if (!isMap(value)) return undefined;
    const keys = new Map(Object.entries(value));
    // `description:` with the text below it, and a colon in that, is a map to YAML and a text to whoever wrote it.
    if (isMap(keys.get('description'))) keys.set('description', byLine.get('description'));
    return keys;
  } catch (error) {
    if (error instanceof VictorError) return undefined;
    throw error;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBlank(head: string): boolean {
  return head.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
}
