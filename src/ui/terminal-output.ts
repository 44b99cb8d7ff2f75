import { EventEmitter } from 'node:events';

/** Where the cursor stands in a drawn frame. */
export interface CursorPlace {
  /** Rows above the empty line that follows the frame. */
  readonly up: number;
  readonly column: number;
  /** Hidden when there is nothing to type into. */
  readonly visible: boolean;
  /** Cells that each row of the frame takes, top to bottom; asked only when the width has changed. */
  readonly widths: () => readonly number[];
}

const startUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Ink brackets each of its writes and hides the cursor; here whole frames are bracketed and the cursor is ours. */
const owned = /\u001b\[\?(?:2026|25)[hl]/g;
/** How Ink takes back the frame before: a row at a time, upwards from the line that follows it. */
const eraseRows = /^(?:\u001b\[2K(?:\u001b\[1A)?)+\u001b\[G/;
const bottom: CursorPlace = { up: 0, column: 0, visible: false, widths: () => [] };

/**
 * What Ink writes to instead of the terminal. Its several writes per frame leave as one, so that nobody sees half a
 * frame, and the real cursor is put into the input after each, where input methods and screen readers expect it.
 * A frame is taken back from where the cursor stands: that place stays true when a terminal changes its size.
 */
export class TerminalOutput extends EventEmitter {
  readonly isTTY = true;
  /** Ink wipes screen and scrollback when it believes its output is as tall as the terminal; the layout sees to the height. */
  readonly rows = Number.POSITIVE_INFINITY;
  readonly #stream: NodeJS.WriteStream;
  #pending = '';
  #scheduled = false;
  #wanted = bottom;
  #standing = bottom;
  #drawnColumns = 0;
  /** Rows of earlier frames right above this one, in cells, top to bottom: they had left a window that became too low. */
  #outOfReach: readonly number[] = [];
  #written = 0;

  constructor(stream: NodeJS.WriteStream) {
    super();
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns || 80;
  }

  /** Characters sent to the terminal so far. */
  get written(): number {
    return this.#written;
  }

  /** Where the cursor belongs from the next frame on; below the frame and hidden when absent. */
  placeCursor(place: CursorPlace = bottom): void {
    this.#wanted = place;
  }

  /** What stands above the frame from now on is no part of an earlier one. */
  settleAbove(): void {
    this.#outOfReach = [];
  }

  write(data: string, ...rest: unknown[]): boolean {
    this.#pending += data;
    const callback = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (callback) {
      this.flush();
      this.#stream.write('', callback);
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => this.flush());
    }
    return true;
  }

  /** Sends what is pending as one write. */
  flush(): void {
    this.#scheduled = false;
    const data = this.#pending.replace(owned, '');
    this.#pending = '';
    const { up, column, visible } = this.#wanted;
    const standing = this.#standing;
    if (data === '') {
      if (up === standing.up && column === standing.column && visible === standing.visible) return;
      this.#send(this.#toBottom() + this.#fromBottom());
    } else {
      const [erase = ''] = eraseRows.exec(data) ?? [];
      const start = erase === '' ? this.#toBottom() : this.#erase(erase);
      this.#send(
        startUpdate + hideCursor + start + data.slice(erase.length) + this.#fromBottom() + endUpdate,
      );
      this.#drawnColumns = this.columns;
    }
    this.#standing = this.#wanted;
  }

  /** The last frame stays on the screen, with the cursor below it. */
  end(): void {
    this.#wanted = bottom;
    this.flush();
    this.#send(showCursor);
  }

  #toBottom(): string {
    const { up } = this.#standing;
    return up > 0 ? `\u001b[${up}B\r` : '\r';
  }

  #fromBottom(): string {
    const { up, column, visible } = this.#wanted;
    const move = `${upwards(up)}\r${column > 0 ? `\u001b[${column}C` : ''}`;
    return move === '\r' && !visible ? '' : move + (visible ? showCursor : '');
  }

  /** To the first cell of the frame before, and everything from there on erased. */
  #erase(rows: string): string {
    const drawn = rows.split('\u001b[2K').length - 2;
    const { up, column } = this.#standing;
    // The cursor can already stand above a frame that Ink has held back for a moment.
    if (drawn < up) return `\u001b[${up - drawn}B\r\u001b[J`;
    const rowsAbove = drawn - up;
    const narrower = this.columns < this.#drawnColumns;
    const fits = !narrower && this.#outOfReach.length === 0 && rowsAbove < this.#windowRows;
    return `${upwards(fits ? rowsAbove : this.#reach(rowsAbove, narrower ? column : 0))}\r\u001b[J`;
  }

  /** Rows that the cursor can go up to the first of the frames that stand there, in a window that may have cut or broken them. */
  #reach(rowsAbove: number, column: number): number {
    const widths = this.#standing.widths();
    const above = [...this.#outOfReach, ...Array.from({ length: rowsAbove }, (_, row) => widths[row] ?? 0)];
    const broken = Math.floor(column / this.columns);
    const all = above.reduce((sum, cells) => sum + this.#rowsOf(cells), broken);
    const reached = Math.min(all, this.#windowRows - 1);
    this.#outOfReach = this.#first(above, all - reached);
    return reached;
  }

  get #windowRows(): number {
    return this.#stream.rows || 24;
  }

  /** Terminals break the rows of a frame that has become too wide. */
  #rowsOf(cells: number): number {
    return Math.max(1, Math.ceil(cells / this.columns));
  }

  /** What of these rows takes the first so many rows of the window. */
  #first(all: readonly number[], rows: number): readonly number[] {
    const first: number[] = [];
    let left = rows;
    for (const cells of all) {
      if (left <= 0) break;
      first.push(Math.min(cells, left * this.columns));
      left -= this.#rowsOf(cells);
    }
    return first;
  }

  #send(text: string): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    this.#written += text.length;
    this.#stream.write(text);
  }
}

function upwards(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : '';
}
