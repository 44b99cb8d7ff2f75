import type { Coordinators, CurrentProvider, Mode } from '../core/coordinator.js';
import type { EventPublisher } from '../event-publisher.js';

export interface SessionChoicesOptions {
  readonly coordinators: Pick<Coordinators, 'mode' | 'provider'>;
  readonly events: Pick<EventPublisher, 'emit'>;
}

/** Who answers in a session, and in which mode: what is chosen anew is told. */
export class SessionChoices {
  readonly #with: SessionChoicesOptions;

  constructor(options: SessionChoicesOptions) {
    this.#with = options;
  }

  async switchProvider(name: string, sessionId: string): Promise<CurrentProvider> {
    const { coordinators, events } = this.#with;
    const before = coordinators.provider.current(sessionId);
    const now = await coordinators.provider.switchTo(name, sessionId);
    const from = `${before.provider}/${before.model}`;
    const to = `${now.provider}/${now.model}`;
    if (from !== to) await events.emit({ type: 'provider-change', from, to }, sessionId);
    return now;
  }

  setMode(mode: Mode, sessionId: string): void {
    const { coordinators, events } = this.#with;
    const from = coordinators.mode.current(sessionId);
    coordinators.mode.set(mode, sessionId);
    if (from !== mode) void events.emit({ type: 'mode-change', from, to: mode }, sessionId);
  }
}
