import type { Message } from '../../core/message.js';
import { mostTerminalBytes } from '../clipboard-ways.js';
import { codeBlocks } from '../code-blocks.js';
import { type Command, info, warning } from './command.js';

export const copy: Command = {
  name: 'copy',
  argument: '[N] [code [N]]',
  describe:
    'copy the last finished answer, the Nth from the end, or a block of code in it; code alone is the nearest',
  async run({ port, sessionId, copy: toClipboard }, argument) {
    const asked = /^(\d+)?\s*(code(?:\s+(\d+))?)?$/i.exec(argument);
    if (!asked) return warning('Say /copy, /copy 2 for the answer before, /copy code, or /copy 2 code 3.');
    const [, number, code, block] = asked;
    const answers = answersOf(port.coordinators.context.getContext(sessionId).messages);
    const back = number === undefined && code !== undefined ? nearestCode(answers) : Number(number ?? 1);
    const answer = answers.at(-back);
    if (answer === undefined || back === 0) return info(noAnswer(answers.length));
    const blocks = code === undefined ? undefined : codeBlocks(answer);
    const text = blocks ? blocks.at(block === undefined ? -1 : Number(block) - 1) : answer;
    if (text === undefined || block === '0') return info(noBlock(blocks?.length ?? 0, number === undefined));
    const from = number === undefined && back > 1 ? ` of ${placeOf(back)}` : '';
    const ways = await toClipboard(text);
    if (ways.length > 0) return info(`Copied ${text.length} characters${from} by ${ways.join(' and ')}.`);
    const size = Buffer.byteLength(text);
    return warning(
      size > mostTerminalBytes
        ? `${Math.ceil(size / 1_024)} kB are more than terminals take (${Math.floor(mostTerminalBytes / 1_024)} kB): install xclip or wl-copy, or use /export.`
        : 'This terminal takes no text for a clipboard: install xclip or wl-copy, or use /export.',
    );
  },
};

/** What the model has said to the user, oldest first. */
function answersOf(messages: readonly Message[]): string[] {
  return messages
    .filter(({ role, content }) => role === 'assistant' && content.trim() !== '')
    .map(({ content }) => content);
}

function noAnswer(count: number): string {
  if (count === 0) return 'There is no answer yet to copy.';
  return `There ${count === 1 ? 'is one answer' : `are ${count} answers`} in the context.`;
}

function noBlock(count: number, ofAll: boolean): string {
  if (count === 0 && ofAll) return 'No answer in the context has a block of code.';
  if (count === 0) return 'That answer has no block of code.';
  return `That answer has ${count} ${count === 1 ? 'block' : 'blocks'} of code.`;
}

/** How far from the end the last answer with code is; the last answer where none has any. */
function nearestCode(answers: readonly string[]): number {
  const place = answers.findLastIndex((answer) => codeBlocks(answer).length > 0);
  return place < 0 ? 1 : answers.length - place;
}

/** As /copy N counts them. */
function placeOf(back: number): string {
  return back === 2 ? 'the answer before the last (2)' : `the answer ${back} from the end`;
}
