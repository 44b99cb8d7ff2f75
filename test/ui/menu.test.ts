import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepOutput, noOutputs } from '../../src/kept-outputs.js';
import { initialState } from '../../src/state.js';
import { commands } from '../../src/ui/commands/registry.js';
import { layoutFrame } from '../../src/ui/frame.js';
import { type InputAction, initialInput, reduceInput } from '../../src/ui/input-state.js';
import { intentOf } from '../../src/ui/key-bindings.js';
import type { Key } from '../../src/ui/keys.js';
import { createFileIndex } from '../../src/ui/mentions/file-index.js';
import { type Candidate, candidateOf } from '../../src/ui/mentions/fuzzy.js';
import { commandItems } from '../../src/ui/menu/command-items.js';
import { createCompletion } from '../../src/ui/menu/completion.js';
import { menuRows } from '../../src/ui/menu/menu-rows.js';
import { wordAt } from '../../src/ui/menu/word-at.js';
import type { Screen } from '../../src/ui/screen.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { plainText } from '../../src/ui/spans.js';
import { createFakePort } from './programs/fake-port.js';

const key = (name: string, more: { shift?: boolean; ctrl?: boolean } = {}): Key => ({
  type: 'key',
  name,
  ctrl: false,
  alt: false,
  shift: false,
  ...more,
});

function firstScreen(change: Partial<Screen> = {}): Screen {
  return {
    state: initialState(),
    input: initialInput(['an earlier message']),
    columns: 80,
    rows: 24,
    now: 0,
    approval: undefined,
    queued: [],
    hint: '',
    print: { number: 0, blocks: [] },
    ...change,
  };
}

/** Keys as the REPL handles them where nothing is asked. */
function setUp(list: () => Promise<readonly Candidate[]> = async () => []) {
  const store = createScreenStore({ initial: firstScreen(), paint: () => {} });
  const port = createFakePort({ act: async () => {} });
  const files = createFileIndex(list);
  const completion = createCompletion({ store, commands, port, files, sessionId: () => port.sessionId });
  const sent: string[] = [];
  const edit = (actions: readonly InputAction[]) => {
    store.update({ input: actions.reduce(reduceInput, store.screen.input) }, 'now');
    completion.follow(actions);
  };
  const press = (pressed: Key) => {
    if (completion.take(pressed)) return;
    const intent = intentOf(pressed, { input: store.screen.input, columns: 78, queued: false });
    if (intent?.type === 'edit') edit(intent.actions);
    if (intent?.type === 'complete') completion.open();
    if (intent?.type !== 'send') return;
    sent.push(store.screen.input.text);
    edit([{ type: 'clear' }]);
  };
  const type = (text: string) => {
    for (const character of text) press({ type: 'text', text: character });
  };
  const labels = () => store.screen.menu?.items.map(({ label }) => label);
  const marked = () => store.screen.menu?.items[store.screen.menu.selected]?.label;
  return { store, press, type, labels, marked, sent, text: () => store.screen.input.text };
}

