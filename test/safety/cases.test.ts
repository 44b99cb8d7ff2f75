import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseIdsOf, cases } from './cases.js';
import { rows } from './must-hold.js';
import { differencesFrom, resultsOf, tableIn, tableOf } from './table.js';
import { titlesWithIds } from './titles.js';
import { waiting } from './waiting.js';

const ids = Object.keys(cases);
const security = readFileSync(join(import.meta.dirname, '..', '..', 'SECURITY.md'), 'utf8');

describe('the cases of the threat model', () => {
  it('each is in the title of a test or waits for what it names', () => {
    const titled = new Set(titlesWithIds().flatMap(({ text }) => caseIdsOf(text)));
    const waits = waiting.map(({ id }) => id);
    expect(ids.filter((id) => !titled.has(id) && !waits.includes(id))).toEqual([]);
    expect(waits.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('are all there, in each of the six tables', () => {
    const counts = ['P', 'S', 'C', 'E', 'K', 'T'].map(
      (letter) => ids.filter((id) => id.startsWith(letter)).length,
    );
    expect(counts).toEqual([23, 25, 22, 14, 15, 20]);
  });
});

it('ids in titles are found where they name a case, and nowhere else', () => {
  const titles = [
    ['P05, P07: a link', ['P05', 'P07']],
    ['S20 and S21 too many', ['S20', 'S21']],
    ['refuses C12: a tab', ['C12']],
    ['who can open the database (K05)', ['K05']],
    ['2026-11-28T12:00', []],
    ['P99: no case', []],
    ['XS01 and S010 are none', []],
  ] as const;
  for (const [title, expected] of titles) expect(caseIdsOf(title), title).toEqual(expected);
});

describe('the table in SECURITY.md', () => {
  const recorded = rows.map(({ id, least, bound }) => ({
    row: id,
    tried: least,
    found: 'most' in bound ? bound.most : bound.least,
  }));

  // The run that prints the table compares it itself, and may be the one that writes it.
  it.skipIf(process.env.VICTOR_TEST_COUNTS)(
    'has the rows and bounds that are checked, and claims no less than has to be tried',
    () => {
      const shown = tableIn(security);
      const withoutNumbers = (table: string) => table.replace(/^(\|[^|]*)\|[^|]*\|[^|]*\|/gm, '$1|');
      expect(withoutNumbers(shown ?? '')).toBe(withoutNumbers(tableOf(resultsOf(recorded))));
    },
  );

  it('a row that did not run, one with too few tries and one with a finding do not hold', () => {
    const [first] = rows;
    const outcome = (counts: Parameters<typeof resultsOf>[0]) => resultsOf(counts)[0]?.holds;
    expect(outcome(recorded)).toBe(true);
    expect(outcome(recorded.slice(1))).toBe(false);
    expect(outcome([{ row: first!.id, tried: first!.least - 1, found: 0 }])).toBe(false);
    expect(outcome([{ row: first!.id, tried: first!.least, found: 1 }])).toBe(false);
    expect(tableOf(resultsOf([]))).toContain('did not run');
  });

  it('one that claims other rows, another outcome or more tries than there were is noticed', () => {
    const results = resultsOf(recorded);
    const table = tableOf(results);
    expect(differencesFrom(table, results)).toEqual([]);
    expect(differencesFrom(undefined, results)).toHaveLength(1);
    expect(differencesFrom(table.replace('100,000', '200,000'), results)).toHaveLength(1);
    expect(differencesFrom(table.replace('100,000', '90,000'), results)).toEqual([]);
    expect(differencesFrom(table.replace('yes', '**no**'), results)).toHaveLength(1);
    expect(differencesFrom(table.split('\n').slice(0, -1).join('\n'), results)).toHaveLength(1);
  });
});
