import { colours } from './colours.js';
import type { CommandLine } from './command-line.js';
import { exitCodes } from './exit-code.js';
import { outputStream } from './output-stream.js';
import { isHelp, program } from './program.js';
import { errorLine, errorTrace, exitCodeOf } from './report-error.js';
import { strayRejection } from './stray-rejection.js';

/** Runs `victor` with these arguments and ends the process. */
export async function main(argv: readonly string[]): Promise<never> {
  const stderr = outputStream(2, () => process.stderr);
  const cli: CommandLine = {
    environment: process.env,
    stdout: outputStream(1, () => process.stdout),
    stderr,
    colours: await colours(process.env, stderr.isTerminal),
    exitCode: exitCodes.ok,
  };
  // What nobody caught is still one line and no lost output; it decides the exit code, whatever still runs.
  const fail = (error: unknown) => {
    report(error, argv, cli);
    void end(cli, exitCodeOf(error));
  };
  process.on('uncaughtException', fail);
  // What an extension forgot to wait for is no reason to lose the answer; each such thing is said once.
  const said = new Set<string>();
  process.on('unhandledRejection', (reason) => {
    const line = strayRejection(reason);
    if (line === undefined) return fail(reason);
    if (said.has(line)) return;
    said.add(line);
    cli.stderr.write(`${line}\n`);
  });
  try {
    await program(cli).run(argv);
  } catch (error) {
    if (isHelp(error)) return end(cli, error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);
    report(error, argv, cli);
    return end(cli, exitCodeOf(error));
  }
  return end(cli, cli.exitCode);
}

function report(error: unknown, argv: readonly string[], cli: CommandLine): void {
  cli.stderr.write(`${errorLine(error)}\n`);
  const debug = cli.environment.VICTOR_DEBUG === '1' || argv.includes('--debug') || argv.includes('-d');
  if (debug) cli.stderr.write(`${errorTrace(error)}\n`);
}

/** Ends with every byte handed over, and without waiting for sockets that are kept alive. */
async function end(cli: CommandLine, exitCode: number): Promise<never> {
  await cli.stdout.drain();
  const { failure } = cli.stdout;
  if (failure) {
    cli.stderr.write(
      `victor: the output cannot be written: ${failure.message}. Free some space or write elsewhere.\n`,
    );
  }
  await cli.stderr.drain();
  process.exit(failure ? exitCodes.failure : exitCode);
}