describe('the menu of what is being written', () => {
  it('lists every command at a slash, and those that begin like what follows it', () => {
    const { type, labels } = setUp();
    type('/');
    expect(labels()).toEqual(commands.map(({ name }) => `/${name}`));
    type('mo');
    expect(labels()).toEqual(['/model', '/mode']);
    type('x');
    expect(labels()).toBeUndefined();
  });

  it('puts a whole name first, also another name of the command', () => {
    expect(commandItems(commands, 'mode').map(({ label }) => label)).toEqual(['/mode', '/model']);
    const [alias] = commands.flatMap(({ name, aliases = [] }) => aliases.map((one) => ({ name, one })));
    expect(commandItems(commands, alias!.one)[0]).toMatchObject({ label: `/${alias!.name}` });
  });

  it('moves its mark with Up and Down, round at the ends, instead of going into the history', () => {
    const { type, press, marked, text } = setUp();
    type('/mo');
    press(key('down'));
    expect(marked()).toBe('/mode');
    press(key('n', { ctrl: true }));
    expect(marked()).toBe('/model');
    press(key('up'));
    expect(marked()).toBe('/mode');
    expect(text()).toBe('/mo');
  });

  it.each(['tab', 'enter'])('takes the marked command with %s, and offers its values', (taking) => {
    const { type, press, labels, text, sent } = setUp();
    type('/mod');
    press(key(taking));
    expect(text()).toBe('/model ');
    press(key('backspace'));
    press(key('backspace'));
    type(' ');
    expect(labels()).toEqual(['ask', 'accept-edits', 'plan', 'read-only', 'yolo']);
    type('on');
    expect(labels()).toEqual(['read-only']);
    press(key(taking));
    expect(text()).toBe('/mode read-only');
    expect(sent).toEqual([]);
  });

  it('sends with Enter what stands there whole', () => {
    const { type, press, sent } = setUp();
    type('/mode');
    press(key('enter'));
    type('/mode plan');
    press(key('enter'));
    type('/nothing');
    press(key('enter'));
    expect(sent).toEqual(['/mode', '/mode plan', '/nothing']);
  });

  it('goes on to the argument with Tab behind a whole name', () => {
    const { type, press, text, labels } = setUp();
    type('/why');
    press(key('tab'));
    expect(text()).toBe('/why ');
    expect(labels()).toEqual(['tools', 'prompt', 'compact', 'denied', 'cache', 'config', 'model', 'other']);
  });

  it('offers the commands for what is written behind /help, and nothing before that', () => {
    const { type, press, labels, text, sent } = setUp();
    type('/hel');
    press(key('tab'));
    expect(text()).toBe('/help ');
    expect(labels()).toBeUndefined();
    type('und');
    expect(labels()).toEqual(['undo']);
    press(key('enter'));
    press(key('enter'));
    expect(sent).toEqual(['/help undo']);
  });

  it('offers what is folded behind /expand, the newest first', () => {
    const { type, labels, store } = setUp();
    type('/expand ');
    expect(labels()).toBeUndefined();
    const outputs = ['Read a.ts', 'Bash ls\n-l'].reduce(
      (kept, title) => keepOutput(kept, { kind: 'tool', title, text: '' }),
      noOutputs,
    );
    store.update({ state: { ...store.screen.state, outputs } }, 'now');
    store.update({ input: initialInput() }, 'now');
    type('/expand ');
    expect(labels()).toEqual(['2', '1']);
    expect(store.screen.menu?.items.map(({ describe }) => describe)).toEqual(['Bash ls ⏎ -l', 'Read a.ts']);
  });

  it('closes with Escape and stays closed for this word', () => {
    const { type, press, labels, text, store } = setUp();
    type('/m');
    press(key('escape'));
    expect(labels()).toBeUndefined();
    type('o');
    expect(labels()).toBeUndefined();
    press(key('up'));
    expect(text()).toBe('an earlier message');
    press(key('down'));
    for (let times = 0; times < 3; times += 1) press(key('backspace'));
    type('/m');
    expect(store.screen.menu).toBeDefined();
  });

  it('does not open for a message of the history, nor for a cursor that only moves', () => {
    const { type, press, labels } = setUp();
    type('/mode');
    press(key('escape'));
    press(key('left'));
    press(key('right'));
    expect(labels()).toBeUndefined();
    press(key('up'));
    expect(labels()).toBeUndefined();
  });

  it('opens again with Tab, which takes at once what alone would be shown', () => {
    const { type, press, labels, text } = setUp();
    type('/mo');
    press(key('escape'));
    press(key('tab'));
    expect(labels()).toEqual(['/model', '/mode']);
    press(key('escape'));
    for (let times = 0; times < 3; times += 1) press(key('backspace'));
    type('/co');
    press(key('escape'));
    type('m');
    press(key('tab'));
    expect(text()).toBe('/compact ');
  });

  it('is closed over a text that somebody else put into the input', () => {
    const { type, press, store, text } = setUp();
    type('/mo');
    store.update({ input: { ...initialInput(), text: 'from an editor' } }, 'now');
    press(key('tab'));
    expect(text()).toBe('from an editor');
    expect(layoutFrame(store.screen).menu).toEqual([]);
  });

  it('leaves Shift+Tab and Shift+Enter their meaning', () => {
    const { type, press, text } = setUp();
    type('/mo');
    press(key('enter', { shift: true }));
    expect(text()).toBe('/mo\n');
  });

  it('offers nothing inside of a word, for a path, in a later line, or in a command of the shell', () => {
    expect(wordAt('/mode', 2)).toBeUndefined();
    expect(wordAt('/etc/hosts', 10)).toBeUndefined();
    expect(wordAt('one\n/mo', 7)).toBeUndefined();
    expect(wordAt('!ls @src', 8)).toBeUndefined();
    expect(wordAt('me@example.org', 14)).toBeUndefined();
  });

  it('knows a mention by its mark, quoted or not', () => {
    expect(wordAt('see @src/a', 10)).toEqual({ kind: 'mention', start: 4, end: 10, query: 'src/a' });
    expect(wordAt('see @"my fi', 11)).toEqual({ kind: 'mention', start: 4, end: 11, query: 'my fi' });
    expect(wordAt('one\n(@', 6)).toEqual({ kind: 'mention', start: 5, end: 6, query: '' });
    expect(wordAt('see @"a b" and', 14)).toBeUndefined();
  });
});

