import { errorData } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { append, type Footer } from '../state.js';
import type { Conversation } from './conversation.js';
import { readBranch } from './git-branch.js';
import type { ReplOptions } from './index.js';
import type { ScreenStore } from './screen-store.js';
import { createStatusCommand, type StatusFacts } from './status-command.js';

export interface Surroundings {
  /** Asks for everything the first time; what is shown already does not wait for it. */
  start(): void;
  close(): void;
}

/** What changes what the status line says, besides a turn. */
const changes: readonly VictorEvent['type'][] = [
  'mode-change',
  'provider-change',
  'config-change',
  'compaction',
  'session-reset',
  'rewind',
];

/** Who starts a chat types at once: what costs a process to find out waits until those keys are on the screen. */
export const firstKeysMs = 200;

/** Keeps what the status line says of everything around the session: sandbox, branch, today's cost, the user's command. */
export function createSurroundings(
  options: ReplOptions,
  store: ScreenStore,
  conversation: Conversation,
): Surroundings {
  const { orchestrator: port, cwd, version, trusted = false, sandbox, statusCommand } = options;
  let told = '';
  let probe: NodeJS.Timeout | undefined;

  function show(change: Partial<Footer>): void {
    const { state } = store.screen;
    const same = Object.entries(change).every(([key, value]) => state.footer[key as keyof Footer] === value);
    if (!same) store.update({ state: { ...state, footer: { ...state.footer, ...change } } }, 'soon');
  }

  function fail(error: unknown): void {
    const { message, advice } = errorData(error);
    // A command that fails after each turn is told of once.
    if (message === told) return;
    told = message;
    const body = { kind: 'notice', level: 'warning', text: `${message} ${advice}`.trim() } as const;
    store.update({ state: append(store.screen.state, body) }, 'soon');
  }

  const facts = () =>
    factsOf(store.screen.state.footer, { version, cwd, trusted, sessionId: conversation.sessionId });
  const custom = (line: string) => show({ custom: line });
  const command = statusCommand && createStatusCommand({ run: statusCommand, facts, show: custom, fail });

  async function look(): Promise<void> {
    show({ branch: readBranch(cwd) });
    const spent = await port.spentToday().catch(() => undefined);
    if (spent) {
      const today = { until: spent.until, costUsd: spent.spentUsd, unpriced: spent.unpricedCalls > 0 };
      show({ today });
    }
    command?.refresh();
  }

  // Asked after each turn, because other terminals spend too; in between the screen adds what it sees.
  const end = port.subscribe(({ type }) => {
    if (type === 'turn-end' || type === 'turn-error') void look();
    else if (changes.includes(type)) command?.refresh();
  });

  return {
    start() {
      if (options.trusted !== undefined) show({ trust: trusted ? 'trusted' : 'untrusted' });
      probe = setTimeout(() => {
        void sandbox?.()
          .then((text) => show({ sandbox: text }))
          .catch(() => {})
          .finally(() => command?.refresh());
      }, firstKeysMs);
      void look();
    },
    close() {
      clearTimeout(probe);
      end();
      command?.close();
    },
  };
}

function factsOf(
  footer: Footer,
  around: { version: string; cwd: string; trusted: boolean; sessionId: string },
): StatusFacts {
  const { provider, model, mode, sandbox, branch, contextTokens, contextWindow, costUsd, unpriced } = footer;
  const { version, cwd, trusted, sessionId } = around;
  return {
    version,
    session_id: sessionId,
    cwd,
    model: { provider, id: model },
    mode,
    sandbox,
    trusted,
    branch,
    context: { tokens: contextTokens, window: contextWindow },
    cost: { session_usd: costUsd, today_usd: footer.today?.costUsd ?? null, unpriced },
    failing_extensions: footer.failingExtensions.map(({ name }) => name),
  };
}
