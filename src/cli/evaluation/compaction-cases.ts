import * as z from 'zod';
import type { EvaluationCase } from '../../core/evaluation.js';
import { replayLog } from '../../core/replay-log.js';
import type { SessionStore } from '../../core/store.js';
import { findSession } from '../find-session.js';
import { readJsonLines, WrongLines } from './json-lines.js';

/** A case with what people call it. */
export interface NamedCase extends EvaluationCase {
  readonly title: string;
}

export interface WantedCases {
  /** Ids, or how they begin. */
  readonly sessions: readonly string[];
  /** A file of the user's own cases. */
  readonly file?: string | undefined;
  readonly sample?: true | undefined;
}

const text = z.string().regex(/\S/, 'expected a text');
const ownCase = z.strictObject({
  session: text,
  task: text.optional(),
  facts: z.array(text).optional(),
});
const EXPECTED =
  '{"session": "the id or the start of it", "facts": ["must not be lost", …], "task": "optional"}';

/** The cases that somebody wants. Throws `ConfigError` for a session that is not there and for lines that are no case. */
export async function compactionCases(
  { sessions, file, sample }: WantedCases,
  store: SessionStore,
): Promise<readonly NamedCase[]> {
  const cases: NamedCase[] = [];
  if (sample) {
    const { sampleCase } = await import('../../evaluation/sample-case.js');
    cases.push(sampleCase());
  }
  for (const id of sessions) cases.push(await recorded(id, store));
  if (file !== undefined) {
    const wrong = new WrongLines(file, EXPECTED);
    const lines = await readJsonLines(file, ownCase, wrong);
    const found: NamedCase[] = [];
    for (const { line, value } of lines) {
      const { session, task, facts } = value;
      try {
        const extra = { ...(task === undefined ? {} : { task }), ...(facts ? { facts } : {}) };
        found.push({ ...(await recorded(session, store)), ...extra });
      } catch (error) {
        wrong.add(line, (error as Error).message);
      }
    }
    wrong.throwIfAny();
    cases.push(...found);
  }
  return cases;
}

/** A session with all that was said since it was last reset, also what was compacted since. */
async function recorded(id: string, store: SessionStore): Promise<NamedCase> {
  const session = await findSession(store, id);
  const log = await store.readLog(session.id);
  const messages = replayLog(log.filter(({ entry }) => entry.type !== 'compaction'));
  return { sessionId: session.id, title: session.title, messages };
}
