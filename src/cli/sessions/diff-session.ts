import { fileDiffRows } from '../../ui/change-rows.js';
import type { Span } from '../../ui/spans.js';
import { sessionDiff } from '../../undo/session-diff.js';
import { type Colours, colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { formatJson } from '../format-json.js';
import { withHistory } from '../open-history.js';

/** What a session changed in files, from before its first change to how they are now; the files are only read. */
export async function diffSession(id: string, options: { json?: true }, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const files = await withHistory(cli, async (store) => {
    const session = await findSession(store.sessions, id);
    return sessionDiff(store.checkpoints, session.id);
  });
  if (options.json) return stdout.write(formatJson(files));
  if (files.length === 0) return notice(cli, 'no file is changed by this session');
  const paint = painter(await colours(environment, stdout.isTerminal));
  const lines = files.flatMap((file) => fileDiffRows(file)).map((row) => row.map(paint).join(''));
  stdout.write(`${lines.join('\n')}\n`);
}

function painter({ dim, green, red }: Colours): (span: Span) => string {
  return ({ text, style }) => {
    if (style === 'added' || style === 'addedWord') return green(text);
    if (style === 'removed' || style === 'removedWord') return red(text);
    return style === 'dim' ? dim(text) : text;
  };
}
