import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';

/** What a user asked, each with a tool call, its result and an answer: four messages a topic. */
export function conversation(
  topics: readonly (readonly [asked: string, output: string])[],
): readonly Message[] {
  return topics.flatMap(([asked, output], index) => {
    const call = { id: `call-${index}`, name: 'Read', input: { path: `src/${asked.split(' ')[0]}.ts` } };
    return [
      userMessage(asked),
      assistantMessage('', { toolCalls: [call] }),
      toolMessage(call, output),
      assistantMessage(`That was about ${asked}.`),
    ];
  });
}

export const contents = (messages: readonly Message[]): string[] => messages.map(({ content }) => content);
