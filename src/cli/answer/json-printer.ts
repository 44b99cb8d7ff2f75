import { isBudgetLimit, type TurnLimit } from '../../core/turn-limit.js';
import type { Usage } from '../../core/usage.js';
import { formatJson } from '../format-json.js';
import type { OutputStream } from '../output-stream.js';
import type { AnswerPrinter, RunHeader } from './answer-printer.js';
import type { AnswerSummary, StepSummary } from './answer-summary.js';

/** One object, when everything is over. */
export function jsonPrinter(stdout: OutputStream): AnswerPrinter {
  return {
    end(summary, header) {
      stdout.write(formatJson(resultObject(summary, header), 0));
    },
  };
}

/** One object a line: what runs, every event as it happens, and the result last. */
export function streamJsonPrinter(stdout: OutputStream): AnswerPrinter {
  return {
    start(header) {
      stdout.write(
        formatJson(
          {
            type: 'system',
            subtype: 'init',
            session_id: header.sessionId,
            provider: header.provider,
            model: header.model,
            permission_mode: header.mode,
            cwd: header.cwd,
            tools: header.tools,
          },
          0,
        ),
      );
    },
    event(event) {
      stdout.write(formatJson(event, 0));
    },
    end(summary, header) {
      stdout.write(formatJson(resultObject(summary, header), 0));
    },
  };
}

/**
 * How it ended, in a word for each exit code: `success` 0, `denied` 4 (a tool call was refused, and the answer is whole
 * all the same), `limit` 5, `invalid` 6 (no JSON that the schema asks for), `refusal` and `error` 1 or 2, `interrupted` the signal's; of a workflow also, when a
 * step ended it, `failed` 1, `refused` 4 and `waiting` 7.
 */
type Subtype =
  | 'success'
  | 'denied'
  | 'limit'
  | 'invalid'
  | 'refusal'
  | 'error'
  | 'interrupted'
  | 'failed'
  | 'refused'
  | 'waiting';

/**
 * `is_error` is true unless the answer is whole: `success` and `denied`. With the stop reason `limit`, `limit` is the
 * setting and its value, `{ name: 'maxMinutes', value: 30 }`, or `{ name: 'repeated-call', value: 4, call }`; of a budget
 * also `spent_usd`, and `unpriced_calls` that are not in it.
 */
function resultObject(summary: AnswerSummary, header: Pick<RunHeader, 'sessionId' | 'steps'>) {
  const subtype = subtypeOf(summary);
  return {
    type: 'result',
    subtype,
    is_error: subtype !== 'success' && subtype !== 'denied',
    result: summary.content,
    ...(summary.json?.ok ? { structured_output: summary.json.value } : {}),
    ...(summary.json?.ok === false ? { schema_problems: summary.json.problems } : {}),
    stop_reason: summary.reason ?? null,
    ...(summary.limit === undefined ? {} : { limit: limitObject(summary.limit) }),
    session_id: header.sessionId,
    usage: usageObject(summary.usage),
    total_cost_usd: summary.costUsd,
    num_turns: summary.providerCalls,
    duration_ms: summary.durationMs,
    permission_denials: summary.denials.map(({ call, title, reason, subagent }) => ({
      tool: call.name,
      title,
      reason,
      ...(subagent === undefined ? {} : { subagent }),
    })),
    ...(header.steps ? { steps: summary.steps.map(stepObject) } : {}),
    ...(summary.error === undefined ? {} : { error: summary.error }),
  };
}

function subtypeOf({ interrupted, error, outcome, reason, denials, json }: AnswerSummary): Subtype {
  if (interrupted) return 'interrupted';
  if (error !== undefined) return 'error';
  if (outcome !== undefined && outcome !== 'done') return outcome;
  if (reason === 'limit' || reason === 'max-tokens') return 'limit';
  if (reason === 'refusal') return 'refusal';
  if (json?.ok === false) return 'invalid';
  return denials.length > 0 ? 'denied' : 'success';
}

const textNames = { prompt: 'prompt', command: 'command', approval: 'question' } as const;

function stepObject(step: StepSummary) {
  return {
    ...(step.name === undefined ? {} : { name: step.name, kind: step.kind, status: step.status }),
    [textNames[step.kind ?? 'prompt']]: step.text,
    result: step.content,
    ...(step.exitCode === undefined ? {} : { exit_code: step.exitCode }),
    ...(step.stepReason === undefined ? {} : { reason: step.stepReason }),
    stop_reason: step.reason ?? null,
    usage: usageObject(step.usage),
    total_cost_usd: step.costUsd,
    num_turns: step.providerCalls,
    duration_ms: Math.round(step.durationMs),
  };
}

/** `cache_write_1h` is part of `cache_write`, `reasoning` is part of `output`; both are absent when nothing was reported. */
function usageObject(usage: Usage) {
  const { cacheWrite1hTokens, reasoningTokens } = usage;
  return {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cache_read: usage.cacheReadTokens,
    cache_write: usage.cacheWriteTokens,
    ...(cacheWrite1hTokens === undefined ? {} : { cache_write_1h: cacheWrite1hTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoning: reasoningTokens }),
  };
}

function limitObject(limit: TurnLimit) {
  if (!isBudgetLimit(limit) || limit.spentUsd === undefined) return limit;
  const { name, value, spentUsd, unpricedCalls = 0 } = limit;
  return { name, value, spent_usd: spentUsd, unpriced_calls: unpricedCalls };
}
