import { resolve } from 'node:path';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { withHistory } from '../open-history.js';
import { type ExportFormat, sessionText, writeNewFile } from './write-session.js';

export interface ExportOptions {
  readonly json?: true;
  readonly format?: ExportFormat;
  readonly readOnly?: true;
  /** A file that does not exist yet; stdout when absent. */
  readonly output?: string;
}

/** Prints a session as a document, or writes it into a new file. */
export async function exportSession(id: string, options: ExportOptions, cli: CommandLine): Promise<void> {
  const { text, remark } = await withHistory(
    cli,
    async (store) => {
      const session = await findSession(store.sessions, id);
      return sessionText(store, session, options.json ? 'json' : (options.format ?? 'md'));
    },
    options,
  );
  if (remark !== '') notice(cli, remark);
  if (options.output === undefined) return cli.stdout.write(text);
  await writeNewFile(resolve(options.output), text);
  notice(cli, `wrote ${options.output}`);
}
