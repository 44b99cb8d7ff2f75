import type { OutputStream } from '../output-stream.js';
import type { AnswerPrinter, RunHeader } from './answer-printer.js';
import type { AnswerSummary } from './answer-summary.js';

/** One object, when everything is over. */
export function jsonPrinter(stdout: OutputStream): AnswerPrinter {
  return {
    end(summary, header) {
      stdout.write(jsonLine(resultObject(summary, header)));
    },
  };
}

/** One object a line: what runs, every event as it happens, and the result last. */
export function streamJsonPrinter(stdout: OutputStream): AnswerPrinter {
  return {
    start(header) {
      stdout.write(
        jsonLine({
          type: 'system',
          subtype: 'init',
          session_id: header.sessionId,
          provider: header.provider,
          model: header.model,
          permission_mode: header.mode,
          cwd: header.cwd,
          tools: header.tools,
        }),
      );
    },
    event(event) {
      stdout.write(jsonLine(event));
    },
    end(summary, header) {
      stdout.write(jsonLine(resultObject(summary, header)));
    },
  };
}

export function resultObject(summary: AnswerSummary, header: Pick<RunHeader, 'sessionId'>) {
  return {
    type: 'result',
    subtype: summary.error === undefined ? 'success' : 'error',
    is_error: summary.error !== undefined,
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

/** JSON escapes the old control characters itself but not the ones that terminals read as an escape in one byte. */
function jsonLine(value: object): string {
  const escaped = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;
  return `${JSON.stringify(value).replaceAll(/[\u007f-\u009f]/g, escaped)}\n`;
}
