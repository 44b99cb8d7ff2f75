import * as z from 'zod';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { checkedCommand } from './checked-command.js';
import type { Confinement } from './confinement.js';
import { plural } from './model-text.js';
import { outputText } from './output-capture.js';
import { type ProcessRequest, type ProcessResult, runProcess } from './run-process.js';

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_TIMEOUT_MS = 600_000;

export interface BashInput {
  readonly command: string;
  readonly timeoutMs?: number | undefined;
  readonly description?: string | undefined;
}

export interface BashToolOptions {
  /** What commands get their environment from; this process's own by default. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly confinement?: Confinement | undefined;
  /** Between the polite and the hard end of a command that ran out of time; 2,000 by default. */
  readonly graceMs?: number;
}

/** Runs a command in bash and reports exactly how it ended. A command that fails is an answer, not an accident. */
export function createBashTool(options: BashToolOptions = {}): Tool<BashInput> {
  return {
    name: 'Bash',
    description:
      'Run a bash command in the working directory. No stdin or terminal; each call starts afresh.',
    kind: 'execute',
    core: true,
    keywords: [
      'run',
      'execute',
      'command',
      'shell',
      'terminal',
      'test',
      'build',
      'install',
      'git',
      'npm',
      'script',
    ],
    schema: z.strictObject({
      command: z.string().min(1),
      timeoutMs: z.number().optional().describe(`default ${DEFAULT_TIMEOUT_MS}, at most ${MAX_TIMEOUT_MS}`),
      description: z.string().optional(),
    }),
    describe: (input) => input.command,
    shellCommand: (input) => input.command,
    async execute(input, context) {
      const timeoutMs = Math.min(Math.max(1, input.timeoutMs ?? DEFAULT_TIMEOUT_MS), MAX_TIMEOUT_MS);
      const environment = options.environment ?? process.env;
      const checked = await checkedCommand(input.command, context, environment);
      if (checked && 'refused' in checked) return checked.refused;
      const runnable = checked ?? { command: input.command, environment };
      return report(await run(runnable, timeoutMs, context, options), timeoutMs);
    },
  };
}

function run(
  command: Pick<ProcessRequest, 'command' | 'environment' | 'variables'>,
  timeoutMs: number,
  context: ToolContext,
  options: BashToolOptions,
) {
  return runProcess({
    ...command,
    timeoutMs,
    cwd: context.cwd,
    signal: context.signal,
    outputDirectory: context.outputDirectory,
    confinement: options.confinement,
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
  });
}

function report(result: ProcessResult, timeoutMs: number): ToolResult {
  if (result.failure) return { content: result.failure.message, isError: true, summary: result.failure.code };
  const ending = endingOf(result, timeoutMs);
  // How it ended comes first, where no output can imitate it.
  const parts = [`${ending}, after ${seconds(result.durationMs)}.`];
  if (result.survivors.length > 0) {
    const list = result.survivors.map(({ pid, command }) => `  ${pid} ${command}`).join('\n');
    parts.push(`Still running: ${plural(result.survivors.length, 'process', 'processes')}\n${list}`);
  }
  parts.push(...result.remarks);
  parts.push(outputText(result.output).trimEnd() || '(no output)');
  return {
    content: parts.join('\n'),
    summary: ending.toLowerCase(),
    ...(result.exitCode === 0 && !result.timedOut && !result.aborted ? {} : { isError: true }),
  };
}

function endingOf(result: ProcessResult, timeoutMs: number): string {
  if (result.timedOut) return `Timed out at ${seconds(timeoutMs)} and was ended`;
  if (result.aborted) return 'Interrupted by the user';
  if (result.signal !== null) return `Ended by ${result.signal}`;
  return `Exit code ${result.exitCode}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
