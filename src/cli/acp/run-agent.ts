import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/describe-failure.js';
import { VictorError } from '../../core/errors.js';
import { type CommandLine, notice } from '../command-line.js';
import { exitCodes } from '../exit-code.js';
import type { TurnFlags } from '../flags.js';
import { catchSignals } from '../interruption.js';
import { standardInputIsTerminal } from '../read-standard-input.js';
import { createAcpHost } from './create-host.js';
import { takeStandardOutput } from './standard-output.js';

/** So long the last answers may take to be read. */
const DRAIN_MS = 1_000;

/** Is the agent of an editor until that goes away; answers the exit code. */
export async function runAgent(flags: TurnFlags, cli: CommandLine): Promise<number> {
  const { serveAgent } = await import('../../acp/index.js');
  const output = takeStandardOutput();
  if (standardInputIsTerminal())
    notice(
      cli,
      'this waits for an editor that speaks ACP on standard input; docs/acp.md says how it is set up',
    );
  const interruption = catchSignals();
  // An editor that is gone ends everything, and nothing that still waits for it keeps the process.
  const gone = () => interruption.stop(exitCodes.ok);
  process.stdin.once('end', gone).once('error', gone);
  output.once('error', gone);
  try {
    await serveAgent({
      host: createAcpHost(flags, cli),
      input: Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
      output: Writable.toWeb(output) as WritableStream<Uint8Array>,
      version: process.env.VICTOR_VERSION ?? 'unbuilt',
      signal: interruption.signal,
    });
    await Promise.race([new Promise((done) => output.end(done)), sleep(DRAIN_MS, undefined, { ref: false })]);
  } catch (cause) {
    throw new VictorError('acp', `The editor does not keep to the protocol: ${messageOf(cause)}`, {
      advice: 'Start the agent again there; sessions are kept.',
      cause,
    });
  } finally {
    interruption.release();
  }
  return interruption.exitCode ?? exitCodes.ok;
}
