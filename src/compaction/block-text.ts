import type { Block } from './blocks.js';

/** Characters of each message that count for what it is about; the beginning says it, and long output is noise. */
const CHARACTERS_PER_MESSAGE = 2_000;

/** What a block is about, as text: what was said, which tools were called with what, and how their results begin. */
export function blockText(block: Block): string {
  const [first] = block;
  if (block.length === 1 && !first?.toolCalls) return first!.content.slice(0, CHARACTERS_PER_MESSAGE);
  return block
    .flatMap(({ content, toolCalls = [] }) => [
      content.slice(0, CHARACTERS_PER_MESSAGE),
      ...toolCalls.map((call) =>
        `${call.name} ${values(call.input).join(' ')}`.slice(0, CHARACTERS_PER_MESSAGE),
      ),
    ])
    .join('\n');
}

function values(input: Readonly<Record<string, unknown>>): string[] {
  return Object.values(input).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}
