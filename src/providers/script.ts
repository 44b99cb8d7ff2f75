import type { ProviderErrorKind } from '../core/errors.js';
import type { ProviderRequest, StopReason } from '../core/provider.js';
import type { UsageTiers } from '../core/usage.js';

export interface ScriptToolCall {
  readonly name: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** Instead of `input`: the arguments as text, for models that do not send a JSON object. */
  readonly inputText?: string;
  /** Made up when absent, the same on every run: `call-<step>-<position>`. */
  readonly id?: string;
}

/** What the model says in answer to one request. Everything is optional; the parts are sent in this order. */
export interface ScriptStep {
  readonly thinking?: string;
  /** Encrypted reasoning, sent after `thinking`. */
  readonly redactedThinking?: string;
  readonly text?: string;
  readonly toolCalls?: readonly ScriptToolCall[];
  /** `tool-calls` when there are calls, else `end`. */
  readonly stopReason?: StopReason;
  /** Token counts; estimated from the lengths of the request and the answer when absent. */
  readonly usage?: UsageTiers;
  /** How many pieces the text, the thinking and each call's arguments are sent in; 1 when absent. */
  readonly chunks?: number;
  /** Milliseconds to wait before each piece; 0 when absent. */
  readonly delayMs?: number;
  /** The request fails, after the parts above have been sent. */
  readonly error?: { readonly kind: ProviderErrorKind; readonly message: string };
}

/** A step, or what decides it from the request. */
export type ScriptEntry = ScriptStep | ((request: ProviderRequest) => ScriptStep | Promise<ScriptStep>);

/** One entry for each request, in order; a single function instead of a list answers every request. */
export type Script = readonly ScriptEntry[] | Extract<ScriptEntry, (request: ProviderRequest) => unknown>;

/** What the model says when the script has no step left. */
export const scriptOverText = 'The script is over: it has no step for this request.';

/** Cuts a text into at most `count` pieces of about equal length, never inside a character. */
export function splitChunks(text: string, count = 1): readonly string[] {
  if (text === '') return [];
  const characters = count > 1 ? [...text] : [text];
  const size = Math.max(1, Math.ceil(characters.length / Math.max(1, count)));
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += size) {
    pieces.push(characters.slice(start, start + size).join(''));
  }
  return pieces;
}

export function toolCallId(call: ScriptToolCall, step: number, position: number): string {
  return call.id ?? `call-${step + 1}-${position + 1}`;
}

/** The arguments of a scripted call as the model would send them. */
export function toolCallText(call: ScriptToolCall): string {
  return call.inputText ?? JSON.stringify(call.input ?? {});
}

export function stepStopReason(step: ScriptStep): StopReason {
  return step.stopReason ?? (step.toolCalls?.length ? 'tool-calls' : 'end');
}
