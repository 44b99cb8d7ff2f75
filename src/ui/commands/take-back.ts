import type { FileRestore } from '../../core/restore.js';
import type { AppliedChanges, ChangesPreview } from '../../core/session-changes.js';
import type { BlockBody } from '../../state.js';
import { oneLine } from '../displayable.js';
import { type CommandContext, info, output, warning } from './command.js';

const verbs: Readonly<Record<FileRestore['kind'], string>> = {
  content: 'put back   ',
  create: 'bring back ',
  remove: 'remove     ',
  mode: 'reset mode ',
};

export interface TakeBack {
  /** What the list is headed with. */
  readonly title: string;
  /** What is said when there is nothing to take back. */
  readonly nothing: string;
  /** What is said when it is done. */
  readonly done: string;
}

/** What was done, for the caller, and what there is to say about it. */
export interface TakenBack {
  readonly applied: AppliedChanges | undefined;
  readonly blocks: readonly BlockBody[];
}

/** Shows what would be taken back, lets the user choose how much of it, and does that. */
export async function takeBack(
  { port, show, choose }: CommandContext,
  preview: ChangesPreview,
  { title, nothing, done }: TakeBack,
): Promise<TakenBack> {
  const { files, left } = preview.files;
  const list = previewLines(preview);
  if (files.length === 0 && !preview.conversation) {
    const blocks = left.length === 0 ? info(nothing) : [...warning(nothing), ...output('Left alone', list)];
    return { applied: undefined, blocks };
  }
  show(output(title, list));
  const options = optionsOf(preview);
  const taken = await choose('Do it?', [...options.map(({ text }) => text), 'No, leave everything as it is']);
  const parts = taken === undefined ? undefined : options[taken]?.parts;
  if (!parts) return { applied: undefined, blocks: info('Nothing was changed.') };
  const applied = await port.changes.apply(preview, parts);
  const lines = [...applied.restored.map(restoreLine), ...leftLines(parts.files ? applied.left : [])];
  const blocks = parts.files ? output(done, lines.length === 0 ? ['no file'] : lines) : [];
  return { applied, blocks };
}

function optionsOf({ files, conversation }: ChangesPreview) {
  const count = files.files.length;
  const some = `${count} ${count === 1 ? 'file' : 'files'}`;
  const option = (text: string, ofFiles: boolean, ofConversation: boolean) => ({
    text,
    parts: { files: ofFiles, conversation: ofConversation },
  });
  const onlyFiles = option(`Yes, ${some}${conversation ? ' only' : ''}`, true, false);
  const onlyConversation = option(`Yes, the conversation${count > 0 ? ' only' : ''}`, false, true);
  if (!conversation) return [onlyFiles];
  if (count === 0) return [onlyConversation];
  return [option(`Yes, the conversation and ${some}`, true, true), onlyConversation, onlyFiles];
}

function previewLines({ files, conversation, uncovered }: ChangesPreview): string[] {
  const talk = conversation
    ? [`conversation: the model sees ${conversation.messages} messages; the log is kept`]
    : [];
  return [...files.files.map(restoreLine), ...leftLines(files.left), ...talk, ...uncoveredLines(uncovered)];
}

function restoreLine({ kind, path, note }: FileRestore): string {
  return `${verbs[kind]} ${oneLine(path)}${note === '' ? '' : ` (${note})`}`;
}

function leftLines(left: readonly { readonly path: string; readonly reason: string }[]): string[] {
  return left.map(({ path, reason }) => `left alone   ${oneLine(path)}: ${oneLine(reason)}`);
}

const mostCalls = 10;

function uncoveredLines(uncovered: readonly string[]): string[] {
  if (uncovered.length === 0) return [];
  const shown = uncovered.slice(0, mostCalls).map((call) => `  ${oneLine(call)}`);
  const more = uncovered.length > mostCalls ? [`  and ${uncovered.length - mostCalls} more`] : [];
  return ['not covered: what these did, whatever they changed', ...shown, ...more];
}
