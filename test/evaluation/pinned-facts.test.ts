import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSummarizeStrategy } from '../../src/compaction/summarize.js';
import { currentTask } from '../../src/core/current-task.js';
import {
  assistantMessage,
  type Message,
  summaryMessage,
  toolMessage,
  userMessage,
} from '../../src/core/message.js';
import { openItems } from '../../src/evaluation/open-items.js';
import { pinnedFacts } from '../../src/evaluation/pinned-facts.js';
import { wholePairs } from '../../src/evaluation/whole-pairs.js';
import { randomHistory } from '../helpers/random-history.js';

let calls = 0;
/** A call with its result. */
function ran(name: string, input: Record<string, unknown>, output = 'done', isError = false): Message[] {
  const call = { id: `c${calls++}`, name, input };
  return [assistantMessage('', { toolCalls: [call] }), toolMessage(call, output, isError)];
}

const lost = (messages: readonly Message[], sent: readonly Message[], own?: readonly string[]) =>
  pinnedFacts(
    messages,
    own,
  )(sent)
    .filter(({ kept }) => !kept)
    .map(({ text }) => text);

describe('what must not be lost', () => {
  const constraint = userMessage('Hello. Never touch the\n migrations. How are you?');
  const firstRead = ran('Read', { path: 'a.ts' });
  const edit = ran('Edit', { path: 'a.ts' });
  const messages = [constraint, ...firstRead, ...edit, userMessage('Go on.')];

  it('is a sentence of the user that binds, wherever it stands, in whatever case and white space', () => {
    expect(lost(messages, messages)).toEqual([]);
    expect(lost(messages, messages.slice(1))).toEqual(['Never touch the']);
    expect(lost(messages, [...messages.slice(1), summaryMessage('- never  TOUCH\nthe')])).toEqual([]);
  });

  it('is a file with its last call and the result of that; an earlier call alone is not enough', () => {
    const state = 'a.ts (Read, Edit)';
    expect(lost(messages, [constraint, ...edit])).toEqual([]);
    expect(lost(messages, [constraint, ...firstRead])).toEqual([state]);
    expect(lost(messages, [constraint, edit[0]!])).toEqual([state]);
  });

  it('a file whose result is there without what it said is lost; the words beside its call may be cut', () => {
    const gone = { ...edit[1]!, content: '[gone]' };
    expect(lost(messages, [constraint, edit[0]!, gone])).toEqual(['a.ts (Read, Edit)']);
    expect(lost(messages, [constraint, { ...edit[0]!, content: 'cut' }, edit[1]!])).toEqual([]);
  });

  it('a picture that is not sent any more is lost, though its words are there', () => {
    const [call, result] = ran('Read', { path: 'logo.png' });
    const seen = { ...result!, images: [{ mediaType: 'image/png', data: 'iVBORw0KGgo=' }] };
    expect(lost([call!, seen], [call!, { ...seen }])).toEqual([]);
    expect(lost([call!, seen], [call!, result!])).toEqual(['logo.png (Read)']);
  });

  it('of what was left open the words must be there, of a command that failed its whole result', () => {
    const plan = assistantMessage('- [ ] write docs');
    const failed = ran('Bash', { command: 'npm test' }, '2 failed', true);
    const open = [plan, ...failed];
    expect(lost(open, open)).toEqual([]);
    expect(
      lost(
        open,
        open.map((one) => ({ ...one, content: '[gone]' })),
      ),
    ).toEqual(['write docs', 'npm test failed when it last ran']);
  });

  it('is no file and no command of calls that never ran; the ones beside them in one message count', () => {
    const input = { path: 'secret.ts', command: 'npm publish' };
    const refused = ran('Bash', input, 'The rule says no.', true);
    const marked = [refused[0]!, { ...refused[1]!, refused: true }];
    const unmarked = ran('Bash', input, 'Not run: it would have had the same result once more.', true);
    const read = ran('Read', { path: 'b.ts' });
    const both = [
      assistantMessage('', { toolCalls: [...marked[0]!.toolCalls!, ...read[0]!.toolCalls!] }),
      marked[1]!,
      read[1]!,
    ];
    expect(lost([...marked, ...unmarked], [])).toEqual([]);
    expect(lost(both, both)).toEqual([]);
    expect(lost(both, [])).toEqual(['b.ts (Read)']);
    expect(lost([...messages, ...marked], [constraint, ...edit])).toEqual([]);
    const failing = ran('Bash', { command: 'npm publish' }, '1 failed', true);
    expect(lost([...failing, ...marked], [])).toEqual(['npm publish failed when it last ran']);
    expect(lost(refused, [])).toHaveLength(2);
  });

  it('of a server that numbers its calls anew in every turn, each result belongs to its own call', () => {
    const again = (path: string): Message[] => {
      const call = { id: 'call_0', name: 'Read', input: { path } };
      return [userMessage('x'), assistantMessage('', { toolCalls: [call] }), toolMessage(call, 'text')];
    };
    const first = again('one.ts');
    const second = again('two.ts');
    const all = [...first, ...second];
    expect(lost(all, first)).toEqual(['two.ts (Read)']);
    expect(lost(all, second)).toEqual(['one.ts (Read)']);
  });

  it('is a text of the caller, also where it only stands in a call', () => {
    const own = ['MIGRATIONS. how', 'a.ts', 'nobody said this'];
    expect(lost(messages, messages, own)).toEqual(['nobody said this']);
  });

  it('a sentence too long to be quoted is found by its two ends', () => {
    const long = userMessage(`You must ${'really '.repeat(100)}do it`);
    expect(lost([long], [long])).toEqual([]);
    expect(lost([long], [userMessage('You must')])).toHaveLength(1);
  });

  it('a summary that collects constraints and files keeps them', async () => {
    const facts = [constraint, ...edit, ...ran('Read', { path: 'b.ts' }, 'text '.repeat(400))];
    const history = [...facts, ...Array.from({ length: 12 }, (_, n) => userMessage(`Message ${n}`))];
    const strategy = createSummarizeStrategy({ keepLast: 2 });
    const context = { messages: history, metadata: currentTask(history) };
    const { messages: after } = await strategy.compact(context, { complete: async () => 'notes' });
    expect(after.length).toBeLessThan(5);
    expect(lost(history, after)).toEqual([]);
  });
});

