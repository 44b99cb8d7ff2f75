import type { Readable } from 'node:stream';

export interface OutputSource {
  readonly readable: Readable;
  /** Takes a chunk; `false` pauses all sources until `resume` is called. */
  take(chunk: Buffer): boolean;
}

/** Reads the outputs of a process until they end, or until nobody should wait for their end any longer. */
export class OutputReader {
  private readonly sources: readonly OutputSource[];
  private readonly ended: Promise<true>;
  private lastChunkAt = performance.now();
  private paused = false;

  constructor(sources: readonly OutputSource[]) {
    this.sources = sources;
    this.ended = Promise.all(sources.map((source) => this.read(source))).then(() => true);
  }

  resume(): void {
    this.paused = false;
    for (const { readable } of this.sources) readable.resume();
  }

  /**
   * Waits for the end; at most `limitMs`, or until nothing has come for `quietMs`, or until `deadline`. Answers
   * whether the end was reached: a process that outlives the command may hold its output open for ever.
   */
  async drain(limitMs: number, quietMs: number, deadline: Promise<void>): Promise<boolean> {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const waitedEnough = new Promise<false>((resolve) => {
      const check = () => {
        const now = performance.now();
        const quiet = !this.paused && now - Math.max(this.lastChunkAt, startedAt) >= quietMs;
        if (quiet || now - startedAt >= limitMs) resolve(false);
        else timer = setTimeout(check, quietMs / 5);
      };
      check();
    });
    try {
      return await Promise.race([this.ended, waitedEnough, deadline.then(() => false)]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Goes on reading into nothing, so that who still writes does not die of a closed pipe; keeps nothing alive. */
  letGo(): void {
    for (const { readable } of this.sources) {
      readable.removeAllListeners('data');
      readable.resume();
      (readable as Readable & { unref?: () => void }).unref?.();
    }
  }

  private read({ readable, take }: OutputSource): Promise<void> {
    readable.on('data', (chunk: Buffer) => {
      this.lastChunkAt = performance.now();
      if (take(chunk)) return;
      this.paused = true;
      for (const source of this.sources) source.readable.pause();
    });
    return new Promise((resolve) => {
      if (readable.closed) resolve();
      readable.once('close', resolve);
      readable.once('end', resolve);
      // What was read so far counts; how the process ended is told by its exit.
      readable.once('error', () => resolve());
    });
  }
}
