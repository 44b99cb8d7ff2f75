import { htmlTokens } from './html-tokens.js';

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const empty = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** What ends by itself where one of these begins; never beyond the element that holds it. */
const endedBy: Readonly<
  Record<string, { readonly names: ReadonlySet<string>; readonly within: ReadonlySet<string> }>
> = {
  li: { names: new Set(['li']), within: new Set(['ul', 'ol', 'menu']) },
  dt: { names: new Set(['dt', 'dd']), within: new Set(['dl']) },
  dd: { names: new Set(['dt', 'dd']), within: new Set(['dl']) },
  tr: { names: new Set(['tr']), within: new Set(['table']) },
  td: { names: new Set(['td', 'th']), within: new Set(['tr', 'table']) },
  th: { names: new Set(['td', 'th']), within: new Set(['tr', 'table']) },
};
/** A paragraph ends where another block begins. */
const endsParagraph = new Set(
  'p div ul ol dl table pre blockquote h1 h2 h3 h4 h5 h6 hr section article main form'.split(' '),
);
/** What lies deeper hangs at this depth: nobody nests so far who means it. */
const MAX_DEPTH = 60;

/** A page as a tree, whatever is wrong with it. */
export function htmlTree(html: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [] };
  const open: Element[] = [root];
  const closeAt = (index: number): void => void (index > 0 && open.splice(index));
  for (const token of htmlTokens(html)) {
    if (token.kind === 'text') open.at(-1)!.children.push(token.text);
    else if (token.kind === 'close') closeAt(open.findLastIndex(({ name }) => name === token.name));
    else {
      const { name, attributes } = token;
      if (endsParagraph.has(name) && open.at(-1)!.name === 'p') open.pop();
      const ended = Object.hasOwn(endedBy, name) ? endedBy[name] : undefined;
      if (ended) {
        const index = open.findLastIndex((one) => ended.names.has(one.name) || ended.within.has(one.name));
        if (ended.names.has(open[index]?.name ?? '')) closeAt(index);
      }
      const element: Element = { name, attributes, children: [] };
      open.at(-1)!.children.push(element);
      if (!empty.has(name) && open.length < MAX_DEPTH) open.push(element);
    }
  }
  return root;
}

/** The first element of a name, in the order of the page. */
export function firstOf(element: Element, name: string): Element | undefined {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    const found = child.name === name ? child : firstOf(child, name);
    if (found) return found;
  }
  return undefined;
}
