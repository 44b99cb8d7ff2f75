import type { Span, SpanStyle } from '../spans.js';

/** A piece of Markdown at some place of a line: where it ends, and what is shown of it. */
interface Found {
  readonly end: number;
  readonly spans: readonly Span[];
}

/** Lines longer than this are no prose: they are shown as they are. */
const longestLine = 4_096;
/** Constructs inside of each other beyond this are shown as they are. */
const deepest = 8;
const special = /[\\`*[!<]/g;
const escapable = /[!-/:-@[-`{-~]/;
const word = /[\p{L}\p{N}_]/u;
/** An address, and perhaps a title behind it. */
const linkTarget = /^(?:<([^>]*)>?|(\S*))(?:\s+["'(].*)?$/;
const address = /^<((?:https?|mailto):[^\s<>]+)>/;

/**
 * Code, bold, italic, links and escapes of one line, without their markers. `open`: more of the line is on its way, so
 * that a construct which the end of the text leaves open counts as closed there and nothing jumps when its end comes.
 * Underscores stay: in a programmer's text they belong to names.
 */
export function inlineSpans(text: string, style: SpanStyle = 'plain', open = false): Span[] {
  return text.length > longestLine ? [{ text, style }] : parse(text, { style, open, depth: 0 });
}

interface Place {
  readonly style: SpanStyle;
  readonly open: boolean;
  /** Constructs around this text. */
  readonly depth: number;
}

function parse(text: string, place: Place): Span[] {
  const { style, depth } = place;
  if (depth > deepest) return [{ text, style }];
  const spans: Span[] = [];
  const push = (span: Span) => {
    const last = spans[spans.length - 1];
    if (last && last.style === span.style) {
      spans[spans.length - 1] = { text: last.text + span.text, style: last.style };
    } else if (span.text !== '') spans.push(span);
  };
  let index = 0;
  while (index < text.length) {
    const found = constructAt(text, index, place);
    if (found) {
      for (const span of found.spans) push(span);
      index = found.end;
    } else {
      special.lastIndex = index + runAt(text, index);
      const end = special.exec(text)?.index ?? text.length;
      push({ text: text.slice(index, end), style });
      index = end;
    }
  }
  return spans.length === 0 ? [{ text: '', style }] : spans;
}

function constructAt(text: string, index: number, place: Place): Found | undefined {
  const { style, open } = place;
  switch (text[index]) {
    case '\\': {
      const next = text[index + 1] ?? '';
      return escapable.test(next) ? { end: index + 2, spans: [{ text: next, style }] } : undefined;
    }
    case '`':
      return codeAt(text, index, open);
    case '*':
      return emphasisAt(text, index, place);
    case '!':
      return text[index + 1] === '[' ? linkAt(text, index + 1, place) : undefined;
    case '[':
      return linkAt(text, index, place);
    case '<': {
      const [whole, url = ''] = address.exec(text.slice(index)) ?? [];
      return whole ? { end: index + whole.length, spans: [{ text: url, style: 'link' }] } : undefined;
    }
    default:
      return undefined;
  }
}

function codeAt(text: string, index: number, open: boolean): Found | undefined {
  const ticks = runAt(text, index);
  const start = index + ticks;
  const close = codeEnd(text, index);
  if (close === undefined) {
    return open ? { end: text.length, spans: [{ text: text.slice(start), style: 'code' }] } : undefined;
  }
  const inner = text.slice(start, close - ticks);
  const padded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
  return { end: close, spans: [{ text: padded ? inner.slice(1, -1) : inner, style: 'code' }] };
}

/** Behind the run of backticks that closes the one at `index`. */
function codeEnd(text: string, index: number): number | undefined {
  const ticks = runAt(text, index);
  let at = text.indexOf('`', index + ticks);
  while (at >= 0) {
    const run = runAt(text, at);
    if (run === ticks) return at + run;
    at = text.indexOf('`', at + run);
  }
  return undefined;
}

function emphasisAt(text: string, index: number, { style, open, depth }: Place): Found | undefined {
  const stars = runAt(text, index);
  const before = text[index - 1] ?? ' ';
  const next = text[index + stars];
  // Stars beside a slash belong to a path.
  if (stars > 3 || before === '/' || next === '/' || (stars === 1 && word.test(before))) return undefined;
  // A marker at the end of what has come so far shows nothing yet.
  if (next === undefined) return open && /\s/.test(before) ? { end: text.length, spans: [] } : undefined;
  if (/\s/.test(next)) return undefined;
  const start = index + stars;
  const close = emphasisEnd(text, start, stars);
  if (close === undefined && !open) return undefined;
  const inner = text.slice(start, close).replace(open && close === undefined ? /\*+$/ : /$^/, '');
  const kind = style === 'bold' || stars > 1 ? 'bold' : 'italic';
  return {
    end: close === undefined ? text.length : close + stars,
    spans: parse(inner, { style: kind, open: open && close === undefined, depth: depth + 1 }),
  };
}

/** Where the run of as many stars stands that closes an emphasis; code and escapes in between are skipped. */
function emphasisEnd(text: string, start: number, stars: number): number | undefined {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '`') at = (codeEnd(text, at) ?? at + runAt(text, at)) - 1;
    else if (character === '*') {
      const run = runAt(text, at);
      const closes = run === stars || (run === 3 && stars < 3);
      const previous = text[at - 1] ?? ' ';
      const next = text[at + run] ?? ' ';
      const opens = /[\s/]/.test(previous) || next === '/' || (stars === 1 && word.test(next));
      if (closes && !opens) return at + run - stars;
      at += run - 1;
    }
  }
  return undefined;
}

/** `[text](address "title")`: the text, and the address behind it where it says something else. */
function linkAt(text: string, index: number, { style, open, depth }: Place): Found | undefined {
  const labelEnd = closingAt(text, index, '[', ']');
  if (labelEnd === undefined || text[labelEnd + 1] !== '(') return undefined;
  const targetEnd = closingAt(text, labelEnd + 1, '(', ')');
  if (targetEnd === undefined && !open) return undefined;
  const label = text.slice(index + 1, labelEnd);
  const target = text.slice(labelEnd + 2, targetEnd).trim();
  const [whole, bracketed, bare] = linkTarget.exec(target) ?? [];
  if (whole === undefined) return undefined;
  const url = bracketed ?? bare ?? '';
  const end = targetEnd === undefined ? text.length : targetEnd + 1;
  if (label === '' || label === url) return { end, spans: [{ text: url, style: 'link' }] };
  const shown = parse(label, { style: style === 'plain' ? 'link' : style, open: false, depth: depth + 1 });
  return { end, spans: url === '' ? shown : [...shown, { text: ` (${url})`, style: 'dim' }] };
}

/** The bracket that closes the one at `index`. */
function closingAt(text: string, index: number, opening: string, closing: string): number | undefined {
  let depth = 0;
  for (let at = index; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === opening) depth += 1;
    else if (character === closing) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** How often the character at `index` stands there in a row. */
function runAt(text: string, index: number): number {
  let end = index + 1;
  while (end < text.length && text[end] === text[index]) end += 1;
  return end - index;
}
