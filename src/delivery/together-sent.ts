import type { Sent } from './delivery.js';

/** What two rounds of one exporter came to. */
export function togetherSent(first: Sent, second: Sent): Sent {
  return {
    ids: [...first.ids, ...second.ids],
    exported: first.exported + second.exported,
    rejected: first.rejected + second.rejected,
    quarantined: first.quarantined + second.quarantined,
    ...optional('error', first.error ?? second.error),
    ...optional('retryAt', first.retryAt ?? second.retryAt),
    ...optional('heldBy', first.heldBy ?? second.heldBy),
  };
}

function optional<Key extends keyof Sent>(key: Key, value: Sent[Key] | undefined): Partial<Sent> {
  return value === undefined ? {} : { [key]: value };
}
