import { describe, expect, it } from 'vitest';
import { answerOf, answerRow, type QuestionKind, writingRow } from '../../src/ui/approval-keys.js';
import { cells } from '../../src/ui/break-rows.js';
import type { Key } from '../../src/ui/keys.js';

const text = (typed: string): Key => ({ type: 'text', text: typed });
const key = (name: string, ctrl = false): Key => ({ type: 'key', name, ctrl, alt: false, shift: false });
const kinds: readonly QuestionKind[] = ['call', 'plan', 'leaving'];

describe('the keys of a question', () => {
  it.each<readonly [QuestionKind, string, string | undefined]>([
    ['call', 'y', 'once'],
    ['call', 'Y', 'once'],
    ['call', 'a', 'session'],
    ['call', 'p', 'project'],
    ['call', 'n', 'no'],
    ['call', 'r', 'write'],
    ['call', 'e', undefined],
    ['plan', 'e', 'accept-edits'],
    ['plan', 'a', 'ask'],
    ['plan', 'r', 'write'],
    // A yes that does not say how would be a guess.
    ['plan', 'y', undefined],
    ['plan', 'p', undefined],
    ['plan', 'n', undefined],
    ['leaving', 'e', 'accept-edits'],
    ['leaving', 'n', 'no'],
    ['call', 'yes', undefined],
    ['call', '', undefined],
  ])('about a %s: %j answers %s', (kind, typed, answer) => {
    expect(answerOf(text(typed), kind)).toBe(answer);
  });

  it.each([
    [['once'], 'y n r'],
    [['once', 'session'], 'y a n r'],
    [['once', 'session', 'project'], 'y a p n r'],
  ] as const)('about a call whose yes may hold for %j are %s, shown and taken alike', (scopes, shown) => {
    const letters = [...'yapnre'].filter((one) => answerOf(text(one), 'call', { scopes }) !== undefined);
    expect(letters.join(' ')).toBe(shown);
    expect(answerRow('call', 13, { scopes })).toBe(`${shown} Esc`);
  });

  it('about several calls are one more, which is for all of them', () => {
    expect(answerOf(text('t'), 'call', { calls: 3 })).toBe('together');
    expect(answerOf(text('t'), 'call')).toBeUndefined();
    expect(answerRow('call', 120, { calls: 3 })).toBe(
      'y the first once · t all 3 once · a session · p project · n no · r say what instead · Esc stops the turn',
    );
    expect(answerRow('call', 70, { calls: 3 })).toContain('y first · t all 3 ·');
    expect(answerRow('call', 15, { calls: 3 })).toBe('y t a p n r Esc');
  });

  it.each(kinds)('of a %s: Esc and Ctrl+C stop; Enter, Shift+Tab and a paste do nothing', (kind) => {
    expect([answerOf(key('escape'), kind), answerOf(key('c', true), kind)]).toEqual(['stop', 'stop']);
    for (const one of [key('enter'), key('tab'), key('y', true), { type: 'paste', text: 'y' } as const]) {
      expect(answerOf(one, kind)).toBeUndefined();
    }
  });

  it.each(kinds)('of a %s are all named down to 13 columns, in more words where there is room', (kind) => {
    for (let columns = 13; columns <= 120; columns += 1) {
      const row = answerRow(kind, columns);
      expect(cells(row)).toBeLessThanOrEqual(columns);
      const parts = row.split(row.includes(' · ') ? ' · ' : ' ');
      const shown = parts.map((part) => part[0]);
      for (const letter of 'yapnre') {
        if (answerOf(text(letter), kind)) expect(shown, `${columns}: ${row}`).toContain(letter);
      }
      expect(row).toContain('Esc');
      expect(cells(writingRow(kind, columns))).toBeLessThanOrEqual(columns);
    }
    expect(answerRow(kind, 80).length).toBeGreaterThan(answerRow(kind, 60).length);
    expect(answerRow(kind, 60).length).toBeGreaterThan(answerRow(kind, 20).length);
  });
});
