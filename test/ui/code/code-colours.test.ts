import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VictorEvent } from '../../../src/core/event.js';
import { append, type Block, type BlockBody, drain, initialState, reduce } from '../../../src/state.js';
import { createCodeColours } from '../../../src/ui/code/code-colours.js';
import { markdownRows } from '../../../src/ui/markdown/rows.js';
import type { PrintedBlock } from '../../../src/ui/screen.js';
import { createScreenStore } from '../../../src/ui/screen-store.js';
import { splitBlock } from '../../../src/ui/split-block.js';
import { blankScreen } from '../programs/blank-screen.js';

const highlight = await import('../../../src/ui/code/highlight.js');

async function loaded() {
  const colours = createCodeColours(async () => highlight);
  colours.expect();
  await colours.loading;
  return colours;
}

function blocksOf(...pieces: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let state = initialState();
  for (const text of pieces) {
    state = reduce(state, { type: 'text-delta', text, id: '1', sessionId: 's', timestamp: 0 } as VictorEvent);
    const taken = drain(state);
    state = taken.state;
    blocks.push(...taken.blocks);
  }
  return [...blocks, ...drain(append(state, { kind: 'notice', level: 'info', text: '' })).blocks];
}

const rowsOf = (blocks: readonly (PrintedBlock | undefined)[]) =>
  blocks.flatMap((block) =>
    block?.kind === 'answer'
      ? markdownRows(block.text, { columns: 40, fence: block.fence, code: block.code })
      : [],
  );

const line = fc.constantFrom(
  '```ts',
  '```',
  '/* a comment',
  'that ends */ const a = 1;',
  'const t = `a template',
  'that ends`;',
  'plain **words**',
  '```py',
  '"""',
  'def f(): return 42',
  '> ```ts',
  '> const a = `in a quote',
  '> ```',
  '- ```py',
  '',
);

describe('code that streams in', () => {
  it('has the colours that it has whole, in whatever pieces it comes and is printed', async () => {
    const colours = await loaded();
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 8 }),
        (lines, sizes, most) => {
          const text = `start\n${lines.join('\n')}\nend`;
          const pieces: string[] = [];
          for (let at = 0; at < text.length; ) {
            const size = sizes.next().value ?? 1;
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          const whole = rowsOf(blocksOf(text).map(colours.colour));
          const parts = blocksOf(...pieces).flatMap((block) => splitBlock(block, most));
          expect(rowsOf(parts.map(colours.colour))).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is plain where no language, or one that is not known, is named', async () => {
    const colours = await loaded();
    const [block] = blocksOf('```\nconst a = 1;\n```\n```mermaid\ngraph TD\n```\n').map(colours.colour);
    expect(block).not.toHaveProperty('code');
  });
});

function storeWith(load: () => Promise<typeof highlight>) {
  const printed: (PrintedBlock | BlockBody)[] = [];
  let calls = 0;
  const colours = createCodeColours(() => {
    calls += 1;
    return load();
  });
  const initial = blankScreen;
  let number = 0;
  const tails: string[] = [];
  const store = createScreenStore({
    initial,
    colours,
    paint: ({ print, state }) => {
      tails.push(state.live.partial);
      if (print.number !== number) printed.push(...print.blocks);
      number = print.number;
    },
  });
  const say = (text: string) => {
    const event = { type: 'text-delta', text, id: '1', sessionId: 's', timestamp: 0 } as VictorEvent;
    store.update({ state: reduce(store.screen.state, event) }, 'now');
  };
  return { store, printed, tails, say, loads: () => calls };
}

describe('what colours code', () => {
  it('is loaded once, with the first line that opens code, and not before', async () => {
    const { store, say, loads } = storeWith(async () => highlight);
    say('words and `code`\n');
    store.paint();
    expect(loads()).toBe(0);
    say('```ts\n');
    store.paint();
    expect(loads()).toBe(1);
    say('const a = 1;\n```\n```py\nx = 1\n');
    store.paint();
    await expect.poll(() => store.screen.print.blocks.length).toBeGreaterThan(0);
    expect(loads()).toBe(1);
    store.stop();
  });

  it('keeps code waiting while it is being loaded, and what comes behind it too', async () => {
    let arrive: (module: typeof highlight) => void = () => {};
    const { store, printed, tails, say } = storeWith(() => new Promise((resolve) => (arrive = resolve)));
    say('before\n```ts\nconst a = 1;\n');
    store.update(
      { state: append(store.screen.state, { kind: 'notice', level: 'info', text: 'behind' }) },
      'now',
    );
    say('half a line');
    store.paint();
    expect(printed).toEqual([]);
    // It would stand where the code belongs.
    expect(tails.at(-1)).toBe('');
    arrive(highlight);
    await expect.poll(() => printed.map(({ kind }) => kind)).toEqual(['answer', 'notice']);
    expect(tails.at(-1)).toBe('half a line');
    expect(printed[0]).toHaveProperty('code');
    store.stop();
  });

  it('leaves code plain where it cannot be loaded, or where the user leaves before', async () => {
    const failing = storeWith(() => Promise.reject(new Error('gone')));
    failing.say('```ts\nconst a = 1;\n');
    failing.store.paint();
    await expect.poll(() => failing.printed).toHaveLength(1);
    expect(failing.printed[0]).not.toHaveProperty('code');
    failing.store.stop();

    const slow = storeWith(() => new Promise(() => {}));
    slow.say('```ts\nconst a = 1;\n');
    slow.store.paint();
    expect(slow.printed).toEqual([]);
    slow.store.stop();
    expect(slow.printed).toHaveLength(1);
  });
});
