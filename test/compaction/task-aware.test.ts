import { describe, expect, it } from 'vitest';
import { createTaskAwareStrategy } from '../../src/compaction/task-aware.js';
import { assistantMessage, systemMessage, userMessage } from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { contents, conversation } from './conversation.js';

const topics = [
  ['parse dates with time zones', 'export function parseDate(text) {}'],
  ['colour the terminal output', 'export const red = 31'],
  ['connect to the database', 'new Pool({ max: 4 })'],
  ['write the changelog', '# Changes'],
] as const;
const messages = [
  systemMessage('Rules.'),
  ...conversation(topics),
  userMessage('Why does the date parser fail?'),
];
const metadata = { currentTask: 'Why does the date parser fail?' };

describe('the task-aware strategy', () => {
  it('keeps earlier messages about the current task, with calls and results together, and drops the others', async () => {
    const after = await createTaskAwareStrategy({ keepLast: 1 }).compact({ messages, metadata });
    const kept = contents(after.messages).join('\n');
    expect(kept).toContain('parse dates with time zones');
    expect(kept).toContain('parseDate');
    expect(kept).not.toMatch(/colour|Pool|changelog/);
    expect(after.messages[0]).toBe(messages[0]);
    expect(after.messages.at(-1)).toBe(messages.at(-1));
    expect(after.messages.filter(({ toolCalls }) => toolCalls)).toHaveLength(
      after.messages.filter(({ role }) => role === 'tool').length,
    );
  });

  it('takes the best first where not all that is relevant has room', async () => {
    const after = await createTaskAwareStrategy({ keepLast: 1, keep: 1 }).compact({ messages, metadata });
    expect(after.messages).toHaveLength(3);
    expect(contents(after.messages)[1]).toMatch(/parse dates/);
  });

  it('ignores words that say nothing: a task of small talk keeps only the last messages', async () => {
    const talk = { messages, metadata: { currentTask: 'and could you do that with it, please?' } };
    const after = await createTaskAwareStrategy({ keepLast: 2 }).compact(talk);
    expect(after.messages).toEqual([messages[0], ...messages.slice(-2)]);
  });

  it('keeps what answers the task with its neighbour, and leaves out what only shares a word in passing', async () => {
    const task = { currentTask: 'repair the invoice rounding of quarterly totals' };
    const said = [
      userMessage('invoice rounding of quarterly totals must be repaired in rounding.ts'),
      ...Array.from({ length: 6 }, (_, n) =>
        userMessage(`note ${n}: a long remark on fonts, colours, spacing, icons, margins and, once, totals`),
      ),
      userMessage('go on'),
    ];
    const after = await createTaskAwareStrategy({ keepLast: 1 }).compact({ messages: said, metadata: task });
    expect(after.messages).toEqual([said[0], said[1], said.at(-1)]);
  });

  it('takes one rare word of the task for more than many that stand everywhere', async () => {
    const common = 'read file test error line';
    const said = [
      ...Array.from({ length: 8 }, (_, n) => userMessage(`${common} number ${n}`)),
      userMessage('the kerning of headings is off'),
      ...Array.from({ length: 8 }, (_, n) => userMessage(`${common} again ${n}`)),
      userMessage('go on'),
    ];
    const metadata = { currentTask: `kerning: ${common}` };
    const strategy = createTaskAwareStrategy({ keepLast: 1, keep: 1 });
    expect(contents((await strategy.compact({ messages: said, metadata })).messages)).toEqual([
      'the kerning of headings is off',
      'go on',
    ]);
  });

  it('keeps the neighbours of a hit: the answer that has none of the words that were asked', async () => {
    const remarks = (topic: string, count: number) =>
      Array.from({ length: count }, (_, n) => assistantMessage(`${topic}, remark number ${n}`));
    const question = userMessage('How long may the kerning cache live?');
    const answer = assistantMessage('Forty minutes.');
    const said = [...remarks('icons', 12), question, answer, ...remarks('margins', 12), userMessage('go on')];
    const targetTokens = estimateTokens([said[11]!, question, answer, said.at(-1)!]) + 4;
    const after = await createTaskAwareStrategy({ keepLast: 1 }).compact({
      messages: said,
      metadata: { currentTask: 'is the kerning cache too old?', targetTokens },
    });
    expect(after.messages).toContain(question);
    expect(after.messages).toContain(answer);
  });

  it.each([
    ['about something', 'Why does the date parser fail?'],
    ['of small talk', 'go on'],
    ['that is none', undefined],
  ])('stays within the wanted size with a task %s, and uses most of it', async (_, currentTask) => {
    const long = conversation(
      Array.from(
        { length: 60 },
        (_, n) => [`topic ${n} of the date parser`, `output ${n} `.repeat(20)] as const,
      ),
    );
    const targetTokens = Math.floor(estimateTokens(long) / 4);
    const after = await createTaskAwareStrategy().compact({
      messages: long,
      metadata: { targetTokens, ...(currentTask === undefined ? {} : { currentTask }) },
    });
    expect(estimateTokens(after.messages)).toBeLessThanOrEqual(targetTokens);
    expect(estimateTokens(after.messages)).toBeGreaterThan(targetTokens * 0.8);
    expect(after.messages).toContain(long.findLast(({ role }) => role === 'user'));
  });

  it('keeps the most recent messages when there is no task, as the seed has it', async () => {
    const plain = Array.from({ length: 30 }, (_, n) =>
      n % 2 ? assistantMessage(`a${n}`) : userMessage(`u${n}`),
    );
    const after = await createTaskAwareStrategy({ keepLast: 10 }).compact({ messages: plain, metadata: {} });
    expect(after.messages).toEqual(plain.slice(-10));
  });
});
