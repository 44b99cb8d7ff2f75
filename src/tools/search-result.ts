import type { ToolResult } from '../core/tool.js';
import { cutLine, modelText, plural } from './model-text.js';

/** One line that a search shows. */
export interface SearchLine {
  /** Relative to the folder searched. */
  readonly path: Buffer;
  readonly line: number;
  readonly text: Buffer;
  /** `false` for lines shown around a match. */
  readonly matched: boolean;
}

const MAX_LINE_CHARACTERS = 300;
const MAX_CHARACTERS = 30_000;

export interface SearchResultOptions {
  /** Matches, or files, to show. */
  readonly limit: number;
  readonly show: (path: Buffer) => string;
  /** Files whose content is not shown; only that some were left out. */
  readonly hides?: (path: string) => boolean;
}

/** Gathers what a search finds until there is enough. Every `add` answers whether the search should go on. */
export class SearchResult {
  private readonly options: SearchResultOptions;
  private readonly rows: string[] = [];
  private characters = 0;
  private count = 0;
  private full = false;
  private files = 0;
  private lastPath: Buffer | undefined;
  private lastLine = 0;
  private hidden: Buffer | undefined;

  constructor(options: SearchResultOptions) {
    this.options = options;
  }

  addLine({ path, line, text, matched }: SearchLine): boolean {
    if (this.full) return false;
    if (this.hides(path)) return true;
    if (matched && this.isFull()) return false;
    const samePath = this.lastPath?.equals(path) ?? false;
    if (!samePath) this.files += 1;
    else if (line <= this.lastLine) return true;
    this.lastPath = path;
    this.lastLine = line;
    const shown = cutLine(modelText(text.toString('utf8')).trimEnd(), MAX_LINE_CHARACTERS);
    const mark = matched ? ':' : '-';
    this.push(`${this.options.show(path)}${mark}${line}${mark} ${shown}`, matched);
    return true;
  }

  addFile(path: Buffer): boolean {
    if (this.isFull()) return false;
    if (this.hides(path)) return true;
    this.files += 1;
    this.push(this.options.show(path), true);
    return true;
  }

  /** The result as the model reads it. `notes` say what was left out of the search itself. */
  finish(kind: 'line' | 'file', notes: readonly string[]): ToolResult {
    const found = kind === 'line' ? plural(this.count, 'match', 'matches') : plural(this.files, 'file');
    const all = [...notes];
    if (this.full) {
      all.unshift(`Only the first ${found}. Narrow with path or glob, or raise limit.`);
    }
    if (this.hidden) {
      all.push(
        'Files that may hold secrets, or that a rule keeps back, were left out; name one as path to ask for it.',
      );
    }
    const rows = this.count === 0 ? ['[No matches.]'] : this.rows;
    const content = [...rows, ...all.map((note) => `[${note}]`)].join('\n');
    const where = kind === 'line' && this.count > 0 ? ` in ${plural(this.files, 'file')}` : '';
    return { content, summary: `${this.full ? 'first ' : ''}${found}${where}` };
  }

  private hides(path: Buffer): boolean {
    if (!this.options.hides) return false;
    // Lines of one file come together, so each file is looked at once.
    if (this.lastPath?.equals(path)) return false;
    if (this.hidden?.equals(path)) return true;
    if (!this.options.hides(path.toString())) return false;
    this.hidden = path;
    return true;
  }

  private isFull(): boolean {
    this.full ||= this.count >= this.options.limit || this.characters >= MAX_CHARACTERS;
    return this.full;
  }

  private push(row: string, counts: boolean): void {
    this.rows.push(row);
    this.characters += row.length + 1;
    if (counts) this.count += 1;
  }
}
