import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../../core/errors.js';
import { redact, redactedMark } from '../../core/redact.js';
import type { LogEntry, SessionSummary, Store } from '../../core/store.js';
import { sanitize } from '../../ui/sanitize.js';
import { sessionJson, sessionMarkdown } from './session-document.js';
import { sessionPage } from './session-page.js';

const exportFormats = ['md', 'json', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const writers: Record<ExportFormat, (session: SessionSummary, log: readonly LogEntry[]) => string> = {
  md: (session, log) => sanitize(sessionMarkdown(session, log)),
  json: sessionJson,
  html: sessionPage,
};

export interface SessionText {
  readonly text: string;
  /** What to say of the keys that were left out; empty when there were none. */
  readonly remark: string;
}

/** Everything that was said in a session, whatever a reset or a compaction left of it in the context. */
export async function sessionText(
  { sessions }: Pick<Store, 'sessions'>,
  session: SessionSummary,
  format: ExportFormat,
): Promise<SessionText> {
  const whole = writers[format](session, await sessions.readLog(session.id));
  const text = redact(whole);
  const left = marksIn(text) - marksIn(whole);
  return { text, remark: left > 0 ? `texts that look like keys and stand as ${redactedMark}: ${left}` : '' };
}

function marksIn(text: string): number {
  return text.split(redactedMark).length - 1;
}

/** Only the user may read it: a session holds whatever the tools saw. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'exists already' : `cannot be written (${code})`;
    throw new ConfigError(`${path} ${why}`, { advice: 'Name another file.', cause });
  }
}

/** Writes the session into a new file of the directory, and says in a sentence what there is. */
export async function writeSession(
  store: Pick<Store, 'sessions'>,
  { id, format, file }: { readonly id: string; readonly format?: string; readonly file?: string },
  cwd: string,
): Promise<string> {
  const session = await store.sessions.getSession(id);
  if (!session) return 'Nothing is stored of this session yet: say something first.';
  const chosen = exportFormats.find((one) => one === format) ?? 'md';
  const path = resolve(cwd, file ?? `victor-${id.slice(0, 8)}.${chosen}`);
  const { text, remark } = await sessionText(store, session, chosen);
  await writeNewFile(path, text);
  return `Wrote ${path}${remark === '' ? '' : `; ${remark}`}`;
}
