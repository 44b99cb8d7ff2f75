import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choiceRows } from '../../src/ui/choice-rows.js';
import { createChoices } from '../../src/ui/choices.js';
import type { Key } from '../../src/ui/keys.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import { plainText } from '../../src/ui/spans.js';
import { blankScreen } from './programs/blank-screen.js';

const key = (name: string, ctrl = false) => ({ type: 'key', name, ctrl, alt: false, shift: false }) as Key;
const options = Array.from({ length: 30 }, (_, index) => `option ${index}`);

function open() {
  const store = createScreenStore({
    initial: blankScreen,
    paint: () => {},
  });
  return { store, choices: createChoices(store) };
}

describe('choosing one of several', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes the marked one with Enter, not sooner than it could be read', async () => {
    const { store, choices } = open();
    const taken = choices.ask('Which?', options);
    expect(choices.open).toBe(true);
    choices.take(key('enter'));
    expect(choices.open).toBe(true);
    vi.advanceTimersByTime(500);
    for (const name of ['up', 'down', 'down', 'down', 'up']) choices.take(key(name));
    expect(store.screen.choice?.selected).toBe(2);
    choices.take(key('enter'));
    expect(await taken).toBe(2);
    expect([choices.open, store.screen.choice]).toEqual([false, undefined]);
  });

  it('takes no Enter that comes with the screen, back from an editor or the shell', async () => {
    const { store, choices } = open();
    const draw = store.hold();
    const taken = choices.ask('Which?', options);
    vi.advanceTimersByTime(60_000);
    draw();
    choices.take(key('enter'));
    expect(choices.open).toBe(true);
    vi.advanceTimersByTime(500);
    choices.take(key('enter'));
    expect(await taken).toBe(0);
  });

  it.each([
    ['Esc', key('escape')],
    ['Ctrl+C', key('c', true)],
    ['Ctrl+D', key('d', true)],
  ])('takes none with %s, and none when the screen closes', async (_name, pressed) => {
    const { choices } = open();
    const first = choices.ask('Which?', options);
    choices.take(pressed);
    expect(await first).toBeUndefined();
    const second = choices.ask('Which?', options);
    choices.close();
    expect(await second).toBeUndefined();
  });

  it('narrows a long list by what is typed, and answers with the place in the whole of it', async () => {
    const { store, choices } = open();
    const taken = choices.ask('Which?', options);
    vi.advanceTimersByTime(500);
    const text = () => choiceRows(store.screen.choice!, 80, 20).map(plainText);
    choices.take({ type: 'text', text: 'TION 2' });
    choices.take({ type: 'text', text: 'x' });
    expect(text()[1]).toBe('Which? TION 2x (0 of 30)');
    choices.take(key('enter'));
    expect(choices.open).toBe(true);
    choices.take(key('backspace'));
    expect(text()).toEqual([
      '',
      'Which? TION 2 (11 of 30)',
      '❯ option 2',
      ...Array.from({ length: 9 }, (_, index) => `  option ${20 + index}`),
      'Up and Down choose · Enter takes it · typing narrows · Esc leaves',
    ]);
    choices.take(key('n', true));
    choices.take(key('n', true));
    choices.take(key('p', true));
    choices.take(key('enter'));
    expect(await taken).toBe(20);
  });

  it('does not take what is typed for an answer to a short list', async () => {
    const { store, choices } = open();
    void choices.ask('Do it?', options.slice(0, 4));
    choices.take({ type: 'text', text: '3' });
    choices.take({ type: 'paste', text: 'option 3' });
    expect(choiceRows(store.screen.choice!, 80, 20).map(plainText)).toEqual([
      '',
      'Do it?',
      '❯ option 0',
      '  option 1',
      '  option 2',
      '  option 3',
      'Up and Down choose · Enter takes it · Esc leaves',
    ]);
  });

  it('shows the options around the marked one, and how many there are', () => {
    const rows = (selected: number, most = 20) =>
      choiceRows({ question: 'Which?', options, filter: '', selected }, 40, most).map(plainText);
    expect(rows(0).slice(0, 4)).toEqual(['', 'Which? (1 of 30)', '❯ option 0', '  option 1']);
    expect(rows(29).at(-2)).toBe('❯ option 29');
    for (let selected = 0; selected < 30; selected += 1) {
      expect(rows(selected).filter((row) => row === `❯ option ${selected}`)).toHaveLength(1);
      for (const most of [3, 4, 5, 8]) expect(rows(selected, most).length).toBeLessThanOrEqual(most);
    }
  });
});
