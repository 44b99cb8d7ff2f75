import type { ProviderRequest, RequestMessage } from '../core/provider.js';

/** The one system text of a request: the prompt, then what stands as system messages in the conversation. */
export function joinedSystem({ system, messages }: ProviderRequest): string {
  const others = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  return [system, ...others].filter((text) => text.trim() !== '').join('\n\n');
}

/**
 * Volatile text ends the message's own: a message for itself would stand behind a tool's, or behind another of the
 * user's, and some servers refuse both.
 */
export function withVolatile(text: string, { volatile = '' }: RequestMessage): string {
  return [text, volatile].filter((one) => one !== '').join('\n\n');
}