describe('what is left open', () => {
  const open = (messages: readonly Message[]) => openItems(messages).map(({ text }) => text);

  it('a box that nobody ticked; a ticked one is done', () => {
    const list = assistantMessage('Plan:\n- [ ] write docs\n- [ ] add a test\n- [x] fix it');
    expect(open([list])).toEqual(['write docs', 'add a test']);
    expect(open([list, assistantMessage('- [X] write docs')])).toEqual(['add a test']);
  });

  it.each([
    ['The migration is not tested yet.', true],
    ['TODO: rename the flag.', true],
    ['Two of them are still open.', true],
    ['POST with List-Unsubscribe is still to do: mail programs call it.', true],
    ['We come back to the cache on Monday.', true],
    ['The tests pass.', false],
    ['I opened the file.', false],
    ['Done, nothing is missing.', false],
  ])('%s %s', (sentence, is) => {
    expect(open([assistantMessage(sentence)])).toEqual(is ? [sentence] : []);
    expect(open([userMessage(sentence)])).toEqual(is ? [sentence] : []);
    expect(open(ran('Read', { path: 'x' }, sentence))).toEqual([]);
  });

  it('a command whose last run failed, until it succeeds', () => {
    const failing = ran('Bash', { command: 'npm test\n' }, '2 failed', true);
    expect(open(failing)).toEqual(['npm test failed when it last ran']);
    expect(open([...failing, ...ran('Bash', { command: 'npm test' })])).toEqual([]);
    expect(open([...ran('Bash', { command: 'npm test' }), ...failing])).toHaveLength(1);
  });
});

describe('any history', () => {
  it('keeps all its facts when nothing is left out, and every call has its result in what would be sent', () => {
    fc.assert(
      fc.property(randomHistory, (messages) => {
        expect(lost(messages, messages)).toEqual([]);
        const { calls: all, whole } = wholePairs(messages);
        expect(whole).toBe(all);
      }),
      { numRuns: 30 },
    );
  });
});
