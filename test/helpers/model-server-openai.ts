import type { ProviderErrorKind } from '../../src/core/errors.js';
import { splitChunks, stepStopReason, toolCallId, toolCallText } from '../../src/providers/script.js';
import { type Piece, type RecordedRequest, type ServerStep, stepUsage } from './model-server-step.js';

const finishReasons = {
  end: 'stop',
  'tool-calls': 'tool_calls',
  'max-tokens': 'length',
  refusal: 'content_filter',
  // The dialect has no word for it.
  pause: 'stop',
} as const;

/** A step as Chat Completions streams it: one `data:` line a chunk, `[DONE]` last. */
export function* openAIPieces(step: ServerStep, request: RecordedRequest, number: number): Generator<Piece> {
  const common = {
    id: `chatcmpl-${number + 1}`,
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: request.body?.model ?? 'unknown',
  };
  const chunk = (delta: Record<string, unknown>, finish: string | null = null, paced = false): Piece =>
    line({ ...common, choices: [{ index: 0, delta, finish_reason: finish }] }, paced);

  yield chunk({ role: 'assistant', content: '' });
  for (const text of splitChunks(step.thinking ?? '', step.chunks)) {
    yield chunk({ reasoning_content: text }, null, true);
  }
  for (const text of splitChunks(step.text ?? '', step.chunks)) yield chunk({ content: text }, null, true);
  for (const [index, call] of (step.toolCalls ?? []).entries()) {
    const id = toolCallId(call, number, index);
    const start = { index, id, type: 'function', function: { name: call.name, arguments: '' } };
    yield chunk({ tool_calls: [start] });
    for (const text of splitChunks(toolCallText(call), step.chunks)) {
      yield chunk({ tool_calls: [{ index, function: { arguments: text } }] }, null, true);
    }
  }
  if (step.error) {
    yield line(openAIError(step.error.kind, step.error.message));
    return;
  }
  yield chunk({}, finishReasons[stepStopReason(step)]);
  if (request.body?.stream_options?.include_usage) {
    const used = stepUsage(step, request.rawBody);
    const promptTokens = used.inputTokens + used.cacheReadTokens + used.cacheWriteTokens;
    yield line({
      ...common,
      choices: [],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: used.outputTokens,
        total_tokens: promptTokens + used.outputTokens,
        prompt_tokens_details: {
          cached_tokens: used.cacheReadTokens,
          ...(used.cacheWriteTokens ? { cache_write_tokens: used.cacheWriteTokens } : {}),
        },
        ...(used.reasoningTokens
          ? { completion_tokens_details: { reasoning_tokens: used.reasoningTokens } }
          : {}),
      },
    });
  }
  yield { data: 'data: [DONE]\n\n' };
}

export function openAIError(kind: ProviderErrorKind, message: string): Record<string, unknown> {
  const codes: Partial<Record<ProviderErrorKind, string>> = {
    authentication: 'invalid_api_key',
    'rate-limit': 'rate_limit_exceeded',
    overloaded: 'overloaded',
    'context-length': 'context_length_exceeded',
  };
  const type = kind === 'overloaded' ? 'server_error' : 'invalid_request_error';
  return { error: { message, type, param: null, code: codes[kind] ?? null } };
}

function line(data: Record<string, unknown>, paced = false): Piece {
  return { data: `data: ${JSON.stringify(data)}\n\n`, paced };
}
