import type { RecordedDecision } from '../../core/decision-record.js';
import type { StoredDecisions } from '../../core/decision-store.js';
import { ConfigError } from '../../core/errors.js';
import { redact } from '../../core/redact.js';
import type { LogEntry } from '../../core/store.js';
import { readDecisions } from '../../decisions/read-decisions.js';
import { type CommandLine, notice } from '../command-line.js';
import { findSession } from '../find-session.js';
import { formatJson } from '../format-json.js';
import { withHistory } from '../open-history.js';
import { type ExplainedTurn, explanationLines } from './explanation-lines.js';
import { summaryObject } from './list-sessions.js';

/** Characters of a message in which its first line is found. */
const LOOKED_AT = 20_000;

export interface ExplainOptions {
  /** 1 is the first. */
  readonly turn?: number;
  readonly json?: true;
  readonly readOnly?: true;
}

/** The decisions of a session by turn: lines for people, one object with `json`. */
export async function explainSession(id: string, options: ExplainOptions, cli: CommandLine): Promise<void> {
  const { session, turns } = await withHistory(
    cli,
    async (store) => {
      const session = await findSession(store.sessions, id);
      const [batches, log] = [
        await store.decisions.readDecisions(session.id),
        await store.sessions.readLog(session.id),
      ];
      return { session, turns: turnsOf(batches, log) };
    },
    options,
  );
  const shown = turns.filter(({ turn }) => options.turn === undefined || turn === options.turn);
  if (options.turn !== undefined && shown.length === 0) {
    const last = turns.at(-1)?.turn ?? 0;
    throw new ConfigError(`nothing is recorded of a turn ${options.turn} of ${session.id}`, {
      advice: last === 0 ? 'It was recorded before decisions were.' : `Its turns are 1 to ${last}.`,
    });
  }
  if (options.json)
    return cli.stdout.write(
      formatJson({
        session: summaryObject(session),
        turns: shown.map(turnObject),
      }),
    );
  if (shown.length === 0) return notice(cli, 'no decision is recorded of this session.');
  cli.stdout.write(`${shown.flatMap(explanationLines).join('\n')}\n`);
}

function turnsOf(batches: readonly StoredDecisions[], log: readonly LogEntry[]): ExplainedTurn[] {
  const turns = new Map<number, RecordedDecision[]>();
  for (const one of readDecisions(batches)) {
    const before = turns.get(one.turn);
    if (before) before.push(one);
    else turns.set(one.turn, [one]);
  }
  const began = new Map<string, number>();
  for (const { turnId, afterEntry } of batches) {
    if (turnId !== undefined && afterEntry !== undefined && !began.has(turnId)) began.set(turnId, afterEntry);
  }
  return [...turns].map(([turn, decisions]) => {
    const turnId = decisions.find((one) => one.turnId !== undefined)?.turnId;
    const request = turnId === undefined ? undefined : requestBefore(log, began.get(turnId));
    return { turn, ...(turnId === undefined ? {} : { turnId }), ...(request ? { request } : {}), decisions };
  });
}

/** The first line of what the user had written, without keys: their last message up to that entry. */
function requestBefore(log: readonly LogEntry[], last = 0): string | undefined {
  const found = log.findLast(
    ({ sequence, entry }) => sequence <= last && entry.type === 'message' && entry.message.role === 'user',
  );
  if (found?.entry.type !== 'message') return undefined;
  // A key may go over several lines: it is known before the first of them is taken.
  return redact(found.entry.message.content.slice(0, LOOKED_AT)).trim().split('\n')[0];
}

function turnObject({ turn, turnId, request, decisions }: ExplainedTurn) {
  return {
    turn,
    ...(turnId === undefined ? {} : { turn_id: turnId }),
    ...(request === undefined ? {} : { request }),
    decisions: decisions.map(({ coordinator, decision, outcome, reason, inputs, cost, times, ...rest }) => ({
      coordinator,
      decision,
      outcome,
      reason,
      inputs,
      cost,
      times,
      between_turns: rest.turnId === undefined,
      at: new Date(rest.timestamp).toISOString(),
    })),
  };
}
