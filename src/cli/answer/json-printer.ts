import { formatJson } from '../format-json.js';
import type { OutputStream } from '../output-stream.js';
import type { AnswerPrinter, RunHeader } from './answer-printer.js';
import type { AnswerSummary } from './answer-summary.js';

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

export function resultObject(summary: AnswerSummary, header: Pick<RunHeader, 'sessionId'>) {
  const failed = summary.error === undefined ? 'success' : 'error';
  const subtype = summary.interrupted ? 'interrupted' : failed;
  return {
    type: 'result',
    subtype,
    is_error: subtype !== 'success',
    result: summary.content,
    stop_reason: summary.reason ?? null,
    session_id: header.sessionId,
    usage: {
      input: summary.usage.inputTokens,
      output: summary.usage.outputTokens,
      cache_read: summary.usage.cacheReadTokens,
      cache_write: summary.usage.cacheWriteTokens,
    },
    total_cost_usd: summary.costUsd,
    num_turns: summary.providerCalls,
    duration_ms: summary.durationMs,
    permission_denials: summary.denials,
    ...(summary.error === undefined ? {} : { error: summary.error }),
  };
}
