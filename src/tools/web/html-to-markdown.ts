import { type Element, firstOf, htmlTree } from './html-tree.js';

/** What nobody reads on the page. */
const unread = new Set(
  'script style noscript template svg math iframe object canvas audio video head button select option input textarea dialog'.split(
    ' ',
  ),
);
const blocks = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre section summary table ul'.split(
    ' ',
  ),
);
const indenting = new Set('blockquote dd menu ol table ul'.split(' '));
/** Each costs another walk through all of its lines. */
const MAX_INDENTED = 10;
const around: Readonly<Record<string, string>> = {
  ...{ strong: '**', b: '**', em: '*', i: '*', del: '~~', s: '~~', code: '`', kbd: '`', samp: '`' },
};

/** A page as Markdown: its title, and what people read of its `main` part, or of all of it where there is none. */
export function htmlToMarkdown(html: string, address: URL): string {
  const tree = htmlTree(html);
  const title = textOf(firstOf(tree, 'title') ?? emptyElement).trim();
  const base = firstOf(tree, 'base')?.attributes.get('href');
  const page = new Page(base === undefined ? address : (resolved(base, address) ?? address));
  const text = page.blocksOf(firstOf(tree, 'main') ?? tree).join('\n\n');
  return title === '' || text.startsWith(`# ${title}`) ? text : `# ${title}\n\n${text}`;
}

const emptyElement: Element = { name: '', attributes: new Map(), children: [] };

class Page {
  readonly #address: URL;
  /** How many of those that indent the present one stands in. */
  #depth = 0;

  constructor(address: URL) {
    this.#address = address;
  }

  /** Neighbouring pieces of text are one paragraph. */
  blocksOf({ children }: Element): string[] {
    const made: string[] = [];
    let text = '';
    const paragraph = (): void => {
      const whole = tidy(text);
      if (whole !== '') made.push(whole);
      text = '';
    };
    for (const child of children) {
      if (typeof child !== 'string' && isHidden(child)) continue;
      if (typeof child === 'string' || !this.#holdsBlock(child)) text += this.#inline(child);
      else {
        paragraph();
        made.push(...this.#block(child).filter((block) => block !== ''));
      }
    }
    paragraph();
    return made;
  }

  /** A link or a mark around blocks is read as them. */
  #holdsBlock(element: Element): boolean {
    return (
      blocks.has(element.name) ||
      element.children.some((child) => typeof child !== 'string' && blocks.has(child.name))
    );
  }

  #block(element: Element): string[] {
    const { name } = element;
    if (/^h[1-6]$/.test(name)) {
      const text = tidy(this.#inlines(element)).replaceAll('\n', ' ');
      return text === '' ? [] : [`${'#'.repeat(Number(name[1]))} ${text}`];
    }
    if (name === 'hr') return ['---'];
    if (name === 'pre') return [fenced(element)];
    if (this.#depth >= MAX_INDENTED || !indenting.has(name)) return this.blocksOf(element);
    this.#depth += 1;
    try {
      if (name === 'table') return [this.#table(element)];
      if (name === 'blockquote') return [indented(this.blocksOf(element).join('\n\n'), '> ', '> ')];
      if (name === 'dd') return [indented(this.blocksOf(element).join('\n\n'), ': ', '  ')];
      return [this.#list(element)];
    } finally {
      this.#depth -= 1;
    }
  }

  #list(element: Element): string {
    let number = Number(element.attributes.get('start') ?? 1) || 1;
    const items = element.children.flatMap((child) => {
      if (typeof child === 'string' || isHidden(child)) return [];
      const mark = element.name === 'ol' ? `${number++}. ` : '- ';
      // A list in an item stands close to its text.
      const text = this.blocksOf(child).join('\n');
      return text === '' ? [] : [indented(text, mark, ' '.repeat(mark.length))];
    });
    return items.join('\n');
  }

  #table(element: Element): string {
    const rows = rowsOf(element).map((row) =>
      row.children.flatMap((cell) =>
        typeof cell === 'string' || (cell.name !== 'td' && cell.name !== 'th')
          ? []
          : [
              this.blocksOf(cell)
                .join(' ')
                .replaceAll(/\s*\n\s*/g, ' ')
                .replaceAll('|', '\\|'),
            ],
      ),
    );
    const width = Math.max(0, ...rows.map((row) => row.length));
    // A table of one column is there for the looks.
    if (width < 2) return rows.flat().filter(Boolean).join('\n\n');
    const lines = rows.map(
      (row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? '').join(' | ')} |`,
    );
    lines.splice(1, 0, `|${' --- |'.repeat(width)}`);
    return lines.join('\n');
  }

  #inlines({ children }: Element): string {
    return children.map((child) => this.#inline(child)).join('');
  }

  #inline(child: Element | string): string {
    if (typeof child === 'string') return child.replaceAll(/\s+/g, ' ');
    const { name, attributes } = child;
    if (isHidden(child)) return '';
    if (name === 'br') return '\n';
    if (name === 'img') return this.#image(attributes);
    const text = this.#inlines(child);
    if (text.trim() === '') return text;
    if (name === 'a') return this.#link(text, attributes.get('href'));
    return Object.hasOwn(around, name) ? marked(text, around[name]!) : text;
  }

  #link(text: string, href: string | undefined): string {
    const target = href === undefined || href.startsWith('#') ? undefined : resolved(href, this.#address);
    if (!target || !/^(?:https?|mailto):$/.test(target.protocol)) return text;
    return `[${text.trim()}](${target.href})`;
  }

  #image(attributes: Element['attributes']): string {
    const alt = (attributes.get('alt') ?? '').replaceAll(/\s+/g, ' ').trim();
    const source = resolved(attributes.get('src') ?? '', this.#address);
    return alt === '' || !source || !/^https?:$/.test(source.protocol) ? alt : `![${alt}](${source.href})`;
  }
}

/** A mark stands close to what it marks. */
function marked(text: string, mark: string): string {
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  return `${text.slice(0, start)}${mark}${text.slice(start, end)}${mark}${text.slice(end)}`;
}

function rowsOf(element: Element): Element[] {
  return element.children.flatMap((child) => {
    if (typeof child === 'string' || isHidden(child)) return [];
    if (child.name === 'tr') return [child];
    return /^(?:thead|tbody|tfoot)$/.test(child.name) ? rowsOf(child) : [];
  });
}

/** What a reader does not see, a model does not read: instructions hide there. */
function isHidden({ name, attributes }: Element): boolean {
  if (unread.has(name) || attributes.has('hidden')) return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes.get('style') ?? '');
}

function fenced(element: Element): string {
  const text = textOf(element).replace(/^\n|\s+$/g, '');
  const inner = firstOf(element, 'code') ?? element;
  const classes = `${inner.attributes.get('class') ?? ''} ${element.attributes.get('class') ?? ''}`;
  const language = /(?:^|\s)(?:language|lang)-([\w+#-]+)/.exec(classes)?.[1] ?? '';
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return text === '' ? '' : `${fence}${language}\n${text}\n${fence}`;
}

function textOf({ children }: Element): string {
  return children
    .map((child) => (typeof child === 'string' ? child : child.name === 'br' ? '\n' : textOf(child)))
    .join('');
}

function tidy(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function indented(text: string, first: string, others: string): string {
  return text === '' ? '' : first + text.replaceAll('\n', `\n${others}`).replaceAll(/[ ]+$/gm, '');
}

function resolved(href: string, base: URL): URL | undefined {
  return URL.canParse(href, base.href) ? new URL(href, base) : undefined;
}
