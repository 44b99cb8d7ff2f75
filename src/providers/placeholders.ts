/** Texts that stand where a provider demands one and the conversation has none. */

/** After an assistant message that was cut: providers continue only when a user message asks for it. */
export const continueText = 'Continue.';
export const emptyUserText = '(empty message)';
export const emptyResultText = '(no output)';
