import type { VictorEvent } from '../core/event.js';

/** Something that the user should read, beside what the model says. */
export interface Note {
  readonly level: 'info' | 'warning';
  readonly text: string;
}

/** What of an event is for the user to read; `undefined` for all others. */
export function noteOf(event: VictorEvent): Note | undefined {
  switch (event.type) {
    case 'notice':
      return { level: event.level, text: event.text };
    case 'extension-failure': {
      const { message, fallback } = event.failure;
      return { level: 'warning', text: `${message} Instead: ${fallback}.` };
    }
    case 'provider-fallback':
      return {
        level: 'warning',
        text: `${event.from} failed (${event.error.message}); ${event.to} answers.`,
      };
    case 'request-retry': {
      const seconds = Math.ceil(event.waitMs / 1000);
      return { level: 'info', text: `${event.error.message} Asked again in ${seconds} s.` };
    }
    case 'compaction': {
      const { strategy, before, after } = event;
      const text = `Context compacted (${strategy}): ~${before.tokens} tokens -> ~${after.tokens} tokens.`;
      return { level: 'info', text };
    }
    case 'config-change': {
      const where = event.file === undefined ? '' : ` (${event.file})`;
      return { level: 'info', text: `${event.key}: ${event.from} -> ${event.to}${where}.` };
    }
    default:
      return undefined;
  }
}
