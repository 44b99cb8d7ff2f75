import type { Message } from '../core/message.js';
import { startAndEnd } from './cut-text.js';

/** Characters a message is shortened to when the whole does not fit; each is tried until it does. */
const limits = [4_000, 2_000, 1_000, 500, 250, 120];
/** Output of tools is long and says less a character than what people and models write. */
const OUTPUT_SHARE = 0.25;
const cut = '[…]';

/** A conversation as one text of at most `maxCharacters`, for a model to read: shortened, and if need be with a gap. */
export function transcript(messages: readonly Message[], maxCharacters: number): string {
  let lines: readonly string[] = [];
  for (const limit of limits) {
    lines = messages.map((message) => entry(message, limit));
    if (sizeOf(lines) <= maxCharacters) return lines.join('\n\n');
  }
  // How it began and how it ended up say more than what lay between.
  const gap = (count: number) => `[${count} messages are left out here.]`;
  const start: string[] = [];
  const end: string[] = [];
  let room = maxCharacters - gap(lines.length).length - 2;
  for (let left = 0, right = lines.length - 1; left <= right; ) {
    const atStart = start.length * 3 < end.length;
    const line = lines[atStart ? left++ : right--]!;
    room -= line.length + 2;
    if (room < 0) break;
    if (atStart) start.push(line);
    else end.unshift(line);
  }
  return [...start, gap(lines.length - start.length - end.length), ...end].join('\n\n');
}

function entry(message: Message, limit: number): string {
  const { role, content, toolCalls = [], toolName, isError, images, partial } = message;
  const pictures = images?.length ? ` [${images.length} image(s)]` : '';
  if (role === 'tool') {
    const text = startAndEnd(content, Math.ceil(limit * OUTPUT_SHARE), cut);
    return `RESULT of ${toolName ?? 'a tool'}${isError ? ' (failed)' : ''}: ${text}${pictures}`;
  }
  const said = startAndEnd(content, limit, cut);
  const calls = toolCalls.map(
    ({ name, input }) =>
      `CALL ${name} ${startAndEnd(JSON.stringify(input), Math.ceil(limit * OUTPUT_SHARE), cut)}`,
  );
  const speaker = role === 'user' ? 'USER' : `ASSISTANT${partial ? ' (interrupted)' : ''}`;
  return [...(said === '' && calls.length > 0 ? [] : [`${speaker}: ${said}${pictures}`]), ...calls].join(
    '\n',
  );
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 2, 0);
}
