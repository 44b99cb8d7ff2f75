import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Piece, ServerStep } from './model-server-step.js';

/** Sends an answer with whatever its step says shall go wrong on the way. */
export async function sendAnswer(
  response: ServerResponse,
  status: number,
  type: string,
  pieces: Iterable<Piece>,
  step: ServerStep,
  stopped: AbortSignal,
): Promise<void> {
  const headers = {
    'content-type': type,
    'request-id': 'req_test',
    'x-request-id': 'req_test',
    ...step.headers,
  };
  response.writeHead(status, step.gzip ? { ...headers, 'content-encoding': 'gzip' } : headers);
  response.flushHeaders();
  if (step.pingEveryMs !== undefined) return ping(response, step, stopped);

  const kind = step.error?.kind;
  const limit = step.cutAfterBytes ?? step.stallAfterBytes ?? Number.POSITIVE_INFINITY;
  let sent = 0;
  let due = performance.now();
  for (const piece of step.gzip ? zipped(pieces) : pieces) {
    if (piece.paced && step.delayMs) {
      // By the clock: what a timer is late does not add up over a long answer.
      due += step.delayMs;
      const left = due - performance.now();
      if (left > 0) await sleep(left, undefined, { signal: stopped }).catch(() => {});
    }
    if (piece.paced) await step.before?.(String(piece.data));
    const bytes = Buffer.from(piece.data).subarray(0, Math.max(0, limit - sent));
    if (!(await write(response, bytes, step.splitBytes))) return;
    sent += bytes.length;
    if (sent >= limit) break;
  }
  if (step.stallAfterBytes !== undefined || (kind === 'stalled' && status === 200)) return;
  const torn = step.cutAfterBytes !== undefined && step.cut !== 'end';
  if (torn || (kind === 'network' && status === 200)) {
    // What was written must reach the client before the connection is torn down.
    await sleep(20, undefined, { signal: stopped }).catch(() => {});
    response.socket?.resetAndDestroy();
    return;
  }
  response.end();
}

/** Answers `false` when the client has gone. */
async function write(response: ServerResponse, bytes: Buffer, splitBytes = bytes.length): Promise<boolean> {
  for (let start = 0; start < bytes.length; start += splitBytes) {
    if (response.destroyed) return false;
    response.write(bytes.subarray(start, start + splitBytes));
    if (splitBytes < bytes.length) await new Promise((resolve) => setImmediate(resolve));
  }
  return !response.destroyed;
}

async function ping(response: ServerResponse, step: ServerStep, stopped: AbortSignal): Promise<void> {
  while (!response.destroyed && !stopped.aborted) {
    response.write(step.ping ?? 'event: ping\ndata: {"type": "ping"}\n\n');
    await sleep(step.pingEveryMs, undefined, { signal: stopped }).catch(() => {});
  }
}

function zipped(pieces: Iterable<Piece>): Piece[] {
  return [{ data: gzipSync(Buffer.concat([...pieces].map(({ data }) => Buffer.from(data)))) }];
}
