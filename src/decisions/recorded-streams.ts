import type { Coordinators, ProviderCoordinator, WorkflowCoordinator } from '../core/coordinator.js';
import type { DecisionRecord } from '../core/decision-record.js';
import { AbortedError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import type { ExplainsProvider } from '../core/explains.js';
import type { ProviderCoordinatorEvent, SessionRequest } from '../core/session-request.js';
import type { WorkflowStepEvent } from '../core/workflow.js';
import { failed } from './deciding-method.js';
import type { DecisionLog } from './decision-log.js';
import { quietly } from './quietly.js';

type Call = (...given: readonly unknown[]) => unknown;

/** What is made of a stream while it passes by. */
interface Watcher {
  /** Once for each item. */
  see(item: unknown): void;
  /** Once, with what was thrown. */
  end(error?: unknown): void;
}

type Watch = (owner: object, given: readonly unknown[], log: DecisionLog) => Watcher;

/** Which methods answer a stream that is a decision; what the turn loop decides is told as events. */
export const streamMethods: { readonly [Name in keyof Coordinators]?: Readonly<Record<string, Watch>> } = {
  provider: { stream: watchProvider },
  workflow: { run: watchWorkflow },
};

interface StreamRecording {
  readonly owner: object;
  readonly call: Call;
  readonly log: DecisionLog;
}

/** The same stream; nothing is added between two items of it but one look. */
export function recordedStream(name: keyof Coordinators, { owner, call, log }: StreamRecording): Call {
  const [watch] = Object.values(streamMethods[name]!);
  return (...given) => {
    const stream = call(...given) as AsyncIterable<unknown>;
    return {
      [Symbol.asyncIterator]() {
        const iterator = stream[Symbol.asyncIterator]();
        const watcher = quietly(() => watch!(owner, given, log));
        let ended = false;
        const end = (error?: unknown) => {
          if (!ended) quietly(() => watcher?.end(error));
          ended = true;
        };
        const seen = (result: IteratorResult<unknown>) => {
          if (result.done) end();
          else quietly(() => watcher?.see(result.value));
          return result;
        };
        const broken = (error: unknown) => {
          end(error);
          throw error;
        };
        return {
          // A user's own iterator may answer at once.
          next: () => Promise.resolve(iterator.next()).then(seen, broken),
          async return(value?: unknown) {
            end(new AbortedError());
            await iterator.return?.(value);
            return { done: true, value };
          },
        };
      },
    };
  };
}

/** Who answered, why they did, and what it cost. */
function watchProvider(owner: object, given: readonly unknown[], log: DecisionLog): Watcher {
  const provider = owner as ProviderCoordinator & ExplainsProvider;
  const { sessionId, attempts, continues } = given[0] as SessionRequest;
  const current = provider.current(sessionId);
  const chosen = provider.chosen?.(sessionId);
  const first = `${current.provider}/${current.model}`;
  let answering = first;
  let [failures, tokens]: [number, number | undefined] = [0, undefined];
  let usd: number | null | undefined;
  const startedAt = performance.now();
  const note = (one: Omit<DecisionRecord, 'coordinator'>) =>
    log.note({ coordinator: 'provider', ...one }, sessionId);
  const reason = () => {
    if (answering !== first) return 'Those before it in the list had failed.';
    if (chosen === undefined || chosen === first) return 'It is the model of the session.';
    return 'It stands in: the model of the session failed a moment ago and is left alone for a while.';
  };
  return {
    see(item) {
      const event = item as ProviderCoordinatorEvent;
      if (event.type === 'request-retry') {
        failures += 1;
        const { provider: asked, attempt, waitMs, error } = event;
        // A user's own coordinator may leave the error out.
        const inputs = { provider: asked, attempt, waitMs, code: error?.code };
        note({ decision: 'retry', outcome: 'Asked again', reason: error?.message, inputs });
      } else if (event.type === 'provider-fallback') {
        const { from, to, error } = event;
        answering = to;
        note({
          decision: 'fallback',
          outcome: `Asked ${to} instead of ${from}`,
          reason: error?.message,
          inputs: { code: error?.code },
        });
      } else if (event.type === 'end') {
        tokens = event.usage?.totalTokens;
        usd = 'costUsd' in event ? event.costUsd : undefined;
      }
    },
    end(error) {
      const said = error === undefined ? { outcome: `Asked ${answering}`, reason: reason() } : failed(error);
      const inputs = {
        ...(chosen === undefined ? {} : { chosen }),
        retries: failures,
        purpose: attempts === undefined ? (continues ? 'the rest of an answer' : 'an answer') : 'compaction',
      };
      const spent = {
        ...(tokens === undefined ? {} : { tokens }),
        ...(typeof usd === 'number' ? { usd } : {}),
      };
      const cost = { ms: performance.now() - startedAt, ...spent };
      note({ decision: 'stream', ...said, inputs, cost });
    },
  };
}

/** How far a workflow went. */
function watchWorkflow(_owner: object, given: readonly unknown[], log: DecisionLog): Watcher {
  const [name, , { sessionId }] = given as Parameters<WorkflowCoordinator['run']>;
  let steps = 0;
  let step: WorkflowStepEvent | undefined;
  let ran = 0;
  let last = '';
  return {
    see(item) {
      const event = item as VictorEvent;
      if (event.type === 'workflow-start') steps = event.steps;
      if (event.type === 'workflow-start') ran = event.finished?.length ?? 0;
      if (event.type === 'workflow-step' && event.status !== 'started') ran += 1;
      if (event.type === 'workflow-end') last = event.outcome;
      if (event.type === 'workflow-step') step = event;
    },
    end(error) {
      const inputs = { workflow: name, ran, steps };
      const said =
        error !== undefined
          ? failed(error)
          : last === 'done'
            ? { outcome: 'Came to its end', reason: 'No step stopped it.' }
            : {
                outcome: 'Stopped',
                reason: `Step ${step?.name ?? 1}: ${step?.reason ?? (last || 'nobody waited for it')}.`,
              };
      log.note({ coordinator: 'workflow', decision: 'run', ...said, inputs }, sessionId);
    },
  };
}
