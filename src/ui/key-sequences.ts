import type { Key } from './keys.js';
import { type Sanitizer, sanitizeInput } from './sanitize.js';

export function named(name: string, modifiers = 0): Key {
  return {
    type: 'key',
    name,
    shift: (modifiers & 1) !== 0,
    alt: (modifiers & 2) !== 0,
    ctrl: (modifiers & 4) !== 0,
  };
}

/** The first key of `text` and its length; length 0 when more is needed, no key when it means nothing. */
export function takeKey(text: string, typed: Sanitizer): [Key | undefined, number] {
  const code = text.charCodeAt(0);
  if (code === 0x1b) return takeEscape(text);
  if (code < 0x20 || code === 0x7f) return [controlKey(code), 1];
  if (code >= 0x80 && code <= 0x9f) return [undefined, 1];
  const run = /^[^\u0000-\u001f\u007f-\u009f]+/.exec(text)?.[0] ?? '';
  const shown = typed.push(run).replaceAll('\ufffd', '');
  return [shown === '' ? undefined : { type: 'text', text: shown }, run.length];
}

function controlKey(code: number, modifiers = 0): Key | undefined {
  if (code === 0x0d) return named('enter', modifiers);
  if (code === 0x09) return named('tab', modifiers);
  if (code === 0x7f || code === 0x08) return named('backspace', modifiers);
  if (code === 0x1f) return named('_', modifiers | 4);
  if (code >= 0x01 && code <= 0x1a) return named(String.fromCharCode(code + 0x60), modifiers | 4);
  return undefined;
}

function takeEscape(text: string): [Key | undefined, number] {
  if (text.length === 1) return [undefined, 0];
  const second = text[1] ?? '';
  if (second === '[') return takeControlSequence(text, 2, 0);
  if (second === 'O') return takeFunctionKey(text, 2, 0);
  if (second === ']' || second === 'P' || second === '_' || second === '^' || second === 'X') {
    return takeString(text);
  }
  if (second === '\u001b') {
    const third = text[2];
    if (third === undefined) return [undefined, 0];
    if (third === '[') return takeControlSequence(text, 3, 2);
    if (third === 'O') return takeFunctionKey(text, 3, 2);
    return [named('escape'), 1];
  }
  const code = text.charCodeAt(1);
  if (code < 0x20 || code === 0x7f) return [controlKey(code, 2), 2];
  const character = String.fromCodePoint(text.codePointAt(1) ?? 0x20);
  return [named(character, 2), 1 + character.length];
}

const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
};
const numbers: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};

function takeControlSequence(text: string, from: number, alt: number): [Key | undefined, number] {
  const match = /^([\x30-\x3f]*)([\x20-\x2f]*)([\x40-\x7e])/.exec(text.slice(from, from + 64));
  if (!match) {
    const rest = text.slice(from);
    const foreign = /[^\x20-\x3f]/.exec(rest);
    // Something that no sequence contains: drop what came before it and go on there.
    if (foreign) return [undefined, from + foreign.index];
    return [undefined, rest.length > 64 ? text.length : 0];
  }
  const [whole, parameters = '', , final = ''] = match;
  const length = from + whole.length;
  const values = parameters.split(';').map((value) => Number.parseInt(value, 10));
  const modifiers = Math.max(0, (values[1] ?? 1) - 1 || 0) | alt;
  if (final === 'Z') return [named('tab', 1), length];
  if (final === 'u') return [codeKey(values[0] ?? 0, modifiers), length];
  if (final === '~' && values[0] === 27) return [codeKey(values[2] ?? 0, modifiers), length];
  const name = final === '~' ? numbers[values[0] ?? 0] : finals[final];
  return [name === undefined ? undefined : named(name, modifiers), length];
}

function takeFunctionKey(text: string, from: number, alt: number): [Key | undefined, number] {
  const final = text[from];
  if (final === undefined) return [undefined, 0];
  if (final === 'M') return [named('enter', alt), from + 1];
  const name = finals[final];
  return [name === undefined ? undefined : named(name, alt), from + 1];
}

/** A key that the terminal reports by its code (kitty's protocol, xterm's modifyOtherKeys). */
function codeKey(code: number, modifiers: number): Key | undefined {
  if (code === 27) return named('escape', modifiers);
  const control = code < 0x20 || code === 0x7f ? controlKey(code, modifiers) : undefined;
  if (control || code < 0x20 || code === 0x7f) return control;
  // Private codes stand for keys that have no character (media keys, keypad).
  if (!(code <= 0x10ffff) || (code >= 0xe000 && code <= 0xf8ff)) return undefined;
  const character = sanitizeInput(String.fromCodePoint(code));
  if (character === '') return undefined;
  if ((modifiers & 6) !== 0) return named(character.toLowerCase(), modifiers);
  return { type: 'text', text: (modifiers & 1) === 0 ? character : character.toUpperCase() };
}

/** Replies of the terminal (colours, names) are not the user's typing: they are dropped whole. */
function takeString(text: string): [undefined, number] {
  return [undefined, stringEnd(text)];
}

/** The place behind the end of a string of the terminal; 0 where it has not come. */
export function stringEnd(text: string): number {
  const end = /\u0007|\u001b\\|\u009c/.exec(text);
  return end ? end.index + end[0].length : 0;
}
