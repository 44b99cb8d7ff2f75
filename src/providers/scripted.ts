import { setTimeout as sleep } from 'node:timers/promises';
import { AbortedError, ProviderError } from '../core/errors.js';
import type { Provider, ProviderEvent, ProviderRequest } from '../core/provider.js';
import { estimateTextTokens, estimateTokens } from '../core/tokens.js';
import { type Usage, usage } from '../core/usage.js';
import {
  type Script,
  type ScriptStep,
  scriptOverText,
  splitChunks,
  stepStopReason,
  toolCallId,
  toolCallText,
} from './script.js';
import { toolInput } from './tool-input.js';

export interface ScriptedProviderOptions {
  readonly script: Script;
  readonly name?: string | undefined;
}

/**
 * Plays a script of turns: a provider for tests, examples and demonstrations that need no model. One step answers one
 * request, in order over all sessions; when none is left it says so in a plain answer.
 */
export class ScriptedProvider implements Provider {
  readonly name: string;
  readonly #script: Script;
  #next = 0;

  constructor(options: ScriptedProviderOptions) {
    this.name = options.name ?? 'scripted';
    this.#script = options.script;
  }

  async *stream(request: ProviderRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    if (signal.aborted) throw new AbortedError();
    const number = this.#next++;
    const entry = typeof this.#script === 'function' ? this.#script : this.#script[number];
    const step = typeof entry === 'function' ? await entry(request) : (entry ?? { text: scriptOverText });
    for (const event of stepEvents(step, number)) {
      await pause(step.delayMs, signal);
      yield event;
    }
    if (signal.aborted) throw new AbortedError();
    if (step.error) throw scriptedError(step.error, this.name);
    const stopReason = stepStopReason(step);
    for (const [position, call] of (step.toolCalls ?? []).entries()) {
      const id = toolCallId(call, number, position);
      yield { type: 'tool-call', call: { id, name: call.name, ...toolInput(toolCallText(call)) } };
    }
    yield { type: 'end', stopReason, usage: stepUsage(step, request) };
  }

  async listModels(): Promise<readonly string[]> {
    return ['script'];
  }
}

/** What comes before the whole calls. */
function* stepEvents(step: ScriptStep, number: number): Generator<ProviderEvent> {
  for (const text of splitChunks(step.thinking ?? '', step.chunks)) yield { type: 'thinking-delta', text };
  if (step.thinking) {
    yield { type: 'thinking', thinking: { text: step.thinking, signature: `scripted-${number + 1}` } };
  }
  if (step.redactedThinking) {
    yield { type: 'thinking', thinking: { text: step.redactedThinking, redacted: true } };
  }
  for (const text of splitChunks(step.text ?? '', step.chunks)) yield { type: 'text-delta', text };
  for (const [index, call] of (step.toolCalls ?? []).entries()) {
    const pieces = splitChunks(toolCallText(call), step.chunks);
    for (const text of pieces) yield { type: 'tool-call-delta', index, name: call.name, text };
  }
}

async function pause(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new AbortedError();
  if (!delayMs) return;
  await sleep(delayMs, undefined, { signal }).catch((cause) => {
    throw new AbortedError(undefined, { cause });
  });
}

function scriptedError({ kind, message }: NonNullable<ScriptStep['error']>, provider: string): ProviderError {
  return new ProviderError(kind, message, {
    provider,
    advice: 'The script says so; change its step if it should not.',
  });
}

function stepUsage(step: ScriptStep, request: ProviderRequest): Usage {
  const calls = (step.toolCalls ?? []).map((call) => call.name + toolCallText(call)).join('');
  return usage({
    inputTokens: estimateTextTokens(request.system) + estimateTokens(request.messages),
    outputTokens: estimateTextTokens((step.thinking ?? '') + (step.text ?? '') + calls),
    ...step.usage,
  });
}
