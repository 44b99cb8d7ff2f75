import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../core/errors.js';
import { newId } from '../../core/id.js';
import { type CommandLine, notice } from '../command-line.js';
import { withHistory } from '../open-history.js';

/** Brings an exported session in, under its own id unless that is taken. The id is all that is printed. */
export async function importSession(file: string, cli: CommandLine): Promise<void> {
  const { parseSessionFile } = await import('./session-file.js');
  const session = parseSessionFile(await textOf(file), file);
  const id = await withHistory(cli, async ({ sessions }) => {
    if (await sessions.importSession(session)) return session.id;
    const copy = { ...session, id: newId() };
    await sessions.importSession(copy);
    return copy.id;
  });
  if (id !== session.id) notice(cli, `${session.id} is there already; this is another one.`);
  cli.stdout.write(`${id}\n`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`${file} cannot be read (${code})`, { advice: 'Name an exported session.', cause });
  }
}
