import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyParser, type Key } from '../../src/ui/keys.js';

const esc = '\u001b';

/** A key in a few letters: `C-a`, `M-left`, `"text"`, `paste "…"`. */
function name(key: Key): string {
  if (key.type === 'text') return JSON.stringify(key.text);
  if (key.type === 'paste') return `paste ${JSON.stringify(key.text)}`;
  return `${key.ctrl ? 'C-' : ''}${key.alt ? 'M-' : ''}${key.shift ? 'S-' : ''}${key.name}`;
}

function keysOf(text: string): string[] {
  const parser = createKeyParser();
  return [...parser.push(text), ...parser.flush()].map(name);
}

const known: readonly (readonly [bytes: string, keys: readonly string[]])[] = [
  ['hello', ['"hello"']],
  ['漢字 👩‍🚀', ['"漢字 👩‍🚀"']],
  ['a\r', ['"a"', 'enter']],
  ['\n', ['C-j']],
  ['\t', ['tab']],
  ['\u0001\u0005\u0017\u0019', ['C-a', 'C-e', 'C-w', 'C-y']],
  ['\u007f\b', ['backspace', 'backspace']],
  [`${esc}[A${esc}[B${esc}[C${esc}[D`, ['up', 'down', 'right', 'left']],
  [`${esc}OA${esc}OH${esc}OF`, ['up', 'home', 'end']],
  [`${esc}[H${esc}[F${esc}[1~${esc}[4~`, ['home', 'end', 'home', 'end']],
  [`${esc}[3~${esc}[5~${esc}[6~`, ['delete', 'page-up', 'page-down']],
  [`${esc}[1;5C${esc}[1;3D${esc}[1;2A`, ['C-right', 'M-left', 'S-up']],
  [`${esc}[Z`, ['S-tab']],
  [`${esc}b${esc}f${esc}d`, ['M-b', 'M-f', 'M-d']],
  [`${esc}\r${esc}\u007f`, ['M-enter', 'M-backspace']],
  [`${esc}[13;2u${esc}[27;2;13~`, ['S-enter', 'S-enter']],
  [`${esc}[27u${esc}[99;5u${esc}[97u`, ['escape', 'C-c', '"a"']],
  [`${esc}`, ['escape']],
  [`${esc}${esc}`, ['escape', 'escape']],
  [`${esc}${esc}[A`, ['M-up']],
  [`${esc}[200~two\rlines${esc}[201~x`, ['paste "two\\nlines"', '"x"']],
  [`${esc}[200~${esc}[31mred${esc}]0;t\u0007\u0000${esc}[201~`, ['paste "red"']],
];

describe('the key parser', () => {
  it.each(known)('reads %j', (bytes, keys) => {
    expect(keysOf(bytes)).toEqual(keys);
  });

  it.each(known.filter(([bytes]) => bytes.length > 1))('U07 reads %j cut at every place', (bytes, keys) => {
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const parser = createKeyParser();
      const read = [...parser.push(bytes.slice(0, cut)), ...parser.push(bytes.slice(cut)), ...parser.flush()];
      // Text may come in two pieces; what it says is the same.
      const joined = (names: readonly string[]) => names.join(' ').replaceAll('" "', '');
      expect(joined(read.map(name))).toBe(joined(keys));
    }
  });

  it.each([
    ['U07 NUL and other control characters', '\u0000\u001c\u001f'],
    ['U07 C1 characters', '\u0080\u009b\u009f'],
    ['U07 sequences that no key sends', `${esc}[?1;2c${esc}[5;10R${esc}[I${esc}[<0;1;1M${esc}[99~`],
    ['E06 replies to queries of colour and name', `${esc}]11;rgb:0000/0000/0000\u0007${esc}P>|term${esc}\\`],
    ['U07 what invalid UTF-8 decodes to', '\ufffd'],
  ])('takes no text from %s', (_, bytes) => {
    expect(keysOf(bytes)).toEqual([]);
  });

  it('U07 drops a sequence that does not end, and reads on', () => {
    const parser = createKeyParser();
    expect(parser.push(`${esc}[1;`)).toEqual([]);
    expect(parser.pending).toBe(true);
    expect(parser.flush()).toEqual([]);
    expect(parser.push('a').map(name)).toEqual(['"a"']);
    expect(keysOf(`${esc}[12\u00e9`)).toEqual(['"é"']);
  });

  it('U06 takes a megabyte of paste as one insert, whatever the chunks', () => {
    const content = `line one\n${'x'.repeat(1_000_000)}\nend`;
    const parser = createKeyParser();
    const keys: Key[] = [];
    const bytes = `${esc}[200~${content.replaceAll('\n', '\r\n')}${esc}[201~`;
    for (let at = 0; at < bytes.length; at += 4_093) keys.push(...parser.push(bytes.slice(at, at + 4_093)));
    expect(keys).toEqual([{ type: 'paste', text: content }]);
  });

  it('never throws and never makes text of control characters', () => {
    const piece = fc.oneof(
      fc.constantFrom(esc, '[', 'O', ']', '2', '0', '~', ';', 'u', '\u0007'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const parser = createKeyParser();
        const keys = [...pieces.flatMap((one) => parser.push(one)), ...parser.flush()];
        for (const key of keys) {
          if (key.type === 'text') expect(key.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
