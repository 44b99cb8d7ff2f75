import { decodeEntities } from './html-entities.js';

export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

/** What is in these is no markup; of the first two it is no text either. */
const raw = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'noembed', 'noframes']);
const tagStart = /<(\/?)([a-zA-Z][^\s/>]*)/y;
const attribute = /[\s/]*([^\s=/>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;

/** The pieces of a page in order, whatever is wrong with it; each character is looked at a bounded number of times. */
export function* htmlTokens(html: string): Iterable<HtmlToken> {
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? html.length : open;
    if (end > at) yield { kind: 'text', text: decodeEntities(html.slice(at, end)) };
    if (open < 0) return;
    const tag = tagAt(html, open);
    if (tag) {
      at = tag.end;
      yield tag.token;
      const { kind } = tag.token;
      const name = kind === 'open' ? tag.token.name : '';
      if (!raw.has(name)) continue;
      const close = closingOf(html, name, at);
      if (close > at) {
        const text = html.slice(at, close);
        yield { kind: 'text', text: name === 'title' || name === 'textarea' ? decodeEntities(text) : text };
      }
      at = close;
    } else if (html.startsWith('<!--', open)) at = after(html, '-->', open + 4);
    else if (/[!?/]/.test(html[open + 1] ?? '')) at = after(html, '>', open + 1);
    else {
      yield { kind: 'text', text: '<' };
      at = open + 1;
    }
  }
}

function tagAt(html: string, start: number): { readonly token: HtmlToken; readonly end: number } | undefined {
  tagStart.lastIndex = start;
  const found = tagStart.exec(html);
  if (!found) return undefined;
  const [whole, slash, written = ''] = found;
  const name = written.toLowerCase();
  const attributes = new Map<string, string>();
  let at = start + whole.length;
  for (;;) {
    attribute.lastIndex = at;
    const [said, key = '', ...values] = attribute.exec(html) ?? [];
    if (said === undefined) break;
    const value = values.find((one) => one !== undefined) ?? '';
    if (!attributes.has(key.toLowerCase())) attributes.set(key.toLowerCase(), decodeEntities(value));
    at += said.length;
  }
  const end = after(html, '>', at);
  return { token: slash ? { kind: 'close', name } : { kind: 'open', name, attributes }, end };
}

function closingOf(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}