describe('the menu of a file mention', () => {
  const listed = ['src/', 'src/a.ts', 'src/tool/', 'src/tool/a tool.ts', 'README.md'].map(candidateOf);

  it('says that the names are read, then offers files and folders', async () => {
    let give: (candidates: readonly Candidate[]) => void = () => {};
    const list = () =>
      new Promise<readonly Candidate[]>((resolve) => {
        give = resolve;
      });
    const { type, labels, store } = setUp(list);
    type('see @');
    expect(store.screen.menu?.note).toBe('Reading the names of the files …');
    give(listed);
    await expect.poll(labels).toEqual(['src/', 'README.md', 'src/a.ts', 'src/tool/', 'src/tool/a tool.ts']);
    type('tool');
    expect(labels()).toEqual(['src/tool/', 'src/tool/a tool.ts']);
    type('x');
    expect(labels()).toBeUndefined();
  });

  it('goes into a folder that is taken, and quotes a name with a space', async () => {
    const { type, press, labels, text, sent } = setUp(async () => listed);
    type('see @sr');
    await expect.poll(labels).toBeDefined();
    press(key('tab'));
    expect(text()).toBe('see @src/');
    press(key('down'));
    press(key('down'));
    press(key('enter'));
    expect(text()).toBe('see @src/tool/');
    type('a');
    press(key('enter'));
    expect(text()).toBe('see @"src/tool/a tool.ts" ');
    type('ok');
    press(key('enter'));
    expect(sent).toEqual(['see @"src/tool/a tool.ts" ok']);
  });

  it('takes the best with Tab as soon as it is known, and sends with Enter what stands there', async () => {
    const { type, press, text, sent } = setUp(async () => listed);
    type('@read');
    press(key('tab'));
    await expect.poll(text).toBe('@README.md ');
    press(key('escape'));
    type('and @nobody');
    press(key('enter'));
    expect(sent).toEqual(['@README.md and @nobody']);
  });

  it('puts no second space before the words behind it', async () => {
    const { type, press, text, labels } = setUp(async () => listed);
    type(' and');
    press(key('a', { ctrl: true }));
    type('@READ');
    await expect.poll(labels).toEqual(['README.md']);
    press(key('tab'));
    expect(text()).toBe('@README.md and');
  });
});

