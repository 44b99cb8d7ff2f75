import type { EventOf } from './event.js';

/** What a run of a hook came to, for people; `undefined` where something else on the screen says it, or it is nothing to read. */
export function hookSentence({ hook, command, outcome, reason, tool }: EventOf<'hook'>): string | undefined {
  const which = `The ${hook} hook ${command}`;
  switch (outcome) {
    case 'failed':
      return `${which} does not count: ${reason} Everything goes on without it.`;
    case 'continued':
      return `${which} lets the turn go on: ${reason}`;
    case 'stopped':
      return `${which} ends the turn: ${reason}`;
    case 'allowed':
      return `${which} allows ${tool ?? 'it'}: ${reason}`;
    case 'changed':
      return `${which} changes the call of ${tool ?? 'it'}: ${reason}`;
    case 'blocked':
      // A refused call and a message that is kept back say it themselves.
      return hook === 'PostToolUse' ? `${which} objects to what ${tool ?? 'it'} did: ${reason}` : undefined;
    default:
      return undefined;
  }
}
