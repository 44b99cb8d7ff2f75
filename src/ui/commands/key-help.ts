import { shortcuts } from '../shortcuts.js';

type KeyHelp = readonly (readonly [key: string, does: string])[];

/** What the keys of the input do, for /help: what a message may begin with, then the table that binds them. */
export function keyHelp(): KeyHelp {
  return [
    ['/', 'the commands'],
    ['@', 'names a file or folder that goes along; quote a name with spaces: @"a b.ts"'],
    ['!', 'runs a command of yours in the shell; the model reads its output with your next message'],
    ...shortcuts().map(({ keys, says }) => [keys, says] as const),
  ];
}

/** What the keys of questions do. */
export const answerKeyHelp: KeyHelp = [
  ['y a p n', 'when asked about a call: once, this session, this project, no'],
  ['t', 'when asked about several calls, all of which are shown: yes to all of them, once'],
  ['r', 'when asked: say what to do instead, or what to change in the plan'],
  ['1-9 w n', 'when the model asks: an answer of the list, one in your own words, none'],
  ['e a', 'when asked about a plan: carry it out and accept edits, or ask before each'],
];
