import { cutLine, modelText } from './model-text.js';

export interface LineWindowOptions {
  /** The first line wanted, from 1. */
  readonly offset: number;
  readonly limit: number;
  /** Most bytes of all lines together. */
  readonly maxBytes: number;
  /** Longer lines are cut. */
  readonly maxLineCharacters: number;
}

const LINE_FEED = 0x0a;

/** Collects some lines of a stream of bytes, numbered, in memory that depends on the window alone. */
export class LineWindow {
  /** The lines so far, as `number<tab>text`. */
  readonly lines: string[] = [];
  /** Lines that have ended so far, inside the window or not. */
  endedLines = 0;
  /** The line to go on with when the window is full, as far as there is one. */
  nextLine: number | undefined;
  /** Something was left out of a line because a terminal would have obeyed it. */
  removedControls = false;
  cutLines = false;

  private readonly options: LineWindowOptions;
  private readonly keepBytes: number;
  private kept: Buffer[] = [];
  private keptBytes = 0;
  private lineBytes = 0;
  private usedBytes = 0;

  constructor(options: LineWindowOptions) {
    this.options = options;
    this.keepBytes = options.maxLineCharacters * 4;
  }

  get full(): boolean {
    return this.nextLine !== undefined;
  }

  /** Takes the next bytes. The window only counts lines once it is full; the caller may stop then. */
  add(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      this.take(chunk, start, end < 0 ? chunk.length : end);
      if (end < 0) return;
      this.endLine();
      start = end + 1;
    }
  }

  /** Ends the last line when no line feed did. */
  finish(): void {
    if (this.lineBytes > 0) this.endLine();
  }

  private take(chunk: Buffer, start: number, end: number): void {
    if (end === start) return;
    const room = this.keepBytes - this.keptBytes;
    if (!this.full && this.endedLines + 1 >= this.options.offset && room > 0) {
      const part = Buffer.from(chunk.subarray(start, Math.min(end, start + room)));
      this.kept.push(part);
      this.keptBytes += part.length;
    }
    this.lineBytes += end - start;
    if (!this.full && this.lines.length >= this.options.limit) this.nextLine = this.endedLines + 1;
  }

  private endLine(): void {
    this.endedLines += 1;
    if (!this.full && this.endedLines >= this.options.offset) this.addLine();
    this.kept = [];
    this.keptBytes = 0;
    this.lineBytes = 0;
  }

  private addLine(): void {
    if (this.lines.length >= this.options.limit) {
      this.nextLine = this.endedLines;
      return;
    }
    const line = `${this.endedLines}\t${this.lineText()}`;
    const bytes = Buffer.byteLength(line) + 1;
    if (this.lines.length > 0 && this.usedBytes + bytes > this.options.maxBytes) {
      this.nextLine = this.endedLines;
      return;
    }
    this.lines.push(line);
    this.usedBytes += bytes;
  }

  private lineText(): string {
    let raw = Buffer.concat(this.kept).toString('utf8');
    if (raw.endsWith('\r')) raw = raw.slice(0, -1);
    const text = modelText(raw).replaceAll('\n', '');
    if (text !== raw) this.removedControls = true;
    if (this.lineBytes <= this.keepBytes) {
      const cut = cutLine(text, this.options.maxLineCharacters);
      if (cut !== text) this.cutLines = true;
      return cut;
    }
    this.cutLines = true;
    // The last character may be half a one, cut where the kept bytes end.
    return `${text.slice(0, this.options.maxLineCharacters)}… [the line has ${this.lineBytes} bytes]`;
  }
}
