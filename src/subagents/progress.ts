import type { VictorEvent } from '../core/event.js';

export interface SubagentProgress {
  note(event: VictorEvent): void;
  /** `3 calls, 12.3k tokens`. */
  summary(): string;
}

/** Tells whoever watches the call what its subagent is at: a line for each of its calls, with what it came to so far. */
export function createProgress(onOutput: ((text: string) => void) | undefined): SubagentProgress {
  let calls = 0;
  let tokens = 0;
  const summary = () => `${calls} ${calls === 1 ? 'call' : 'calls'}, ${shortCount(tokens)} tokens`;
  const tell = (text: string) => onOutput?.(`${text} · ${summary()}\n`);
  return {
    note(event) {
      if (event.type === 'request-end') tokens += event.usage.totalTokens;
      if (event.type === 'tool-call') {
        calls += 1;
        tell(`${event.call.name} ${event.title}`.trim().replaceAll(/\s+/g, ' ').slice(0, 120));
      }
      if (event.type === 'tool-result' && event.denied) tell(`${event.call.name} refused`);
      if (event.type === 'request-retry') tell(event.error.message);
      if (event.type === 'turn-start') tell('Begins');
    },
    summary,
  };
}

function shortCount(count: number): string {
  return count < 1_000 ? String(count) : `${(count / 1_000).toFixed(1)}k`;
}
