import { ToolServerError } from '../core/errors.js';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** How soon a server that failed may be tried again: each time twice as late. */
export class Backoff {
  #failures = 0;
  #notBefore = 0;

  /** Throws `ToolServerError` while it is too soon. */
  check(server: string, problem: string | undefined): void {
    const leftMs = this.#notBefore - performance.now();
    if (leftMs <= 0) return;
    const seconds = Math.ceil(leftMs / 1000);
    throw new ToolServerError(server, problem ?? `The MCP server ${server} failed.`, {
      advice: `It is not tried again for ${seconds} s.`,
    });
  }

  failed(): void {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures += 1;
    this.#notBefore = performance.now() + waitMs;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }
}
