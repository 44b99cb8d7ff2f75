import { EventEmitter } from 'node:events';

/** The cursor's place: rows above the line that follows the dynamic area, and the cell in its row. */
export interface CursorPlace {
  readonly up: number;
  readonly column: number;
}

const startUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** Ink brackets each of its writes and hides the cursor; here whole frames are bracketed and the cursor is ours. */
const owned = /\u001b\[\?(?:2026|25)[hl]/g;

/**
 * What Ink writes to instead of the terminal. Its several writes per frame leave as one, so that nobody sees half a
 * frame, and the real cursor is put into the input after each, where input methods and screen readers expect it.
 */
export class TerminalOutput extends EventEmitter {
  readonly isTTY = true;
  /** Ink wipes screen and scrollback when it believes its output is as tall as the terminal; the layout sees to the height. */
  readonly rows = Number.POSITIVE_INFINITY;
  readonly #stream: NodeJS.WriteStream;
  #pending = '';
  #scheduled = false;
  #wanted: CursorPlace | undefined;
  #parked: CursorPlace | undefined;

  constructor(stream: NodeJS.WriteStream) {
    super();
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns || 80;
  }

  /** Where the cursor belongs from the next frame on; `undefined` hides it. */
  placeCursor(place: CursorPlace | undefined): void {
    this.#wanted = place;
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
    const wanted = this.#wanted;
    const moved = wanted?.up !== this.#parked?.up || wanted?.column !== this.#parked?.column;
    if (data === '' && !moved) return;
    const frame = this.#unpark() + data + park(wanted);
    this.#parked = wanted;
    this.#send(data === '' ? frame : startUpdate + hideCursor + frame + endUpdate);
  }

  /** The last frame stays on the screen, with the cursor below it. */
  end(): void {
    this.#wanted = undefined;
    this.flush();
    this.#send(this.#unpark() + showCursor);
    this.#parked = undefined;
  }

  #unpark(): string {
    if (!this.#parked) return '';
    return this.#parked.up > 0 ? `\u001b[${this.#parked.up}B\r` : '\r';
  }

  #send(text: string): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    this.#stream.write(text);
  }
}

function park(place: CursorPlace | undefined): string {
  if (!place) return '';
  const up = place.up > 0 ? `\u001b[${place.up}A` : '';
  const right = place.column > 0 ? `\u001b[${place.column}C` : '';
  return `${up}\r${right}${showCursor}`;
}
