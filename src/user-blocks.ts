import { type Message, typedText } from './core/message.js';
import type { BlockBody } from './state/block.js';

/** Lines of a command's output that are shown at once. */
const mostLines = 40;

/**
 * What of a message of the user a screen shows: what was typed, what went along, and the output of a command of their own, which
 * may be kept under a `number`.
 */
export function userBlocks(message: Message, number?: number): readonly BlockBody[] {
  const { images = [], attached, command } = message;
  const typed = typedText(message);
  if (command) return [{ kind: 'user', text: typed }, shownOutput(message, number)];
  const text = images.length === 0 ? typed : `${typed}\n[${images.length} image(s)]`;
  const items = (attached?.items ?? []).map(({ name, summary }) =>
    [name, summary].filter(Boolean).join(' · '),
  );
  return [{ kind: 'user', text, ...(items.length > 0 ? { attached: items } : {}) }];
}

/** The whole output of a command that the user ran, under how it ended. */
function commandOutput({ content, attached }: Message): { title: string; text: string } {
  const block = content.slice(attached?.from ?? content.length);
  const [title = '', ...lines] = block.replace(/^\s*<output>\n|\n<\/output>\s*$/g, '').split('\n');
  return { title, text: lines.join('\n') };
}

/** The same as it is kept for later, when the command no longer stands above it. */
export function keptCommandOutput(message: Message): { title: string; text: string } {
  const { title, text } = commandOutput(message);
  return { title: `${typedText(message)} · ${title}`, text };
}

function shownOutput(message: Message, number: number | undefined): BlockBody {
  const { title, text } = commandOutput(message);
  if (text.trim() === '') return { kind: 'notice', level: 'info', text: title };
  const lines = text.split('\n');
  const left = lines.length - mostLines;
  if (left <= 0) return { kind: 'output', title, text };
  const how = number === undefined ? '' : `: /expand ${number} ${mostLines + 1}`;
  const more = `${left} more lines${how}`;
  return { kind: 'output', title, text: lines.slice(0, mostLines).join('\n'), more };
}
