import { StringDecoder } from 'node:string_decoder';
import { createSecretFilter } from '../core/secret-filter.js';
import type { OutputSoFar } from '../core/tool.js';
import { modelText } from './model-text.js';
import { TailBuffer } from './tail-buffer.js';

/** Kept to look for keys in; what is told is less, so that a key that it touches lies in here whole. */
const keptBytes = 16_384;
const mostTailBytes = 4_096;
const mostTailLines = 20;
/** Told at most this often. */
const everyMs = 100;
/** Characters that may be the beginning of a key by more than chance. */
const fewestOfKey = 4;
const lineEnd = 0x0a;

/** What a running call has put out so far: counted, its end kept, and told now and then until `end`. */
export class RunningOutput {
  readonly #tell: (output: OutputSoFar) => void;
  #tail: TailBuffer | undefined;
  #bytes = 0;
  #lineEnds = 0;
  #endsLine = true;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(tell: (output: OutputSoFar) => void) {
    this.#tell = tell;
  }

  push(output: Uint8Array | string): void {
    const chunk = typeof output === 'string' ? Buffer.from(output) : output;
    if (this.#ended || chunk.length === 0) return;
    this.#tail ??= new TailBuffer(keptBytes);
    this.#tail.push(chunk);
    this.#bytes += chunk.length;
    this.#lineEnds += countLineEnds(chunk);
    this.#endsLine = chunk[chunk.length - 1] === lineEnd;
    if (this.#timer) return;
    const waitMs = this.#toldAt + everyMs - performance.now();
    if (waitMs <= 0) this.#tellNow();
    else this.#timer = setTimeout(() => this.#tellNow(), waitMs).unref();
  }

  /** Nothing is told any more; what the call answers says the rest. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#tail = undefined;
  }

  #tellNow(): void {
    this.#timer = undefined;
    if (!this.#tail) return;
    this.#toldAt = performance.now();
    const lines = this.#lineEnds + (this.#endsLine ? 0 : 1);
    this.#tell({ tail: tailText(this.#tail.bytes(), this.#bytes), lines, bytes: this.#bytes });
  }
}

/** The last lines as a person may read them: without keys, without escape sequences, and of a line that was drawn anew its last state. */
function tailText(kept: Buffer, total: number): string {
  const clean = withoutKeys(kept);
  const isCut = total > kept.length || clean.length > mostTailBytes;
  // A character whose bytes have not all come is left out, and so is one that the cut went through.
  const decoded = new StringDecoder('utf8').write(clean.subarray(-mostTailBytes));
  const text = isCut ? decoded.replace(/^\ufffd+/, '') : decoded;
  const firstLineEnd = isCut ? text.indexOf('\n') : -1;
  const whole = text.slice(firstLineEnd + 1).split('\n');
  // An end of a line is no line of its own.
  if (whole.at(-1) === '') whole.pop();
  return modelText(whole.slice(-mostTailLines).map(lastState).join('\n'));
}

/** What may be the beginning of a key waits for the rest of it; a character or two say nothing of one, and would be missed. */
function withoutKeys(kept: Buffer): Buffer {
  const filter = createSecretFilter();
  if (!filter) return kept;
  const clean = filter.push(kept);
  const begun = filter.end();
  return begun.toString().trim().length < fewestOfKey ? Buffer.concat([clean, begun]) : clean;
}

/** A progress bar goes back to the start of its line and writes it again. */
function lastState(line: string): string {
  const text = line.replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1);
}

function countLineEnds(chunk: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < chunk.length; index += 1) if (chunk[index] === lineEnd) count += 1;
  return count;
}
