import { ReplayError } from '../core/errors.js';
import { isRecord } from '../core/is-record.js';
import { compared, type WholeRequest } from './clean-request.js';
import { type Difference, firstDifference, type KnownEqual, shownDifference } from './first-difference.js';
import type { Playable } from './player.js';
import type { Recording } from './recording.js';

export interface Unmatched {
  readonly request: WholeRequest;
  /** Which request of the replay it is, from 1. */
  readonly number: number;
  readonly file: string;
  readonly recording: Recording;
  readonly exchanges: readonly Playable[];
  readonly unplayed: readonly Playable[];
  readonly known: KnownEqual;
}

/** Says which request is not in a recording, where it differs from the nearest one that is, and what to do. */
export function unmatchedRequest(unmatched: Unmatched): ReplayError {
  const { request, number, file, exchanges, recording } = unmatched;
  const which = `Request ${number} of the replay (${request.method} ${request.path}) is not in ${file}`;
  const near = nearest(unmatched);
  if (!near) {
    const all =
      exchanges.length === 1 ? 'its only request has' : `all of its ${exchanges.length} requests have`;
    const interrupted = recording.ended === 'interrupted' ? ', and it was interrupted there' : '';
    return new ReplayError(`${which}: ${all} been played${interrupted}.`, {
      advice: 'Ask only what was recorded, or record the whole conversation with --record.',
    });
  }
  const { difference } = near;
  const where = difference.toolResult
    ? `, in the result of ${toolName(request.body, difference.toolResult)}`
    : '';
  const message = `${which}. Nearest is recorded request ${near.number}, which differs first at ${difference.path}${where}: ${shownDifference(difference)}.`;
  return new ReplayError(message, { advice: adviceFor(difference, recording) });
}

function nearest({
  request,
  unplayed,
  known,
}: Unmatched): { number: number; difference: Difference } | undefined {
  let best: { number: number; difference: Difference } | undefined;
  const now = compared(request);
  for (const { number, request: recorded } of unplayed) {
    const difference = firstDifference(compared(recorded), now, known);
    if (difference && (!best || difference.equalBefore > best.difference.equalBefore)) {
      best = { number, difference };
    }
  }
  return best;
}

function adviceFor({ toolResult, path }: Difference, { victor }: Recording): string {
  if (toolResult) {
    return 'Tools really run again in a replay, and this one came to another result: put its files back as they were when it was recorded, or record again with --record.';
  }
  if (path === 'body.model' || path === 'path') {
    return 'Leave --model out, so that the recorded provider and model are taken, or record again with --record.';
  }
  const now = process.env.VICTOR_VERSION ?? 'unbuilt';
  const versions = victor === now ? '' : ` It was recorded with Victor ${victor}; this is ${now}.`;
  return `Ask the same with the same flags, settings and instruction files, or record again with --record.${versions}`;
}

/** The name of the tool whose result this is, found by the id of its call. */
function toolName(body: unknown, result: unknown): string {
  const { tool_use_id, tool_call_id, call_id } = result as Readonly<Record<string, unknown>>;
  const id = tool_use_id ?? tool_call_id ?? call_id;
  const find = (value: unknown): string | undefined => {
    if (Array.isArray(value)) return value.map(find).find((name) => name !== undefined);
    if (!isRecord(value)) return undefined;
    const { name } = isRecord(value.function) ? value.function : value;
    if ((value.id === id || value.call_id === id) && typeof name === 'string') return name;
    return find(Object.values(value));
  };
  return find(body) ?? 'a tool';
}
