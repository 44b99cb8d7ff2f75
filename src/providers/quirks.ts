/** How a server that speaks Chat Completions differs from the others that do. */
export interface Quirks {
  /** OpenAI itself: newer names for some parameters, and its organisation headers. */
  readonly isOpenAI: boolean;
  /** Wants the reasoning of earlier turns back as `reasoning_content`. */
  readonly returnsReasoning?: boolean | undefined;
  /** Goes with every tool call that is sent back. */
  readonly callExtra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Told by the address, so that a provider made by hand and one made from a preset behave alike. Anything unknown gets
 * the plain protocol.
 */
export function quirksOf(baseURL: string): Quirks {
  const host = URL.canParse(baseURL) ? new URL(baseURL).hostname : '';
  return {
    isOpenAI: host === 'openai.com' || host.endsWith('.openai.com'),
    ...(host.endsWith('deepseek.com') ? { returnsReasoning: true } : {}),
    ...(host === 'generativelanguage.googleapis.com' ? { callExtra: geminiCallExtra } : {}),
  };
}

/**
 * Gemini 3 refuses tool calls without the signature of the thoughts that led to them, which has no place in a
 * conversation that may go on elsewhere. This value is Google's own for calls that come without one.
 */
const geminiCallExtra = {
  extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } },
};
