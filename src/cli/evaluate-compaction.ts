import { replayLog } from '../core/replay-log.js';
import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { findSession } from './find-session.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { openTurn } from './open-turn.js';

/** What every compaction strategy would keep of a stored session; the session itself stays as it is. */
export async function evaluateCompaction(
  id: string,
  options: { json?: true },
  cli: CommandLine,
): Promise<void> {
  const { stdout, environment } = cli;
  const { orchestrator } = await openTurn({ session: true }, cli);
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const { sessions } = orchestrator.store;
    const session = await findSession(sessions, id);
    const messages = replayLog(await sessions.readLog(session.id));
    const scores = await orchestrator.coordinators.evaluation.evaluate([{ sessionId: session.id, messages }]);
    if (options.json) {
      const rows = scores.map(({ sessionId, durationMs, ...score }) => {
        return { session_id: sessionId, ...score, duration_ms: Math.round(durationMs) };
      });
      return stdout.write(formatJson(rows));
    }
    const rows = scores.map(({ strategy, configured, before, after, durationMs, problem }) => [
      strategy,
      problem ? '' : `${before.messages} -> ${after.messages}`,
      problem ? '' : `${before.tokens} -> ${after.tokens}`,
      durationMs.toFixed(1),
      problem ?? (configured ? 'in force' : ''),
    ]);
    const look = { width: 0, colours: await colours(environment, stdout.isTerminal), right: [1, 2, 3] };
    stdout.write(formatTable(['strategy', 'messages', 'tokens (estimated)', 'ms', ''], rows, look));
  } finally {
    await orchestrator.close();
  }
}
