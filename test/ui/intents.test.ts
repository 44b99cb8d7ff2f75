import { afterEach, describe, expect, it, vi } from 'vitest';
import { createKeyboard } from './programs/keyboard.js';

describe('Up on an empty input', () => {
  it('takes the last queued message back, its pastes as labels, and Enter queues it again', async () => {
    const keyboard = createKeyboard();
    keyboard.type('go\r');
    keyboard.type('second\r');
    keyboard.type(`see \u001b[200~${'line\n'.repeat(20)}\u001b[201~\r`);
    expect(keyboard.screen.queued).toEqual(['second', `see ${'line\n'.repeat(20)}`.trim()]);
    expect(keyboard.rows()).toContain('Up takes the last queued message back.');
    keyboard.type('\u001b[A');
    expect(keyboard.screen.queued).toEqual(['second']);
    expect(keyboard.rows()).toContain('❯ see [Pasted text #1 · 20 lines]');
    expect(keyboard.screen.hint).toContain('Enter queues it again');
    keyboard.type('!\r');
    expect(keyboard.screen.queued).toEqual(['second', `see ${'line\n'.repeat(20)}!`]);
    keyboard.type('\u001b');
    await keyboard.settled();
    expect(keyboard.rows()).toContain('❯ see [Pasted text #1 · 20 lines]!');
  });
});

it('? on an empty input prints the keys, and in a text is a question mark', () => {
  const keyboard = createKeyboard();
  keyboard.type('?');
  expect(keyboard.printed()).toMatchObject([{ kind: 'output', title: 'Keys' }]);
  keyboard.type('why?');
  expect(keyboard.screen.input.text).toBe('why?');
});

it('Ctrl+Z suspends whatever is on the screen, and Ctrl+G and Ctrl+X Ctrl+E take the input into an editor', () => {
  const ask = async ({
    ask,
  }: Parameters<NonNullable<Parameters<typeof createKeyboard>[0]>['act'] & {}>[0]) => {
    await ask({ id: '1', name: 'Bash', input: { command: 'make' } }, 'make');
  };
  const keyboard = createKeyboard({ act: ask });
  keyboard.type('text\u0007\u0018\u0005\u001a');
  expect(keyboard.did).toEqual(['edit-outside', 'edit-outside', 'suspend']);
  keyboard.type('\u0012\u001a');
  expect(keyboard.screen.search).toBeDefined();
  keyboard.type('\u0003\r');
  expect(keyboard.screen.approval).toBeDefined();
  keyboard.type('\u001a');
  expect(keyboard.did).toEqual(['edit-outside', 'edit-outside', 'suspend', 'suspend', 'suspend']);
});

describe('what a second press means', () => {
  afterEach(() => vi.useRealTimers());

  it.each([
    ['Ctrl+C', '\u0003', 'Press Ctrl+C again to quit.'],
    ['Esc', '\u001b', 'Press Esc again to clear the input.'],
  ])('is said for %s and holds for as long as it is, five seconds', (_, key, hint) => {
    vi.useFakeTimers();
    const keyboard = createKeyboard();
    const press = () => {
      keyboard.type('text');
      keyboard.type(key);
    };
    press();
    expect(keyboard.screen.hint).toBe(hint);
    vi.advanceTimersByTime(4_900);
    expect(keyboard.screen.hint).toBe(hint);
    vi.advanceTimersByTime(200);
    expect(keyboard.screen.hint).toBe('');
    press();
    expect(keyboard.screen.hint).toBe(hint);
    expect(keyboard.did).toEqual([]);
    vi.advanceTimersByTime(4_900);
    keyboard.type(key);
    expect({ did: keyboard.did, text: keyboard.screen.input.text }).toEqual({
      did: key === '\u0003' ? ['quit'] : [],
      text: '',
    });
  });

  it('is forgotten when something else is done meanwhile', () => {
    vi.useFakeTimers();
    const keyboard = createKeyboard();
    keyboard.type('text\u0003');
    vi.advanceTimersByTime(1_100);
    keyboard.type('more');
    keyboard.type('\u0003');
    expect(keyboard.did).toEqual([]);
    expect(keyboard.screen.hint).toBe('Press Ctrl+C again to quit.');
  });
});
