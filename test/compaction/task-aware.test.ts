import { describe, expect, it } from 'vitest';
import { createTaskAwareStrategy } from '../../src/compaction/task-aware.js';
import { assistantMessage, systemMessage, userMessage } from '../../src/core/message.js';
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

  it('leaves out a message that only shares a word in passing with the task', async () => {
    const task = { currentTask: 'repair the invoice rounding of quarterly totals' };
    const said = [
      userMessage('invoice rounding of quarterly totals must be repaired in rounding.ts'),
      ...Array.from({ length: 6 }, (_, n) =>
        userMessage(`note ${n}: a long remark on fonts, colours, spacing, icons, margins and, once, totals`),
      ),
      userMessage('go on'),
    ];
    const after = await createTaskAwareStrategy({ keepLast: 1 }).compact({ messages: said, metadata: task });
    expect(after.messages).toEqual([said[0], said.at(-1)]);
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

  it('keeps the most recent messages when there is no task, as the seed has it', async () => {
    const plain = Array.from({ length: 30 }, (_, n) =>
      n % 2 ? assistantMessage(`a${n}`) : userMessage(`u${n}`),
    );
    const after = await createTaskAwareStrategy({ keepLast: 10 }).compact({ messages: plain, metadata: {} });
    expect(after.messages).toEqual(plain.slice(-10));
  });
});
