import { parseSettings } from '../config/parse.js';
import { cleanText } from '../contributors/clean-text.js';
import { VictorError } from '../core/errors.js';

/** A Markdown file with the keys that stand at its beginning between two lines of dashes. */
export interface FrontMatter {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Why the keys cannot be read; there are none then. */
  readonly problem?: string;
}

/** Reads the keys and what stands below them. Characters that nobody sees are left out. */
export async function readFrontMatter(content: string, file: string): Promise<FrontMatter> {
  const { text } = cleanText(content);
  const [whole, yaml] = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(text) ?? [];
  if (whole === undefined || yaml === undefined) {
    if (!/^---[ \t]*\n/.test(text)) return { keys: {}, body: text.trim() };
    const problem = `${file}: its front matter does not end; put --- on a line of its own behind it.`;
    return { keys: {}, body: text.trim(), problem };
  }
  const body = text.slice(whole.length).trim();
  try {
    const { value } = await parseSettings(`\n${yaml}\n`, file);
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isMap) return { keys: value as Record<string, unknown>, body };
    if (value === null || value === undefined) return { keys: {}, body };
    return {
      keys: {},
      body,
      problem: `${file}: its front matter is no list of keys, such as description: …`,
    };
  } catch (error) {
    if (!(error instanceof VictorError)) throw error;
    const quote = 'A text with a colon in it needs quotes.';
    return { keys: {}, body, problem: `${error.message} ${quote}` };
  }
}

/** A key's text in one line, cut; empty where it has none. */
export function lineOf(value: unknown, most: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const line = String(value).replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
