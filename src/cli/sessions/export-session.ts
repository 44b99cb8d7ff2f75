import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../../core/errors.js';
import { redact } from '../../core/redact.js';
import { sanitize } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { withHistory } from '../open-history.js';
import { sessionJson, sessionMarkdown } from './session-document.js';

export interface ExportOptions {
  readonly json?: true;
  readonly format?: 'markdown' | 'json';
  /** A file that does not exist yet; stdout when absent. */
  readonly output?: string;
}

/** Everything that was said in a session, whatever a reset or a compaction left of it in the context. */
export async function exportSession(id: string, options: ExportOptions, cli: CommandLine): Promise<void> {
  const text = await withHistory(cli, async (store) => {
    const session = await findSession(store.sessions, id);
    const log = await store.sessions.readLog(session.id);
    const asJson = options.json === true || options.format === 'json';
    return redact(asJson ? sessionJson(session, log) : sanitize(sessionMarkdown(session, log)));
  });
  if (options.output === undefined) return cli.stdout.write(text);
  await writeNewFile(resolve(options.output), text);
  notice(cli, `wrote ${options.output}`);
}

/** Only the user may read it: a session holds whatever the tools saw. */
async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'exists already' : `cannot be written (${code})`;
    throw new ConfigError(`${path} ${why}`, { advice: 'Name another file with --output.', cause });
  }
}
