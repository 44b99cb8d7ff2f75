import type { PartialSettings } from '../config/schema.js';
import type { VictorError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';

/** Whom a request goes to. */
export interface Endpoint {
  /** As the settings call the provider. */
  readonly provider: string;
  readonly baseURL: string;
}

/** Stands between the providers and the network: records what passes, or plays what was recorded. */
export interface Traffic {
  /** Nothing reaches the network, so that no key is needed and nothing costs. */
  readonly offline: boolean;
  /** The provider, model and fallbacks that were recorded; the settings of a replay, below the flags. */
  readonly settings: Pick<PartialSettings, 'provider' | 'model' | 'fallback'>;
  /** The address that requests to this provider are made for, when nothing reaches it: paths and dialects follow from it. */
  baseURLOf(provider: string): string | undefined;
  /** The fetch that this endpoint's SDK gets in place of `send`. */
  fetch(endpoint: Endpoint, send: typeof fetch): typeof fetch;
  /** Sees what happens in the conversation. */
  onEvent(event: VictorEvent): void;
  /** The first request that was not in the recording; after `close`, also that others answered in place of the recording. */
  readonly failure: VictorError | undefined;
  /** Ends it. Throws `StorageError` when a recording cannot be written. */
  close(): void;
  /** What the user should know at the end. */
  remarks(): readonly string[];
}
