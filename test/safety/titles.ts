import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { caseIdsOf } from './cases.js';

const tests = join(import.meta.dirname, '..');
/** The lists of the cases themselves. */
const lists = new Set([
  'durability/cases.ts',
  'safety/cases.ts',
  'safety/cases.test.ts',
  'safety/waiting.ts',
]);

export interface Title {
  /** Below `test`. */
  readonly file: string;
  readonly text: string;
}

/** Every text in the tests that begins with the id of a case: titles, and rows of tables that become titles. Comments do not count. */
export function titlesWithIds(idsOf: typeof caseIdsOf = caseIdsOf): readonly Title[] {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !lists.has(file))
    .flatMap((file) => textsOf(file).map((text) => ({ file, text })))
    .filter(({ text }) => idsOf(text).length > 0);
}

function textsOf(file: string): string[] {
  const source = readFileSync(join(tests, file), 'utf8');
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) walk(one);
    else if (typeof node === 'object' && node !== null) {
      const { type, value } = node as { type?: unknown; value?: unknown };
      if (type === 'Literal' && typeof value === 'string') texts.push(value);
      if (type === 'TemplateElement') texts.push((value as { cooked?: string }).cooked ?? '');
      for (const child of Object.values(node)) walk(child);
    }
  };
  walk(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }).body);
  return texts;
}
