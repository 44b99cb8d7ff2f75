import type { Coordinators } from '../core/coordinator.js';
import type { DecisionRecord } from '../core/decision-record.js';
import type { EventOf, VictorEvent } from '../core/event.js';
import type { ExtensionFailure, ExtensionKind } from '../core/extension.js';
import { limitSentence } from '../core/turn-limit.js';

/** Why turns end that do not fail. */
const ends: Readonly<Record<EventOf<'turn-end'>['reason'], string>> = {
  end: 'The model had no more to say.',
  'tool-calls': 'The model stopped for tools and called none.',
  'max-tokens': 'The answer was as long as one may be.',
  refusal: 'The model refused to answer.',
  interrupted: 'Somebody stopped it.',
  limit: 'A limit was reached.',
};

/** What was decided, where an event says so and no call of a coordinator does. */
export function decisionOfEvent(event: VictorEvent): DecisionRecord | undefined {
  switch (event.type) {
    case 'turn-end':
      return turnEnded(event);
    case 'turn-error': {
      const { error, removed } = event;
      const inputs = { code: error.code, messagesTakenBack: removed.length };
      return {
        coordinator: 'chat',
        decision: 'run',
        outcome: 'The turn failed',
        reason: error.message,
        inputs,
      };
    }
    case 'cache-break': {
      const { cause, by, segment, expectedTokens, readTokens } = event.cacheBreak;
      const inputs = { cause, kind: by.kind, by: by.name, segment, expectedTokens, readTokens };
      const reason = 'The request did not begin as the one before it, or the provider had it no longer.';
      return { coordinator: 'chat', decision: 'cache', outcome: 'What was cached was lost', reason, inputs };
    }
    case 'config-change': {
      const { key, from, to, file, line, effect } = event;
      const place = [file, line].filter((part) => part !== undefined).join(':');
      const inputs = { key, from, to, place, effect };
      const reason = 'A settings file was saved.';
      return { coordinator: 'config', decision: 'change', outcome: 'A setting was changed', reason, inputs };
    }
    case 'hook':
      return hookRan(event);
    case 'extension-failure':
      return stoodIn(event.failure);
    default:
      return undefined;
  }
}

function turnEnded(event: EventOf<'turn-end'>): DecisionRecord {
  const { reason, limit, usage, costUsd, providerCalls, durationMs } = event;
  const money = costUsd === null ? {} : { usd: costUsd };
  return {
    coordinator: 'chat',
    decision: 'run',
    outcome: 'The turn ended',
    reason: limit ? limitSentence(limit) : (ends[reason] ?? reason),
    inputs: { reason, providerCalls },
    cost: { ms: durationMs, tokens: usage.totalTokens, ...money },
  };
}

const hookOutcomes: Readonly<Record<EventOf<'hook'>['outcome'], string>> = {
  blocked: 'A hook refused',
  allowed: 'A hook allowed',
  asked: 'A hook had the user asked',
  changed: 'A hook changed what a call runs with',
  context: 'A hook added something for the model',
  continued: 'A hook let the turn go on',
  stopped: 'A hook ended the turn',
  failed: 'A hook failed and did not count',
};

function hookRan(event: EventOf<'hook'>): DecisionRecord {
  const { hook, origin, command, outcome, reason, tool, durationMs } = event;
  const inputs = { hook, command, origin, ...(tool === undefined ? {} : { tool }) };
  const about = tool === undefined ? hook : `${hook}, ${tool}`;
  return {
    coordinator: 'chat',
    decision: 'hook',
    outcome: `${hookOutcomes[outcome]} (${about})`,
    reason,
    inputs,
    cost: { ms: durationMs },
  };
}

/** Whose extensions these are. */
const owners: Readonly<Record<ExtensionKind, keyof Coordinators>> = {
  'config-provider': 'config',
  contributor: 'prompt',
  compaction: 'context',
  'tool-selection': 'toolSelection',
  exporter: 'analytics',
  tool: 'tool',
  provider: 'provider',
  coordinator: 'chat',
};

/** Something failed, and something else served in its place. */
function stoodIn({ kind, name, message, fallback }: ExtensionFailure): DecisionRecord {
  return {
    coordinator: kind === 'coordinator' ? coordinatorOf(name) : owners[kind],
    decision: 'stand-in',
    outcome: `Instead of ${name}: ${fallback}`,
    reason: message,
    inputs: { kind, name },
  };
}

const names: ReadonlySet<string> = new Set<keyof Coordinators>([
  ...(['config', 'prompt', 'context', 'chat', 'tool', 'toolSelection', 'session', 'provider'] as const),
  ...(['mode', 'permission', 'metrics', 'analytics', 'checkpoint', 'evaluation', 'workflow'] as const),
]);

/** `analytics store` is of analytics; a subscriber is nobody's but the loop's. */
function coordinatorOf(name: string): keyof Coordinators {
  const [first = ''] = name.split(' ');
  return names.has(first) ? (first as keyof Coordinators) : 'chat';
}
