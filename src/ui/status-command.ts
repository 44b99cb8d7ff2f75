/** What a status line command is told, on standard input as one JSON object. */
export interface StatusFacts {
  readonly version: string;
  readonly session_id: string;
  /** Absolute. */
  readonly cwd: string;
  readonly model: { readonly provider: string; readonly id: string };
  readonly mode: string;
  /** Empty until it is known. */
  readonly sandbox: string;
  readonly trusted: boolean;
  /** Empty outside of a repository; the beginning of a commit where it is on no branch. */
  readonly branch: string;
  readonly context: {
    /** Tokens in the model's view after its last call. */
    readonly tokens: number;
    readonly window: number;
  };
  /** US dollars of the calls with a known price; `null` before the first of them, or where nobody knows. */
  readonly cost: {
    readonly session_usd: number | null;
    readonly today_usd: number | null;
    /** Some call had no known price: what stands here is a lower bound. */
    readonly unpriced: boolean;
  };
  readonly failing_extensions: readonly string[];
}

/** Runs the user's command; `undefined` when the settings name none. Rejects when it fails. */
export type RunStatusCommand = (facts: StatusFacts, signal: AbortSignal) => Promise<string | undefined>;

export interface StatusCommandOptions {
  readonly run: RunStatusCommand;
  facts(): StatusFacts;
  /** Its line; empty for none. */
  show(line: string): void;
  fail(error: unknown): void;
}

export interface StatusCommand {
  /** Something that it is told has changed. */
  refresh(): void;
  close(): void;
}

/** Runs a command once at a time and never makes anything wait; what changes meanwhile makes it run once more. */
export function createStatusCommand({ run, facts, show, fail }: StatusCommandOptions): StatusCommand {
  const closing = new AbortController();
  const { signal } = closing;
  let running = false;
  let again = false;

  async function runOnce(): Promise<void> {
    try {
      const line = await run(facts(), signal);
      if (!signal.aborted) show(line ?? '');
    } catch (error) {
      if (signal.aborted) return;
      show('');
      fail(error);
    }
  }

  async function refresh(): Promise<void> {
    again = true;
    if (running) return;
    running = true;
    while (again && !signal.aborted) {
      again = false;
      await runOnce();
    }
    running = false;
  }

  return {
    refresh: () => void refresh(),
    close: () => closing.abort(),
  };
}
