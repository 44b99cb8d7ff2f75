import { describe, expect, it } from 'vitest';
import { collectFacts, type Facts, factsText, splitFacts } from '../../src/compaction/facts.js';
import { assistantMessage, summaryMessage, toolMessage, userMessage } from '../../src/core/message.js';

const none: Facts = { constraints: [], files: new Map() };
let calls = 0;
const call = (name: string, path: string) => ({ id: `f${++calls}`, name, input: { path } });

describe('the facts of a conversation', () => {
  it('have what the user said must and must not be, word for word, and nothing that others said', () => {
    const { constraints } = collectFacts(
      [
        summaryMessage('You must never read this as the user.'),
        userMessage("Rename parse() please. Don't touch src/generated, ever!\n- Always run the tests first."),
        assistantMessage('I must always say so.'),
        { ...userMessage('you must not count commands'), command: true },
      ],
      none,
    );
    expect(constraints).toEqual(["Don't touch src/generated, ever!", 'Always run the tests first.']);
  });

  it('have each file that a call named with what was done to it, the latest last, and whether that failed', () => {
    const [read, edit, other, again] = [
      call('Read', 'a.ts'),
      call('Edit', 'a.ts'),
      call('Read', 'b.ts'),
      call('Edit', 'a.ts'),
    ];
    const { files } = collectFacts(
      [
        assistantMessage('', { toolCalls: [read, edit, other] }),
        toolMessage(read, 'x'),
        toolMessage(edit, 'x'),
        toolMessage(other, 'x'),
        assistantMessage('', { toolCalls: [again] }),
        toolMessage(again, 'no match', true),
      ],
      none,
    );
    expect([...files]).toEqual([
      ['b.ts', 'Read'],
      ['a.ts', 'Read, Edit ×2; the last call failed'],
    ]);
  });

  it('survive being written and read again, with the notes behind them, and go on from there', () => {
    const edit = call('Edit', 'c: odd.ts');
    const facts = collectFacts(
      [
        userMessage('Never use tabs.'),
        assistantMessage('', { toolCalls: [call('Read', 'AGENTS.md'), edit] }),
      ],
      none,
    );
    const text = `${factsText(facts, 1_000)}\n\n## Goal\n- ship it`;
    expect(text).toContain('- AGENTS.md: Read (instructions, not summarised; read it again)');
    const read = splitFacts(text);
    expect(read.notes).toBe('## Goal\n- ship it');
    expect(read.facts).toEqual(facts);
    const later = collectFacts(
      [userMessage('Only spaces.'), assistantMessage('', { toolCalls: [call('Write', 'c: odd.ts')] })],
      read.facts,
    );
    expect(later.constraints).toEqual(['Never use tabs.', 'Only spaces.']);
    expect(later.files.get('c: odd.ts')).toBe('Edit, then Write');
  });

  it('take no more room than they may, and lose the oldest first', () => {
    const many = Array.from({ length: 200 }, (_, n) => userMessage(`You must never do thing ${n}.`));
    const text = factsText(collectFacts(many, none), 500);
    expect(text.length).toBeLessThanOrEqual(500);
    expect(text).toContain('never do thing 199.');
    expect(text).not.toContain('thing 0.');
    expect(factsText(none, 500)).toBe('');
  });
});
