import type { Span, SpanStyle } from '../spans.js';
import { closingAt, codeEnd, emphasisEnd, runAt, struckEnd, word } from './inline-ends.js';
import { isReferenceLabel } from './references.js';

/** A piece of Markdown at some place of a line: where it ends, and what is shown of it. */
interface Found {
  readonly end: number;
  readonly spans: readonly Span[];
}

/** Lines longer than this are no prose: they are shown as they are. */
const longestLine = 4_096;
const longestAddress = 2_048;
/** Constructs inside of each other beyond this are shown as they are. */
const deepest = 8;
const special = /[\\`*~[!<&]/g;
const gapMark = /^<br ?\/?>/i;
const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};
const escapable = /[!-/:-@[-`{-~]/;
/** An address, and perhaps a title behind it. */
const linkTarget = /^(?:<([^>]*)>?|(\S*))(?:\s+["'(].*)?$/;
const address = /^<((?:https?|mailto):[^\s<>]+)>/;

/**
 * Code, bold, italic, links and escapes of one line, without their markers. `open`: more of the line is on its way, so
 * that a construct which the end of the text leaves open counts as closed there and nothing jumps when its end comes.
 * Underscores stay: in a programmer's text they belong to names. `lineBreak` stands for each `<br>`.
 */
export function inlineSpans(
  text: string,
  style: SpanStyle = 'plain',
  open = false,
  lineBreak: ' ' | '\n' = ' ',
): Span[] {
  if (text.length > longestLine) return [{ text, style }];
  return parse(open ? text : withoutHardBreak(text), { style, open, lineBreak, depth: 0 });
}

/** Two spaces or a backslash that end a line say that it ends there, as every line does here. One in a path is its own. */
function withoutHardBreak(text: string): string {
  const end = text.trimEnd();
  const [, last = ''] = /(\S*)\\$/.exec(end) ?? [];
  const isBreak = last !== '' && !/[\\`]/.test(last);
  return isBreak ? end.slice(0, -1) : end;
}

interface Place {
  readonly lineBreak: ' ' | '\n';
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
    case '~':
      return struckAt(text, index, place);
    case '!':
      return text[index + 1] === '[' ? linkAt(text, index + 1, place) : undefined;
    case '[':
      return linkAt(text, index, place);
    case '<': {
      const rest = text.slice(index, index + longestAddress);
      const [gap] = gapMark.exec(rest) ?? [];
      if (gap) return { end: index + gap.length, spans: [{ text: place.lineBreak, style }] };
      const [whole, url = ''] = address.exec(rest) ?? [];
      return whole ? { end: index + whole.length, spans: [{ text: url, style: 'link' }] } : undefined;
    }
    case '&': {
      const [name = ''] = /^&#?\w{2,4};/.exec(text.slice(index, index + 6)) ?? [];
      const character = Object.hasOwn(entities, name) ? entities[name] : undefined;
      return character ? { end: index + name.length, spans: [{ text: character, style }] } : undefined;
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

/** `~~struck~~`. Its marks stay: many terminals strike nothing out, and it would say the opposite. */
function struckAt(text: string, index: number, { open }: Place): Found | undefined {
  if (runAt(text, index) !== 2 || !/^\S/.test(text.slice(index + 2, index + 4))) return undefined;
  const close = struckEnd(text, index + 2);
  if (close === undefined && !open) return undefined;
  const end = close ?? text.length;
  return { end, spans: [{ text: text.slice(index, end), style: 'struck' }] };
}

function emphasisAt(text: string, index: number, place: Place): Found | undefined {
  const { style, open } = place;
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
    spans: parse(inner, inside(place, kind, open && close === undefined)),
  };
}

/** A link; of one by reference the reference stays, because what it stands for may not have come yet. */
function linkAt(text: string, index: number, place: Place): Found | undefined {
  const labelEnd = closingAt(text, index, '[', ']');
  if (labelEnd === undefined) return undefined;
  const label = text.slice(index + 1, labelEnd);
  if (text[labelEnd + 1] === '(') return addressedAt(text, label, labelEnd + 1, place);
  const isReference = text[labelEnd + 1] === '[' && isReferenceLabel(label, text[index - 1] ?? ' ');
  return isReference ? referredAt(text, label, labelEnd + 1, place) : undefined;
}

/** `[text](address "title")`: the text, and the address behind it where it says something else. */
function addressedAt(text: string, label: string, from: number, place: Place): Found | undefined {
  const targetEnd = closingAt(text, from, '(', ')');
  if (targetEnd === undefined && !place.open) return undefined;
  const target = text.slice(from + 1, targetEnd).trim();
  const [whole, bracketed, bare] = linkTarget.exec(target) ?? [];
  if (whole === undefined) return undefined;
  const url = bracketed ?? bare ?? '';
  const end = targetEnd === undefined ? text.length : targetEnd + 1;
  if (label === '' || label === url) return { end, spans: [{ text: url, style: 'link' }] };
  const shown = linkText(label, place);
  return { end, spans: url === '' ? shown : [...shown, { text: ` (${url})`, style: 'dim' }] };
}

/** `[text][reference]`; without a reference the text is one. */
function referredAt(text: string, label: string, from: number, place: Place): Found | undefined {
  const close = closingAt(text, from, '[', ']');
  if (close === undefined && !place.open) return undefined;
  const reference = text.slice(from + 1, close);
  const end = close === undefined ? text.length : close + 1;
  const shown = linkText(label, place);
  const says = reference !== '' && reference.toLowerCase() !== label.toLowerCase();
  return { end, spans: says ? [...shown, { text: ` [${reference}]`, style: 'dim' }] : shown };
}

function linkText(label: string, place: Place): Span[] {
  return parse(label, inside(place, place.style === 'plain' ? 'link' : place.style, false));
}

function inside(place: Place, style: SpanStyle, open: boolean): Place {
  return { ...place, style, open, depth: place.depth + 1 };
}
