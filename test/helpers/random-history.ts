import fc from 'fast-check';
import {
  assistantMessage,
  type Image,
  type Message,
  systemMessage,
  toolMessage,
  userMessage,
} from '../../src/core/message.js';

const picture: Image = { mediaType: 'image/png', data: 'iVBORw0KGgo=' };

const words = fc
  .array(
    fc.constantFrom('parser', 'database', 'deploy', 'colour', 'queue', '🙂', 'müßig', 'cache', 'login'),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((all) => all.join(' '));

/** Mostly short, sometimes as long as the output of a build, sometimes blank. */
const output = fc.oneof(
  { weight: 6, arbitrary: words },
  { weight: 2, arbitrary: fc.integer({ min: 200, max: 1_500 }).map((count) => 'out🙂put '.repeat(count)) },
  { weight: 1, arbitrary: fc.constantFrom('', '  \n') },
);

const round = fc.record({
  text: fc.oneof(words, fc.constant('')),
  partial: fc.boolean(),
  results: fc.array(fc.record({ output, failed: fc.boolean(), picture: fc.boolean(), missing: fc.nat(15) }), {
    maxLength: 4,
  }),
});

const turn = fc.record({
  system: fc.nat(9),
  picture: fc.nat(9),
  text: words,
  rounds: fc.array(round, { maxLength: 8 }),
});

/**
 * Histories as long sessions leave them: parallel calls, failed ones, some whose result was never recorded, call ids
 * that repeat in every turn, pictures, interrupted answers, system messages anywhere; 1 to 500 messages.
 */
export const randomHistory: fc.Arbitrary<readonly Message[]> = fc
  .record({
    turns: fc.array(turn, { minLength: 1, maxLength: 40, size: 'max' }),
    length: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 500 })),
    repeatedIds: fc.boolean(),
  })
  .map(({ turns, length, repeatedIds }) => {
    const messages: Message[] = [];
    let calls = 0;
    for (let at = 0; messages.length < length; at++) {
      const { system, picture: pictures, text, rounds } = turns[at % turns.length]!;
      if (system === 0) messages.push(systemMessage(`Rule ${at}`));
      messages.push(userMessage(`${text} ${at}`, pictures === 0 ? [picture] : []));
      if (repeatedIds) calls = 0;
      for (const one of rounds) {
        const asked = one.results.map((result) => ({
          result,
          call: {
            id: `call_${calls++}`,
            name: 'Read',
            input: { path: `src/${[...text].slice(0, 8).join('')}.ts` },
          },
        }));
        const partial = one.partial && asked.length === 0;
        messages.push(assistantMessage(one.text, { toolCalls: asked.map(({ call }) => call), partial }));
        for (const { call, result } of asked) {
          if (result.missing === 0) continue;
          const message = toolMessage(call, result.output, result.failed);
          messages.push(result.picture ? { ...message, images: [picture] } : message);
        }
      }
      messages.push(assistantMessage(`Done with ${text}`));
    }
    // Nothing is sent before the user has said something.
    const firstOfUser = messages.findIndex(({ role }) => role === 'user');
    return messages.slice(0, Math.max(length, firstOfUser + 1));
  });
