import { expect, it } from 'vitest';
import { layoutFrame } from '../../src/ui/frame.js';
import { asMessage, ownCommand } from '../../src/ui/own-command.js';
import { createKeyboard } from './programs/keyboard.js';

const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;

it.each<readonly [text: string, command: string | undefined]>([
  ['!npm test', 'npm test'],
  ['! npm test ', 'npm test'],
  ['!', undefined],
  ['! ', undefined],
  [' !npm test', undefined],
  ['so!', undefined],
])('%j is the command %j', (text, command) => {
  expect(ownCommand(text)).toBe(command);
  expect(ownCommand(asMessage(text))).toBeUndefined();
});

it('has a sign of its own while it is written, and is sent as it is', () => {
  const keyboard = createKeyboard();
  keyboard.type('!ls');
  expect(layoutFrame(keyboard.screen).input?.sign).toBe('$ ');
  keyboard.type('\u007f\u007f\u007f');
  expect(layoutFrame(keyboard.screen).input?.sign).toBe('❯ ');
  keyboard.type('!ls\r');
  expect(keyboard.sent).toEqual(['!ls']);
});

it.each([
  ['a space before it', ' !ls\r'],
  ['a large paste, of which only a mark was seen', `${pasted(`!ls\n${'x\n'.repeat(2_000)}`)}\r`],
])('is a message with %s', (_, bytes) => {
  const keyboard = createKeyboard();
  keyboard.type(bytes);
  expect(keyboard.sent).toHaveLength(1);
  expect(keyboard.sent[0]).toMatch(/^ !ls/);
  expect(ownCommand(keyboard.sent[0]!)).toBeUndefined();
});

it.each([
  ['Up', '\u001b[A\r'],
  ['a search', '\u0012ls\r'],
])('is no command when a message of that text comes back by %s', (_, bytes) => {
  const keyboard = createKeyboard();
  keyboard.type(' !ls\r');
  keyboard.type(bytes);
  expect(keyboard.sent).toEqual([' !ls', ' !ls']);
});

it('is no command when a queued message comes back that was once sent as one', () => {
  const keyboard = createKeyboard();
  keyboard.type(`${pasted('x\n'.repeat(2_000))}\r`);
  keyboard.type(' !ls\r');
  keyboard.type('!ls\r');
  for (const sign of ['$ ', '❯ ']) {
    keyboard.type('\u001b[A');
    expect(layoutFrame(keyboard.screen).input?.sign).toBe(sign);
    keyboard.type('\u0015');
  }
});
