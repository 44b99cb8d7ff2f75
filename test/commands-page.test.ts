import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandsPage } from '../scripts/commands-page.mjs';

const page = readFileSync(new URL('../docs/commands.md', import.meta.url), 'utf8');

it('docs/commands.md is what the help of every command prints; npm run docs:commands writes it', async () => {
  const now = await commandsPage();
  expect(page).toBe(now);
  const titles = [...now.matchAll(/^## (victor.*)$/gm)].map(([, title]) => title);
  expect(titles).toEqual(
    expect.arrayContaining(['victor', 'victor ask', 'victor sessions export', 'victor mcp add']),
  );
});
