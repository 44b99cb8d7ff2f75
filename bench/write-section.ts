import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../docs/context.md', import.meta.url);

/** Puts a text between the marks of its section in docs/context.md; everything else stays. */
export function writeSection(name: string, text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [start, end] = [`<!-- ${name}: start -->`, `<!-- ${name}: end -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/context.md has no section between ${start} and ${end}.`);
  writeFileSync(PAGE, `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`);
}
