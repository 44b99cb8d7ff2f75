import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { ConfigError } from '../core/errors.js';
import type { ScriptStep } from './script.js';

const LARGEST_BYTES = 4 * 1024 * 1024;

const tokens = z.number().int().nonnegative();
const kinds = [
  'authentication',
  'rate-limit',
  'overloaded',
  'context-length',
  'invalid-request',
  'network',
  'stalled',
  'protocol',
] as const;

const stepSchema = z.strictObject({
  thinking: z.string(),
  redactedThinking: z.string(),
  text: z.string(),
  toolCalls: z.array(
    z.strictObject({
      name: z.string().min(1),
      input: z.record(z.string(), z.unknown()).optional(),
      inputText: z.string().optional(),
      id: z.string().optional(),
    }),
  ),
  stopReason: z.enum(['end', 'tool-calls', 'max-tokens', 'refusal', 'pause']),
  usage: z.strictObject({
    inputTokens: tokens.optional(),
    outputTokens: tokens.optional(),
    cacheReadTokens: tokens.optional(),
    cacheWriteTokens: tokens.optional(),
    cacheWrite1hTokens: tokens.optional(),
    reasoningTokens: tokens.optional(),
  }),
  chunks: z.number().int().min(1).max(10_000),
  delayMs: z.number().min(0).max(600_000),
  error: z.strictObject({ kind: z.enum(kinds), message: z.string() }),
});

const scriptSchema = z.array(stepSchema.partial());

/**
 * The script of a `[scripted, { script }]` entry: steps written out, or the path of a JSON file that holds them.
 * Throws a `ConfigError` that says which step and key are wrong.
 */
export function readScript(script: unknown, baseDirectory: string): readonly ScriptStep[] {
  if (typeof script !== 'string') return checked(script, undefined);
  const file = resolve(baseDirectory, script);
  return checked(parsed(file), file);
}

function parsed(file: string): unknown {
  try {
    const status = statSync(file);
    // A pipe or a device would hold the start for ever.
    if (!status.isFile() || status.size > LARGEST_BYTES) {
      throw new ConfigError(`The script ${file} is no regular file of at most 4 MB.`, {
        file,
        advice: 'Name a JSON file with an array of steps.',
      });
    }
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The script ${file} cannot be read: ${reason}`, {
      file,
      cause,
      advice: 'Name a JSON file with an array of steps, each like { "text": "Hello" }.',
    });
  }
}

function checked(value: unknown, file: string | undefined): readonly ScriptStep[] {
  const result = scriptSchema.safeParse(value);
  // An absent key and an `undefined` one mean the same to a step.
  if (result.success) return result.data as readonly ScriptStep[];
  const issue = result.error.issues[0];
  const [step, ...keys] = issue?.path ?? [];
  const where =
    step === undefined ? 'It' : `Step ${Number(step) + 1}${keys.length ? `, ${keys.join('.')}` : ''}`;
  const subject = file === undefined ? 'The script of the scripted provider' : `The script ${file}`;
  throw new ConfigError(`${subject} is not valid. ${where}: ${issue?.message}.`, {
    file,
    key: keys.length ? keys.join('.') : undefined,
    advice: `A script is an array of steps with the keys ${Object.keys(stepSchema.shape).join(', ')}.`,
  });
}