it('whatever is pressed, the menu is about the word at the cursor, and taking from it changes that word alone', async () => {
  const named = [
    'tab',
    'enter',
    'escape',
    'up',
    'down',
    'left',
    'right',
    'backspace',
    'delete',
    'home',
    'end',
  ];
  const pressed = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(...'/@mode sr"a.!\n漢').map((text): Key => ({ type: 'text', text })),
    },
    { weight: 2, arbitrary: fc.constantFrom(...named).map((name) => key(name)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('p', 'n', 'w', 'u', 'k', 'y').map((name) => key(name, { ctrl: true })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('/mode p', '@src/ @x', 'a\n@').map((text): Key => ({ type: 'paste', text })),
    },
  );
  const property = fc.asyncProperty(fc.array(pressed, { maxLength: 40 }), async (keys) => {
    const { store, press } = setUp(async () => ['src/', 'src/a b.ts', 'mode.ts'].map(candidateOf));
    for (const one of keys) {
      const { input, menu } = store.screen;
      press(one);
      const after = store.screen;
      if (
        menu &&
        menu.items.length > 0 &&
        one.type === 'key' &&
        one.name === 'tab' &&
        after.input.text !== input.text
      ) {
        expect(after.input.text.startsWith(input.text.slice(0, menu.start))).toBe(true);
        expect(after.input.text.endsWith(input.text.slice(menu.end))).toBe(true);
      }
      await new Promise(setImmediate);
      const { menu: open, input: now } = store.screen;
      if (!open) continue;
      expect(open.end).toBe(now.cursor);
      expect(open.start).toBeLessThanOrEqual(open.end);
      if (open.items.length > 0) expect(open.items[open.selected]).toBeDefined();
      const word = now.text.slice(open.start, open.end);
      expect(word.startsWith('@') || now.text.startsWith('/')).toBe(true);
    }
  });
  await fc.assert(property, { numRuns: 300 });
});

describe('the rows of the menu', () => {
  const items = Array.from({ length: 30 }, (_, index) => ({
    label: `/name${index}`,
    argument: '[x]',
    describe: 'says\u001b[2J what it does '.repeat(8),
    insert: '',
  }));
  const menu = { of: '', start: 0, end: 1, items, selected: 17 };

  it.each([
    [80, 24],
    [20, 24],
    [80, 6],
    [80, 3],
    [3, 3],
  ])('fit %i columns and %i rows with the marked item among them', (columns, rows) => {
    const frame = layoutFrame(firstScreen({ menu, columns, rows, state: initialState({ mode: 'ask' }) }));
    const parts = [frame.activity, frame.menu, frame.status, frame.input?.rows ?? []];
    expect(parts.flat().length).toBeLessThanOrEqual(Math.max(1, rows - 2));
    const lines = frame.menu.map(plainText);
    expect(lines.every((line) => line.length <= columns)).toBe(true);
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    if (rows > 3 && columns > 9)
      expect(lines.filter((line) => line.startsWith('  ❯ /name17'))).toHaveLength(1);
    expect(frame.cursor.up).toBe(1 + frame.menu.length + frame.status.length);
  });

  it('keep the end of a path that is too long, and the beginning of a command', () => {
    const path = 'packages/module-漢字/src/part/component.tsx';
    const paths = { of: '', start: 0, end: 1, items: [{ label: path, insert: '' }], selected: 0 };
    expect(menuRows(paths, 24, 8).map(plainText)).toEqual(['  ❯ …/part/component.tsx']);
    expect(menuRows(paths, 80, 8).map(plainText)).toEqual([`  ❯ ${path}`]);
    expect(plainText(menuRows(menu, 13, 1)[0]!)).toBe('  ❯ /name17 …');
  });

  it('are not shown while a question is open', () => {
    const choice = { question: 'Which?', options: ['a'], filter: '', selected: 0 };
    expect(layoutFrame(firstScreen({ menu, choice })).menu).toEqual([]);
  });

  it('say why there is nothing yet', () => {
    const rows = menuRows({ ...menu, items: [], note: 'Reading the names of files …' }, 80, 8);
    expect(rows.map(plainText)).toEqual(['    Reading the names of files …']);
  });
});
