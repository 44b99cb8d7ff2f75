import { AbortedError } from '../core/errors.js';
import type { Provider, ProviderEvent, ProviderRequest } from '../core/provider.js';
import { noUsage } from '../core/usage.js';
import { answerByChoice } from './offline/advice.js';

/** About how many characters one piece of streamed text has. */
const CHUNK_CHARACTERS = 400;

/**
 * The embedded default when no key is set. There is no model here and it never pretends to be one: it plans tool calls
 * by rules, and answers with excerpts of what the tools found. A pure function of the request; usage is always zero.
 */
export class OfflineProvider implements Provider {
  readonly name = 'offline';
  readonly free = true;
  readonly #instead: string | undefined;

  /** `instead`: the provider that would answer, had the user not chosen this one. */
  constructor({ instead }: { readonly instead?: string | undefined } = {}) {
    this.#instead = instead;
  }

  async *stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    const { planStep } = await import('./offline/plan.js');
    throwIfAborted(signal);
    const step = await planStep(request);
    throwIfAborted(signal);
    if ('calls' in step) {
      const key = callKey(request);
      for (const [index, call] of step.calls.entries()) {
        yield { type: 'tool-call', call: { ...call, id: `${key}-${index + 1}` } };
      }
      yield { type: 'end', stopReason: 'tool-calls', usage: noUsage };
      return;
    }
    const answer = this.#instead === undefined ? step.answer : answerByChoice(step.answer, this.#instead);
    for (const text of chunks(answer)) {
      throwIfAborted(signal);
      yield { type: 'text-delta', text };
    }
    yield { type: 'end', stopReason: 'end', usage: noUsage };
  }

  async listModels(): Promise<readonly string[]> {
    return ['extractive'];
  }
}

/** Ids are the same for the same request, and differ between rounds and between turns. */
function callKey({ messages }: ProviderRequest): string {
  const start = messages.findLastIndex((message) => message.role === 'user');
  const round = messages.slice(start + 1).filter((message) => message.role === 'assistant').length + 1;
  const turn = (messages[start]?.id ?? '').replace(/[^A-Za-z0-9]/g, '').slice(0, 16);
  return `offline-${turn}-${round}`;
}

function* chunks(text: string): Generator<string> {
  let piece = '';
  for (const line of text.split(/(?<=\n)/)) {
    piece += line;
    if (piece.length >= CHUNK_CHARACTERS) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new AbortedError();
}
