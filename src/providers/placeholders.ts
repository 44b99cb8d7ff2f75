/** Texts that stand where a provider demands one and the conversation has none. */

/** After an assistant message that was cut: providers continue only when a user message asks for it. */
export const continueText = 'Continue.';
export const emptyUserText = '(empty message)';
export const emptyResultText = '(no output)';
/** Behind an answer that broke off: what comes is put behind it, so nothing of it may come again. */
export const goOnText =
  'Your answer broke off here. Go on exactly where it ends: repeat nothing, and say nothing about the break.';
