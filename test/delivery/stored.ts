import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AnalyticsCoordinator, type AnalyticsCoordinatorOptions } from '../../src/coordinators/analytics.js';
import type { AnalyticsEvent, AnalyticsExporter, ExtensionFailure } from '../../src/core/extension.js';
import type { SpoolState } from '../../src/core/spool.js';
import type { Store } from '../../src/core/store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

export interface Session {
  readonly store: Store;
  readonly analytics: AnalyticsCoordinator;
  readonly failures: readonly ExtensionFailure[];
  turn(): Promise<void>;
  close(): Promise<void>;
  /** What waits for an exporter; its id is its name where it has none of its own. */
  state(id: string): Promise<SpoolState>;
  /** Every event that was counted, oldest first. */
  events(): Promise<readonly AnalyticsEvent[]>;
}

export function databaseFile(): string {
  return join(temporaryDirectory(), 'victor.db');
}

/** An orchestrator on a real database with these exporters, and one session in it. */
export async function storedSession(
  exporters: readonly AnalyticsExporter[],
  options: { readonly file?: string } & AnalyticsCoordinatorOptions = {},
): Promise<Session> {
  const { file = databaseFile(), ...more } = options;
  const store = await openSqliteStore({ file });
  const analytics = new AnalyticsCoordinator({ exporters, ...more });
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
    store,
    coordinators: { analytics },
  });
  const failures: ExtensionFailure[] = [];
  orchestrator.subscribe((event) => event.type === 'extension-failure' && failures.push(event.failure));
  return {
    store,
    analytics,
    failures,
    turn: async () => void (await orchestrator.chat('hello')),
    close: () => orchestrator.close(),
    state: async (id) => {
      const found = (await store.spool.states()).find((one) => one.id === id || one.name === id);
      if (!found) throw new Error(`nothing ever waited for ${id}`);
      return found;
    },
    events: async () => (await analytics.getSessionAnalytics(orchestrator.sessionId)).events,
  };
}

/** Nobody runs the service that this port belongs to. One that was free a moment ago may be a server of another test. */
export const deadPort = 1;

/** A server that sends its answer a byte at a time and never gets to the end of it. */
export async function dripServer(): Promise<string> {
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(200);
    timers.add(setInterval(() => outgoing.write(' '), 20));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const timer of timers) clearInterval(timer);
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
