import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = [
  ...readdirSync(root)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, 'docs', name)),
  join(root, 'examples/README.md'),
];

const withoutCode = (text: string) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

/** As GitHub names the place of a heading. */
const placesIn = (file: string) =>
  [...withoutFences(readFileSync(file, 'utf8')).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutFences = (text: string) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');

function brokenLinks(page: string): string[] {
  const links = withoutCode(readFileSync(page, 'utf8')).matchAll(/\]\(([^()\s]+)\)/g);
  return [...links].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link!)) return [];
    const [path = '', place] = link!.split('#');
    const target = path === '' ? page : resolve(dirname(page), path);
    if (!existsSync(target)) return [`${link}: there is no such file`];
    if (place === undefined) return [];
    return statSync(target).isFile() && placesIn(target).includes(place) ? [] : [`${link}: no such heading`];
  });
}

describe('the documentation', () => {
  it.each(pages.map((page) => [relative(root, page), page]))('%s links to what is there', (_, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it('has no page that no other one links to', () => {
    const linked = new Set(
      pages.flatMap((page) =>
        [...withoutCode(readFileSync(page, 'utf8')).matchAll(/\]\(([^()\s#]+)[^()\s]*\)/g)].map(([, link]) =>
          resolve(dirname(page), link!),
        ),
      ),
    );
    const docs = pages.filter((page) => page.startsWith(join(root, 'docs')));
    expect(docs.length).toBeGreaterThan(10);
    expect(docs.filter((page) => !linked.has(page)).map((page) => relative(root, page))).toEqual([]);
  });
});
