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
  ['\u001f', ['C-_']],
  [`${esc}/${esc}<${esc}y`, ['M-/', 'M-<', 'M-y']],
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
    ['U07 NUL and other control characters', '\u0000\u001c\u001d\u001e'],
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
    expect(parser.pending).toBe('key');
    expect(parser.flush()).toEqual([]);
    expect(parser.push('a').map(name)).toEqual(['"a"']);
    expect(keysOf(`${esc}[12\u00e9`)).toEqual(['"é"']);
  });

  it('E06 tells what the terminal answered, and makes no text of it, however slowly it comes', () => {
    const answer = '11;rgb:ffff/ffff/ffff';
    for (const end of ['\u0007', `${esc}\\`]) {
      const bytes = `a${esc}]${answer}${end}b`;
      for (let cut = 4; cut < bytes.length - 1; cut += 1) {
        const replies: string[] = [];
        const parser = createKeyParser((text) => replies.push(text));
        const keys = [
          ...parser.push(bytes.slice(0, cut)),
          ...parser.flush(),
          ...parser.push(bytes.slice(cut)),
        ];
        expect(keys.map(name).join(' ')).toBe('"a" "b"');
        expect(replies).toEqual([answer]);
      }
    }
  });

  it('U07 drops an answer that never ends, and reads on', () => {
    const parser = createKeyParser();
    expect(parser.push(`${esc}]11;rgb:ff`)).toEqual([]);
    expect([...parser.flush(), ...parser.flush()]).toEqual([]);
    expect(parser.pending).toBeUndefined();
    expect(parser.push('a').map(name)).toEqual(['"a"']);
  });

  it.each(['\u0007', `${esc}\\`, '\u009c'])(
    'U07 makes no text of an answer too long to be kept, and reads on behind its end %j',
    (end) => {
      for (const begin of [`${esc}]52;c;`, `${esc}P>|`, `${esc}_G`]) {
        const bytes = `a${begin}${'QUJD'.repeat(3_000)}${end}b`;
        for (const size of [1, 997, 4_096, bytes.length - 1, bytes.length]) {
          const replies: string[] = [];
          const parser = createKeyParser((text) => replies.push(text));
          const keys: Key[] = [];
          for (let at = 0; at < bytes.length; at += size)
            keys.push(...parser.push(bytes.slice(at, at + size)));
          keys.push(...parser.flush());
          const text = keys.map((key) => (key.type === 'text' ? key.text : key.type));
          expect(text.join('')).toBe('ab');
        }
      }
    },
  );

  it('U07 ends such an answer at Ctrl+C, and when nothing more of it comes', () => {
    for (const ending of ['\u0003', '']) {
      const parser = createKeyParser();
      expect(parser.push(`${esc}]52;c;${'A'.repeat(5_000)}`)).toEqual([]);
      expect(parser.push('more of it')).toEqual([]);
      expect(parser.pending).toBe('key');
      if (ending === '') expect([...parser.flush(), ...parser.flush()]).toEqual([]);
      else expect(parser.push(ending).map(name)).toEqual(['C-c']);
      expect(parser.pending).toBeUndefined();
      expect(parser.push('a').map(name)).toEqual(['"a"']);
    }
  });

  it.each([
    ['lines', 'one\rtwo', 'one\ntwo'],
    ['lines with an end', 'one\rtwo\r', 'one\ntwo\n'],
    ['lines that end in two characters', 'one\r\ntwo\r\n', 'one\ntwo\n'],
    ['a line that begins with an end', '\rone\rtwo', '\none\ntwo'],
    ['empty lines and a tab', '\r\r\tone', '\n\n\tone'],
  ])('takes %s that come in one read without marks as a paste, and sends nothing of it', (_, bytes, text) => {
    const parser = createKeyParser();
    expect(parser.push(bytes)).toEqual([]);
    expect(parser.pending).toBe('paste');
    expect(parser.flush()).toEqual([{ type: 'paste', text }]);
    expect(parser.pending).toBeUndefined();
  });

  it('takes the next reads of such a paste as more of it, up to a key or until nothing comes', () => {
    const parser = createKeyParser();
    expect(parser.push('one\rtw')).toEqual([]);
    expect(parser.push('o\r')).toEqual([]);
    expect(parser.push(`three${esc}[A`).map(name)).toEqual([expect.stringContaining('paste'), 'up']);
    expect(parser.push('a\rb')).toEqual([]);
    expect(parser.push('\u0003').map(name)).toEqual(['paste "a\\nb"', 'C-c']);
    expect(parser.push('x\r').map(name)).toEqual(['"x"', 'enter']);
    expect(parser.push('\r\r').map(name)).toEqual(['enter', 'enter']);
    expect(parser.push('\ry').map(name)).toEqual(['enter', '"y"']);
  });

  it('takes lines that come at once as typed where the terminal has marked a paste before', () => {
    const parser = createKeyParser();
    parser.push(`${esc}[200~pasted${esc}[201~`);
    expect(parser.flush().map(name)).toEqual(['paste "pasted"']);
    expect(parser.push('/model x\ry\rgo').map(name)).toEqual(['"/model x"', 'enter', '"y"', 'enter', '"go"']);
    expect(parser.pending).toBeUndefined();
  });

  it('U06 takes a megabyte of paste as one insert, whatever the chunks', () => {
    const content = `line one\n${'x'.repeat(1_000_000)}\nend`;
    const parser = createKeyParser();
    const keys: Key[] = [];
    const bytes = `${esc}[200~${content.replaceAll('\n', '\r\n')}${esc}[201~`;
    for (let at = 0; at < bytes.length; at += 4_093) keys.push(...parser.push(bytes.slice(at, at + 4_093)));
    keys.push(...parser.flush());
    expect(keys).toEqual([{ type: 'paste', text: content }]);
  });

  it.each([
    ['a line end behind it', `one${esc}[201~\rtwo`, 'one\ntwo'],
    ['another paste behind it', `one${esc}[201~\r${esc}[200~two`, 'one\ntwo'],
    ['nothing behind it', `one${esc}[201~`, 'one'],
  ])('U06 takes an end marker inside of a paste as part of it: %s', (_, content, text) => {
    const bytes = `${esc}[200~${content}${esc}[201~`;
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const parser = createKeyParser();
      const keys = [...parser.push(bytes.slice(0, cut)), ...parser.push(bytes.slice(cut)), ...parser.flush()];
      expect(keys).toEqual([{ type: 'paste', text }]);
    }
  });

  it('takes what is typed a moment after a paste as keys', () => {
    const parser = createKeyParser();
    expect(parser.push(`${esc}[200~one${esc}[201~`)).toEqual([]);
    expect(parser.pending).toBe('paste');
    expect(parser.push('\r')).toEqual([]);
    expect(parser.flush().map(name)).toEqual(['paste "one"', 'enter']);
    expect(parser.pending).toBeUndefined();
    expect(parser.push('a').map(name)).toEqual(['"a"']);
  });

  it.each(['\u0003', `${esc}[99;5u`])(
    'leads out of a paste whose end was lost by Ctrl+C, sent as %j',
    (interrupt) => {
      const parser = createKeyParser();
      expect(parser.push(`${esc}[200~one\u0003two`)).toEqual([]);
      expect(parser.push(interrupt).map(name)).toEqual(['paste "onetwo"', 'C-c']);
      expect(parser.push('a').map(name)).toEqual(['"a"']);
    },
  );

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
