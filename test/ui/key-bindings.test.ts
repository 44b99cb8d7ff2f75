import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createChords } from '../../src/ui/chords.js';
import { initialInput, reduceInput } from '../../src/ui/input-state.js';
import { type Intent, intentOf } from '../../src/ui/key-bindings.js';
import { keyName } from '../../src/ui/key-names.js';
import { keyTable } from '../../src/ui/key-table.js';
import { createKeyParser, type Key } from '../../src/ui/keys.js';
import { shortcutLines, shortcuts } from '../../src/ui/shortcuts.js';

const esc = '\u001b';
const empty = initialInput();
const written = reduceInput(empty, { type: 'insert', text: 'text' });

/** What the bytes of a key mean, in a word. */
function meaning(bytes: string, input = written, queued = false): string | undefined {
  const parser = createKeyParser();
  const chord = createChords();
  const keys = [...parser.push(bytes), ...parser.flush()].flatMap((key) => chord(key) ?? []);
  return keys.map((key) => word(intentOf(key, { input, columns: 78, queued }))).join(' ');
}

function word(intent: Intent | undefined): string {
  if (intent?.type !== 'edit') return intent?.type ?? 'nothing';
  return intent.actions
    .map((action) => ('text' in action ? JSON.stringify(action.text) : action.type))
    .join('+');
}

describe('the keys', () => {
  it.each([
    ['\r', 'send'],
    [`${esc}[13;2u`, '"\n"'],
    [`${esc}\r`, '"\n"'],
    ['\n', '"\n"'],
    ['\u0004', 'delete-right'],
    ['\u0014', 'transpose'],
    ['\u001f', 'undo'],
    [`${esc}[45;6u`, 'undo'],
    ['\u0018\u0015', 'undo'],
    [`${esc}/`, 'redo'],
    ['\u0019', 'yank'],
    [`${esc}y`, 'yank-older'],
    [`${esc}<${esc}>`, 'text-start text-end'],
    [`${esc}[44;4u${esc}[46;4u`, 'text-start text-end'],
    [`${esc}\u007f\u0017`, 'kill-word-left kill-word-left'],
    [`${esc}[H${esc}[F`, 'line-start line-end'],
    [`${esc}[A${esc}[1;2B`, 'up down'],
    [`${esc}[Z\t`, 'next-mode complete'],
    ['?', '"?"'],
    ['left', '"left"'],
    ['\u0018x', '"x"'],
    ['\u0018\u0018', 'nothing'],
    [`${esc}q`, 'nothing'],
  ])('%j over a text mean %s', (bytes, expected) => {
    expect(meaning(bytes)).toBe(expected.replaceAll('\n', '\\n'));
  });

  it('mean something else on an empty input where the table says so', () => {
    expect(meaning('\u0004', empty)).toBe('end');
    expect(meaning('?', empty)).toBe('shortcuts');
    expect(meaning(`${esc}[A`, empty)).toBe('up');
    expect(meaning(`${esc}[A`, empty, true)).toBe('take-queued');
    expect(meaning(`${esc}[A`, written, true)).toBe('up');
    expect(meaning(`${esc}[200~?${esc}[201~`, empty)).toBe('"?"');
  });

  it('break the line after a backslash', () => {
    const input = reduceInput(written, { type: 'insert', text: ' \\' });
    expect(meaning('\r', input)).toBe('delete-left+"\\n"');
  });

  it('that are bound are told, and what is told is bound', () => {
    const keys: Key[] = keyTable.flatMap(({ keys, also = [] }) => [...keys, ...also].map(keyOf));
    for (const key of keys) {
      expect(
        intentOf(key, { input: empty, columns: 78, queued: true }),
        key.type === 'key' ? keyName(key) : key.text,
      ).toBeDefined();
    }
    const told = shortcuts().flatMap(({ keys }) => keys.split(', '));
    expect(new Set(told).size).toBe(new Set(keyTable.flatMap(({ keys }) => keys)).size);
    expect(shortcutLines().join('\n')).toMatch(/^Enter +send/);
  });
});

function keyOf(short: string): Key {
  const [, modifiers = '', name = ''] = /^((?:[CMS]-)*)(.+)$/.exec(short) ?? [];
  if (modifiers === '' && name.length === 1) return { type: 'text', text: name };
  const has = (modifier: string) => modifiers.includes(modifier);
  return { type: 'key', name, ctrl: has('C-'), alt: has('M-'), shift: has('S-') };
}

it('the README has every key as it is', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = shortcuts().map(
    ({ keys, says }) =>
      `| ${keys
        .split(', ')
        .map((key) => `\`${key}\``)
        .join(', ')} | ${says} |`,
  );
  expect(readme).toContain(['| keys | what they do |', '|---|---|', ...rows].join('\n'));
});
