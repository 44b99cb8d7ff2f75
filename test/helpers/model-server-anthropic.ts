import type { ProviderErrorKind } from '../../src/core/errors.js';
import { splitChunks, stepStopReason, toolCallId, toolCallText } from '../../src/providers/script.js';
import { type Piece, type RecordedRequest, type ServerStep, stepUsage } from './model-server-step.js';

const stopReasons = {
  end: 'end_turn',
  'tool-calls': 'tool_use',
  'max-tokens': 'max_tokens',
  refusal: 'refusal',
  pause: 'pause_turn',
} as const;

/** A step as the Messages API streams it: `event:` and `data:` lines. */
export function* anthropicPieces(
  step: ServerStep,
  request: RecordedRequest,
  number: number,
): Generator<Piece> {
  const used = stepUsage(step, request.rawBody);
  const inputUsage = {
    input_tokens: used.inputTokens,
    cache_creation_input_tokens: used.cacheWriteTokens,
    cache_read_input_tokens: used.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: used.cacheWriteTokens - (used.cacheWrite1hTokens ?? 0),
      ephemeral_1h_input_tokens: used.cacheWrite1hTokens ?? 0,
    },
  };
  yield event('message_start', {
    message: {
      id: `msg_${number + 1}`,
      type: 'message',
      role: 'assistant',
      model: request.body?.model ?? 'unknown',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...inputUsage, output_tokens: 1 },
    },
  });
  yield event('ping', {});
  let index = 0;
  if (step.thinking !== undefined) {
    yield event('content_block_start', {
      index,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    });
    for (const thinking of splitChunks(step.thinking, step.chunks)) {
      yield event('content_block_delta', { index, delta: { type: 'thinking_delta', thinking } }, true);
    }
    const signature = thinkingSignature(number);
    yield event('content_block_delta', { index, delta: { type: 'signature_delta', signature } });
    yield event('content_block_stop', { index });
    index += 1;
  }
  if (step.redactedThinking !== undefined) {
    const block = { type: 'redacted_thinking', data: step.redactedThinking };
    yield event('content_block_start', { index, content_block: block });
    yield event('content_block_stop', { index });
    index += 1;
  }
  if (step.text !== undefined) {
    yield event('content_block_start', { index, content_block: { type: 'text', text: '' } });
    for (const text of splitChunks(step.text, step.chunks)) {
      yield event('content_block_delta', { index, delta: { type: 'text_delta', text } }, true);
    }
    yield event('content_block_stop', { index });
    index += 1;
  }
  for (const [position, call] of (step.toolCalls ?? []).entries()) {
    const block = { type: 'tool_use', id: toolCallId(call, number, position), name: call.name, input: {} };
    yield event('content_block_start', { index, content_block: block });
    for (const json of splitChunks(toolCallText(call), step.chunks)) {
      yield event(
        'content_block_delta',
        { index, delta: { type: 'input_json_delta', partial_json: json } },
        true,
      );
    }
    yield event('content_block_stop', { index });
    index += 1;
  }
  if (step.error) {
    yield event('error', anthropicError(step.error.kind, step.error.message));
    return;
  }
  yield event('message_delta', {
    delta: { stop_reason: stopReasons[stepStopReason(step)], stop_sequence: null },
    usage: {
      ...inputUsage,
      output_tokens: used.outputTokens,
      ...(used.reasoningTokens ? { output_tokens_details: { thinking_tokens: used.reasoningTokens } } : {}),
    },
  });
  yield event('message_stop', {});
}

/** The signature the server puts on the thinking of its answer number `number`, counted from 0. */
export function thinkingSignature(number: number): string {
  return `c2lnbmF0dXJl${number + 1}==`;
}

export function anthropicError(kind: ProviderErrorKind, message: string): Record<string, unknown> {
  const types: Partial<Record<ProviderErrorKind, string>> = {
    authentication: 'authentication_error',
    'rate-limit': 'rate_limit_error',
    overloaded: 'overloaded_error',
    'context-length': 'invalid_request_error',
    'invalid-request': 'invalid_request_error',
  };
  return { type: 'error', error: { type: types[kind] ?? 'api_error', message }, request_id: 'req_from_body' };
}

function event(type: string, data: Record<string, unknown>, paced = false): Piece {
  return { data: `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`, paced };
}
