import type { EventOf } from '../core/event.js';
import type { ExtensionKind } from '../core/extension.js';
import { contextTokens } from '../core/usage.js';
import type { CostOfDay, Footer, State } from './screen-state.js';
import { note } from './transcript.js';

export function withFooter(state: State, footer: Partial<Footer>): State {
  return { ...state, footer: { ...state.footer, ...footer } };
}

export function requestEnded(state: State, event: EventOf<'request-end'>): State {
  const isConversation = event.purpose === undefined;
  return withFooter(state, {
    ...(isConversation ? { contextTokens: contextTokens(event.usage) + event.usage.outputTokens } : {}),
    // A subagent may have another model.
    ...(event.purpose === 'subagent' ? {} : { contextWindow: event.contextWindow }),
    costUsd: event.costUsd === null ? state.footer.costUsd : (state.footer.costUsd ?? 0) + event.costUsd,
    unpriced: state.footer.unpriced || event.costUsd === null,
    today: state.footer.today && withCall(state.footer.today, event),
  });
}

/** The screen is told the whole sum after each turn; until then it adds what it sees, and on a new day it knows nothing. */
function withCall(today: CostOfDay, { timestamp, costUsd }: EventOf<'request-end'>): CostOfDay | undefined {
  if (timestamp >= today.until) return undefined;
  return {
    ...today,
    costUsd: today.costUsd + (costUsd ?? 0),
    unpriced: today.unpriced || costUsd === null,
  };
}

export function providerAndModel(name: string, footer: Footer): Partial<Footer> {
  const slash = name.indexOf('/');
  if (slash < 0) return { provider: name || footer.provider };
  return { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}

const yolo = 'Mode yolo: every call runs without asking, unless a rule says otherwise. Shift+Tab leaves it.';

/** The one mode that nothing else on the screen would warn of. */
export function modeChanged(state: State, mode: string): State {
  const next = withFooter(state, { mode });
  return mode === 'yolo' ? note(next, yolo, 'warning') : next;
}

export function extensionFailed(state: State, event: EventOf<'extension-failure'>): State {
  const { kind, name, message, fallback } = event.failure;
  const { failingExtensions } = state.footer;
  if (failingExtensions.some((one) => one.kind === kind && one.name === name)) return state;
  const next = withFooter(state, { failingExtensions: [...failingExtensions, { kind, name }] });
  return note(next, `${name} failed: ${message} (instead: ${fallback})`, 'warning');
}

/** What may fail of what a setting names. */
const kindsBySetting: Readonly<Record<string, ExtensionKind>> = {
  configProviders: 'config-provider',
  contributors: 'contributor',
  compaction: 'compaction',
  toolSelection: 'tool-selection',
  exporters: 'exporter',
  tools: 'tool',
};

/** What failed before a setting changed may be gone; what still fails says so again. */
export function withoutReplaced(state: State, key: string): State {
  const kind = kindsBySetting[key.split(/[.[]/, 1)[0]!];
  const failingExtensions = state.footer.failingExtensions.filter((one) => one.kind !== kind);
  return withFooter(state, { failingExtensions });
}

/** `compaction.strategy: recent -> task-aware (.victorrc:4)`. */
export function configChange({ key, from, to, file, line, effect }: EventOf<'config-change'>): string {
  const place = file === undefined ? 'default' : line === undefined ? file : `${file}:${line}`;
  return `${key}: ${from} -> ${to} (${place})${effect === 'now' ? '' : ', after a restart'}`;
}
