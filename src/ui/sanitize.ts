/**
 * The one way for text that Victor did not write (model, tools, files, errors, paste) to reach the screen.
 * A state machine over UTF-16 units, so that a sequence split between chunks is treated as if it came whole.
 * Removed: escape sequences (CSI, OSC, DCS, APC, PM, SOS and the rest), control characters but newline and tab,
 * characters that reorder or hide text (bidi, zero width, tags), and combining marks piled on one character.
 * Where something was removed stands one mark, so that nobody takes the rest for the whole.
 */
export interface Sanitizer {
  /** The part of this chunk that may be shown. */
  push(chunk: string): string;
}

type Place = 'ground' | 'escape' | 'intermediate' | 'csi' | 'string' | 'string-escape';

/** Nothing in here needs a look: printable ASCII, newline, tab. */
const plain = /^[\t\n\x20-\x7e]*$/;
/** More marks than this on one character are an attack on the layout, not a language. */
const mostMarks = 8;
const blackFlag = 0x1f3f4;
/** The letters of a region and the end; a longer row of tags spells something else. */
const mostFlagTags = 7;
/** A sequence that goes on for longer hides text instead of commanding a terminal. */
const longestString = 65_536;
const longestCsi = 256;
const carriageReturn = 0x0d;

/** What stands where something was removed. */
const removedMark = '\ufffd';

export function createSanitizer(mark = removedMark): Sanitizer {
  let place: Place = 'ground';
  /** Characters of the control sequence so far. */
  let length = 0;
  let high = 0;
  /** Half a Windows line end, or something that overwrites the line: the next character tells. */
  let returned = false;
  /** The last thing was removed, and its mark is there. */
  let marked = false;
  /** The last character that was kept; joiners and selectors depend on it. */
  let previous = 0;
  let marks = 0;
  /** Tag characters that a flag may still be made of. */
  let flagTags = 0;

  /** What the ground state keeps of one code point. */
  function keep(code: number): boolean {
    if (isTag(code)) {
      flagTags -= 1;
      return flagTags >= 0;
    }
    flagTags = code === blackFlag ? mostFlagTags : 0;
    if (code === 0x200d || code === 0x200c) return previous > 0x7f;
    if (code === 0xfe0e || code === 0xfe0f) return previous > 0x7f || isKeycapBase(previous);
    if (isHidden(code)) return false;
    if (code < 0x300 || !/^\p{M}$/u.test(String.fromCodePoint(code))) {
      marks = 0;
      return true;
    }
    marks += 1;
    return marks <= mostMarks;
  }

  /** Feeds one code point; true when it may be shown. */
  function step(code: number): boolean {
    switch (place) {
      case 'ground':
        length = 0;
        if (code === 0x1b) place = 'escape';
        else if (code === 0x9b) place = 'csi';
        else if (isStringOpener(code)) place = 'string';
        else if (code === 0x0a || code === 0x09 || !isControl(code)) {
          if (!keep(code)) return false;
          previous = code;
          return true;
        }
        return false;
      case 'escape':
      case 'intermediate':
        return escaped(code);
      case 'csi':
        length += 1;
        if (length > longestCsi) return restart(code);
        if (code === 0x1b) place = 'escape';
        else if (code >= 0x40 && code <= 0x7e) place = 'ground';
        else if (code === 0x0a || code >= 0x7f) return restart(code);
        return false;
      case 'string':
        // A terminal would swallow everything after an unfinished string; resuming at the next line keeps the text honest.
        length += 1;
        if (code === 0x0a || length > longestString) return restart(code);
        if (code === 0x07 || code === 0x9c) place = 'ground';
        else if (code === 0x1b) place = 'string-escape';
        return false;
      case 'string-escape':
        if (code === 0x5c) {
          place = 'ground';
          return false;
        }
        place = 'escape';
        return escaped(code);
    }
  }

  function escaped(code: number): boolean {
    if (code === 0x1b) place = 'escape';
    else if (code >= 0x20 && code <= 0x2f) place = 'intermediate';
    else if (place === 'escape' && code === 0x5b) place = 'csi';
    else if (place === 'escape' && isStringOpener(code + 0x40)) place = 'string';
    else if (code >= 0x30 && code <= 0x7e) place = 'ground';
    else return restart(code);
    return false;
  }

  function restart(code: number): boolean {
    place = 'ground';
    return step(code);
  }

  /** The mark, unless it stands there already. */
  function removed(): string {
    if (marked) return '';
    marked = true;
    flagTags = 0;
    return mark;
  }

  function pushUnit(unit: number): string {
    if (unit >= 0xd800 && unit <= 0xdbff) {
      // A lone half of a pair is no character.
      const lone = high === 0 ? '' : removed();
      high = unit;
      return lone;
    }
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (isLow && high === 0) return removed();
    const lone = !isLow && high !== 0 ? removed() : '';
    const code = isLow ? (high - 0xd800) * 0x400 + (unit - 0xdc00) + 0x10000 : unit;
    high = 0;
    // A byte order mark in front of everything is no text and hides none.
    if (code === 0xfeff && previous === 0 && !marked) return lone;
    if (!step(code)) return lone + removed();
    marked = false;
    return lone + String.fromCodePoint(code);
  }

  return {
    push(chunk) {
      if (place === 'ground' && high === 0 && !returned && plain.test(chunk)) {
        if (chunk !== '') {
          previous = chunk.charCodeAt(chunk.length - 1);
          marks = 0;
          flagTags = 0;
          marked = false;
        }
        return chunk;
      }
      let kept = '';
      for (let index = 0; index < chunk.length; index += 1) {
        const unit = chunk.charCodeAt(index);
        if (returned && unit !== 0x0a) kept += removed();
        returned = unit === carriageReturn && place === 'ground';
        if (returned && high !== 0) {
          kept += removed();
          high = 0;
        }
        if (!returned) kept += pushUnit(unit);
      }
      return kept;
    },
  };
}

/** A whole text made safe to show. */
export function sanitize(text: string): string {
  return plain.test(text) ? text : createSanitizer().push(text);
}

/** What was typed or pasted, without what is no text; a mark would become part of what the user says. */
export function sanitizeInput(text: string): string {
  return plain.test(text) ? text : createSanitizer('').push(text);
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** DCS, SOS, OSC, PM and APC as single C1 characters. */
function isStringOpener(code: number): boolean {
  return code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f);
}

function isTag(code: number): boolean {
  return code >= 0xe0000 && code <= 0xe007f;
}

function isKeycapBase(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x23 || code === 0x2a;
}

/** Characters that change how other text looks without being seen themselves. */
function isHidden(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x61c ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xfe00 && code <= 0xfe0d) ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0100 && code <= 0xe01ef)
  );
}
