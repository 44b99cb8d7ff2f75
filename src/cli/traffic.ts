import { resolve } from 'node:path';
import { recordTraffic, replayTraffic } from '../recording/index.js';
import type { Traffic } from '../recording/traffic.js';
import { type CommandLine, notice } from './command-line.js';
import type { TurnFlags } from './flags.js';
import { errorLine, exitCodeOf } from './report-error.js';

/** What `--record` or `--replay` puts between the providers and the network. Throws ConfigError for a file that will not do. */
export function openTraffic(
  flags: TurnFlags,
  cwd: string,
  { environment }: CommandLine,
): Traffic | undefined {
  const { record, replay } = flags;
  if (record === undefined && replay === undefined) return undefined;
  const options = { cwd, environment };
  return record === undefined
    ? replayTraffic({ ...options, file: resolve(cwd, replay as string) })
    : recordTraffic({ ...options, file: resolve(cwd, record) });
}

/** Says what is to be said of the traffic at the end, and answers the exit code. */
export function concludeTraffic(
  traffic: Traffic | undefined,
  exitCode: number,
  { quiet }: TurnFlags,
  cli: CommandLine,
): number {
  if (!traffic) return exitCode;
  // What was recorded is no news to somebody who wants silence; what was not played is.
  if (!quiet || traffic.offline) for (const text of traffic.remarks()) notice(cli, text);
  // Whoever asked the model may have gone on without its answer, as compaction does.
  if (exitCode !== 0 || !traffic.failure) return exitCode;
  cli.stderr.write(`${errorLine(traffic.failure)}\n`);
  return exitCodeOf(traffic.failure);
}
