import { type Message, typedText } from '../core/message.js';
import { startAndEnd } from './cut-text.js';
import { isInstructionFile, pathOf } from './touched-path.js';

/** What code can say of a conversation, so that no summary loses or rewords it. */
export interface Facts {
  /** What the user said must or must not be, in their words, oldest first. */
  readonly constraints: readonly string[];
  /** Each file that a call named, with what was called on it and how the last of it ended; the latest last. */
  readonly files: ReadonlyMap<string, string>;
}

const CONSTRAINTS = "## The user's constraints, word for word";
const FILES = '## Files touched, from the calls';
/** Characters of a sentence that are kept, and what stands for the rest. */
const LONGEST_SENTENCE = 400;
export const CUT = '[…]';

/** Words with which people say what must and what must not be. */
const binding =
  /\b(must|never|always|don['’]?t|do not|cannot|can['’]t|mustn['’]?t|should(n['’]?t| not)|only|avoid|without|instead of|rather than|prefer|make sure|ensure|require[sd]?|not allowed|leave .{1,60} alone|keep|at (most|least)|no (more|longer|new)|from now on)\b/i;

/** What the messages say, behind what was known before them. */
export function collectFacts(messages: readonly Message[], before: Facts): Facts {
  const constraints = new Set(before.constraints);
  const files = new Map(before.files);
  const failed = new Set(
    messages.flatMap(({ toolCallId, isError }) => (isError && toolCallId !== undefined ? [toolCallId] : [])),
  );
  const calls = new Map<string, string[]>();
  for (const message of messages) {
    if (message.role === 'user' && !message.summary && !message.command) {
      for (const sentence of sentences(typedText(message)))
        if (binding.test(sentence)) constraints.add(sentence);
    }
    for (const call of message.toolCalls ?? []) {
      const path = pathOf(call);
      if (path === undefined) continue;
      const made = [...(calls.get(path) ?? []), call.name];
      calls.set(path, made);
      const earlier = before.files.get(path);
      const now = `${counted(made)}${failed.has(call.id) ? '; the last call failed' : ''}`;
      // The latest stands last.
      files.delete(path);
      files.set(path, earlier === undefined ? now : `${lastOf(earlier)}, then ${now}`);
    }
  }
  return { constraints: [...constraints], files };
}

/** The facts as text of at most so many characters: the newest of each, where not all have room. */
export function factsText(facts: Facts, characters: number): string {
  const files = [...facts.files].map(([path, state]) => `${path}: ${state}${reread(path)}`);
  const half = characters / 2;
  const constraints = section(CONSTRAINTS, facts.constraints, Math.max(half, characters - sizeOf(files)));
  return [constraints, section(FILES, files, characters - constraints.length)]
    .filter((one) => one !== '')
    .join('\n\n');
}

/** A summary's text taken apart into its facts and the notes of the model. */
export function splitFacts(text: string): { readonly facts: Facts; readonly notes: string } {
  const constraints: string[] = [];
  const files = new Map<string, string>();
  const notes: string[] = [];
  let inside = '';
  for (const line of text.split('\n')) {
    if (line === CONSTRAINTS || line === FILES) inside = line;
    else if (inside !== '' && line.startsWith('- ')) {
      const item = line.slice(2);
      const colon = item.lastIndexOf(': ');
      if (inside === CONSTRAINTS) constraints.push(item);
      else if (colon > 0) files.set(item.slice(0, colon), item.slice(colon + 2).replace(REREAD, ''));
    } else if (inside === '' || line.trim() !== '') {
      inside = '';
      notes.push(line);
    }
  }
  return { facts: { constraints, files }, notes: notes.join('\n').trim() };
}

const REREAD = ' (instructions, not summarised; read it again)';

function reread(path: string): string {
  return isInstructionFile(path) ? REREAD : '';
}

function section(title: string, items: readonly string[], characters: number): string {
  const lines: string[] = [];
  let room = characters - title.length;
  for (const item of [...items].reverse()) {
    room -= item.length + 3;
    if (room < 0) break;
    lines.unshift(`- ${item}`);
  }
  return lines.length === 0 ? '' : [title, ...lines].join('\n');
}

function sizeOf(items: readonly string[]): number {
  return items.reduce((sum, item) => sum + item.length + 3, FILES.length);
}

/** The sentences of a text, each in one line, long ones without their middle. */
export function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((one) => one.trim().replace(/^[-*]\s+/, ''))
    .filter((one) => one !== '')
    .map((one) => startAndEnd(one, LONGEST_SENTENCE, CUT).replaceAll('\n', ' '));
}

/** `Read, Edit ×2`: each tool in the order of its first call. */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`)).join(', ');
}

/** What was last done before. */
function lastOf(state: string): string {
  return state.replace('; the last call failed', '').split(', then ').at(-1)!;
}
