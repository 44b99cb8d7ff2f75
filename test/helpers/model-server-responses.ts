import { splitChunks, stepStopReason, toolCallId, toolCallText } from '../../src/providers/script.js';
import { type Piece, type RecordedRequest, type ServerStep, stepUsage } from './model-server-step.js';

type Fields = Record<string, unknown>;

/** What a failed response calls each kind of failure. */
const codes: Readonly<Record<string, string>> = {
  'rate-limit': 'rate_limit_exceeded',
  'invalid-request': 'invalid_prompt',
  authentication: 'invalid_api_key',
};

/** A step as the Responses API streams it: `event:` and `data:` lines, each item opened, extended and closed. */
export function* responsesPieces(
  step: ServerStep,
  request: RecordedRequest,
  number: number,
): Generator<Piece> {
  const response = { id: `resp_${number + 1}`, object: 'response', model: request.body?.model ?? 'unknown' };
  const output: Fields[] = [];
  let sequence = 0;
  const event = (type: string, data: Fields, paced = false): Piece => {
    const text = JSON.stringify({ type, sequence_number: sequence++, ...data });
    return { data: `event: ${type}\ndata: ${text}\n\n`, paced };
  };
  const close = (item: Fields): Piece => {
    output.push(item);
    return event('response.output_item.done', { output_index: output.length - 1, item });
  };

  yield event('response.created', { response: { ...response, status: 'in_progress', output: [] } });
  yield event('response.in_progress', { response: { ...response, status: 'in_progress', output: [] } });
  if (step.thinking !== undefined || step.redactedThinking !== undefined) {
    const at = { item_id: reasoningId(number), output_index: output.length };
    const item = { id: reasoningId(number), type: 'reasoning', encrypted_content: '', summary: [] };
    yield event('response.output_item.added', { output_index: output.length, item });
    const summary: Fields[] = [];
    if (step.thinking !== undefined) {
      const part = { type: 'summary_text', text: '' };
      yield event('response.reasoning_summary_part.added', { ...at, summary_index: 0, part });
      for (const delta of splitChunks(step.thinking, step.chunks)) {
        yield event('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta }, true);
      }
      summary.push({ type: 'summary_text', text: step.thinking });
    }
    yield close({ ...item, summary, encrypted_content: step.redactedThinking ?? encryptedReasoning(number) });
  }
  if (step.text !== undefined) {
    const id = `msg_${number + 1}`;
    const at = { item_id: id, output_index: output.length, content_index: 0 };
    const item = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    yield event('response.output_item.added', { output_index: output.length, item });
    yield event('response.content_part.added', { ...at, part: { type: 'output_text', text: '' } });
    for (const delta of splitChunks(step.text, step.chunks)) {
      yield event('response.output_text.delta', { ...at, delta, logprobs: [] }, true);
    }
    yield event('response.output_text.done', { ...at, text: step.text });
    const content = [{ type: 'output_text', text: step.text, annotations: [] }];
    yield close({ ...item, status: 'completed', content });
  }
  const isCut = stepStopReason(step) === 'max-tokens';
  for (const [position, call] of (step.toolCalls ?? []).entries()) {
    const id = `fc_${number + 1}_${position + 1}`;
    const at = { item_id: id, output_index: output.length };
    const named = { id, type: 'function_call', call_id: toolCallId(call, number, position), name: call.name };
    const item = { ...named, status: 'in_progress', arguments: '' };
    yield event('response.output_item.added', { output_index: output.length, item });
    for (const delta of splitChunks(toolCallText(call), step.chunks)) {
      yield event('response.function_call_arguments.delta', { ...at, delta }, true);
    }
    const written = toolCallText(call);
    if (!isCut) yield event('response.function_call_arguments.done', { ...at, arguments: written });
    yield close({ ...item, status: isCut ? 'incomplete' : 'completed', arguments: written });
  }
  if (step.error) {
    const { kind, message } = step.error;
    const error = { code: codes[kind] ?? 'server_error', message };
    yield event('response.failed', { response: { ...response, status: 'failed', error, output } });
    return;
  }
  const reason = { 'max-tokens': 'max_output_tokens', refusal: 'content_filter' }[
    stepStopReason(step) as 'max-tokens' | 'refusal'
  ];
  const status = reason === undefined ? 'completed' : 'incomplete';
  const usage = wireUsage(step, request.rawBody);
  const incomplete_details = reason === undefined ? null : { reason };
  yield event(`response.${status}`, { response: { ...response, status, output, incomplete_details, usage } });
}

/** The id of the reasoning in the server's answer number `number`, counted from 0, and what it is encrypted to. */
export function reasoningId(number: number): string {
  return `rs_${number + 1}`;
}

export function encryptedReasoning(number: number): string {
  return `Z0FBQUFB${number + 1}==`;
}

function wireUsage(step: ServerStep, rawBody: string): Fields {
  const used = stepUsage(step, rawBody);
  const input = used.inputTokens + used.cacheReadTokens + used.cacheWriteTokens;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: used.cacheReadTokens,
      cache_write_tokens: used.cacheWriteTokens,
    },
    output_tokens: used.outputTokens,
    output_tokens_details: { reasoning_tokens: used.reasoningTokens ?? 0 },
    total_tokens: input + used.outputTokens,
  };
}
