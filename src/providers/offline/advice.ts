/** The sentences that every offline answer shares. They say plainly that no model is at work. */

export const searchHeading = 'No model is configured: these are the most relevant places found by search.';

export const realAnswerAdvice =
  'For a reasoned answer set ANTHROPIC_API_KEY or OPENAI_API_KEY, or start Ollama and add --model ollama/NAME.';

export const notUnderstood = [
  'No model is configured, so Victor can only search and quote here. It can answer, for example:',
  '- where is the timeout decided?\n- find "some text" · find **/*.sql · show src/index.ts:40\n- list the files in src · what changed? · run the tests',
  realAnswerAdvice,
].join('\n\n');

/** An answer when the tools did not run; `reason` is a sentence. */
export function notDone(reason: string): string {
  return `No model is configured, and the search could not be done: ${reason}\n\n${realAnswerAdvice}`;
}

/** Put before an answer to an order that only a model could carry out. */
export function changeNote(answer: string): string {
  return `Nothing was changed: that takes a model. What a search can do instead follows.\n\n${answer}`;
}

/** The same answer where the user chose to ask no model although they could: `instead` is the provider that would answer. */
export function answerByChoice(answer: string, instead: string): string {
  return answer
    .replaceAll(
      realAnswerAdvice,
      `For a reasoned answer ask a model again: /model ${instead} in a chat, --model ${instead} on the command line.`,
    )
    .replace(/^No model is configured/m, 'No model is asked, as you chose');
}
