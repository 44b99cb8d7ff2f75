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
 * all the same), `limit` 5, `refusal` and `error` 1 or 2, `interrupted` the signal's.
 */
type Subtype = 'success' | 'denied' | 'limit' | 'refusal' | 'error' | 'interrupted';

/** `is_error` is true unless the answer is whole: `success` and `denied`. */
export function resultObject(summary: AnswerSummary, header: Pick<RunHeader, 'sessionId' | 'steps'>) {
  const subtype = subtypeOf(summary);
  return {
    type: 'result',
    subtype,
    is_error: subtype !== 'success' && subtype !== 'denied',
    result: summary.content,
    stop_reason: summary.reason ?? null,
    session_id: header.sessionId,
    usage: usageObject(summary.usage),
    total_cost_usd: summary.costUsd,
    num_turns: summary.providerCalls,
    duration_ms: summary.durationMs,
    permission_denials: summary.denials.map(({ call, title, reason }) => ({
      tool: call.name,
      title,
      reason,
    })),
    ...(header.steps ? { steps: summary.steps.map(stepObject) } : {}),
    ...(summary.error === undefined ? {} : { error: summary.error }),
  };
}

function subtypeOf({ interrupted, error, reason, denials }: AnswerSummary): Subtype {
  if (interrupted) return 'interrupted';
  if (error !== undefined) return 'error';
  if (reason === 'limit' || reason === 'max-tokens') return 'limit';
  if (reason === 'refusal') return 'refusal';
  return denials.length > 0 ? 'denied' : 'success';
}

function stepObject(step: StepSummary) {
  return {
    prompt: step.prompt,
    result: step.content,
    stop_reason: step.reason ?? null,
    usage: usageObject(step.usage),
    total_cost_usd: step.costUsd,
    num_turns: step.providerCalls,
    duration_ms: Math.round(step.durationMs),
  };
}

function usageObject({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage) {
  return {
    input: inputTokens,
    output: outputTokens,
    cache_read: cacheReadTokens,
    cache_write: cacheWriteTokens,
  };
}
