import * as z from 'zod';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import type { TaskList } from './background/task-list.js';
import { checkedCommand } from './checked-command.js';
import type { Confinement } from './confinement.js';
import { plural } from './model-text.js';
import { outputText } from './output-capture.js';
import { type ProcessRequest, type ProcessResult, runProcess } from './run-process.js';
import { withheldRemark } from './withheld-remark.js';

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_TIMEOUT_MS = 600_000;

export interface BashInput {
  readonly command: string;
  readonly timeoutMs?: number | undefined;
  readonly description?: string | undefined;
  readonly runInBackground?: boolean | undefined;
}

export interface BashToolOptions {
  /** What commands get their environment from; this process's own by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** What commands get of it besides what every child gets: names, and beginnings with a `*`. */
  readonly commandEnvironment?: readonly string[] | undefined;
  readonly confinement?: Confinement | undefined;
  /** Where commands run that are not waited for; without it every one is. */
  readonly background?: TaskList | undefined;
  /** Between the polite and the hard end of a command that ran out of time; 2,000 by default. */
  readonly graceMs?: number;
}

type Runnable = Pick<ProcessRequest, 'command' | 'environment' | 'variables'>;

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
    schema: schemaOf(options),
    describe: (input) => input.command,
    shellCommand: (input) => input.command,
    async execute(input, context) {
      const timeoutMs = Math.min(Math.max(1, input.timeoutMs ?? DEFAULT_TIMEOUT_MS), MAX_TIMEOUT_MS);
      const environment = options.environment ?? process.env;
      const checked = await checkedCommand(input.command, context, environment);
      if (checked && 'refused' in checked) return checked.refused;
      const runnable = checked ?? { command: input.command, environment };
      if (input.runInBackground && options.background)
        return startTask(input, runnable, options.background, { ...options, context });
      const result = await run(runnable, timeoutMs, context, options);
      const withheld = withheldRemark(
        { command: input.command, output: outputText(result.output), failed: result.exitCode !== 0 },
        environment,
        options.commandEnvironment ?? [],
      );
      return report({ ...result, remarks: [...result.remarks, ...withheld] }, timeoutMs);
    },
  };
}

function schemaOf({ background }: BashToolOptions): z.ZodType<BashInput> {
  const waitedFor = z.strictObject({
    command: z.string().min(1),
    timeoutMs: z.number().optional().describe(`default ${DEFAULT_TIMEOUT_MS}, at most ${MAX_TIMEOUT_MS}`),
    description: z.string().optional(),
  });
  if (!background) return waitedFor;
  const how = 'not waited for, without a default timeout: servers, watchers';
  return waitedFor.extend({ runInBackground: z.boolean().optional().describe(how) });
}

/** A command that ends at once has said what it had to say by then. */
const STARTS_WITHIN_MS = 500;
/** The longest that a timer takes; nobody is meant to wait for it. */
const NO_TIMEOUT_MS = 2_147_483_647;

async function startTask(
  { command, timeoutMs }: BashInput,
  runnable: Runnable,
  tasks: TaskList,
  { context, ...options }: BashToolOptions & { readonly context: ToolContext },
): Promise<ToolResult> {
  const limitMs = timeoutMs === undefined ? NO_TIMEOUT_MS : Math.min(Math.max(1, timeoutMs), MAX_TIMEOUT_MS);
  const task = tasks.start({
    sessionId: context.sessionId,
    command,
    async run(signal, watch) {
      const own = { ...context, signal, onOutput: (chunk: Uint8Array | string) => watch(Buffer.from(chunk)) };
      const result = await run(runnable, limitMs, own, options);
      const { failure, output, remarks } = result;
      const kept = output.file === undefined ? [] : [`All of its output is in ${output.file}`];
      const how = failure?.message ?? (result.aborted ? 'Stopped' : endingOf(result, limitMs));
      return { how, remarks: [...survivorsOf(result), ...remarks, ...kept].join('\n') };
    },
  });
  if (!task)
    return {
      content: 'Not started: too many commands run in the background. End one with TaskStop first.',
      isError: true,
      summary: 'too many run',
    };
  const { id } = task;
  const { signal } = context;
  await tasks.ended(id, STARTS_WITHIN_MS, signal);
  const read = await tasks.read(id, context.sessionId, { waitMs: 0, signal });
  const text = read?.output.trimEnd() ?? '';
  const how = read?.task.ended?.how;
  const said = how
    ? `${id} has ended already: ${how}.`
    : `Runs in the background as ${id}. TaskOutput reads what it puts out, TaskStop ends it; it ends with the session.`;
  return {
    content: [said, ...(text === '' ? [] : [text])].join('\n'),
    summary: how ? how.toLowerCase() : `runs as ${id}`,
  };
}

function run(command: Runnable, timeoutMs: number, context: ToolContext, options: BashToolOptions) {
  return runProcess({
    ...command,
    timeoutMs,
    cwd: context.cwd,
    signal: context.signal,
    outputDirectory: context.outputDirectory,
    watch: context.onOutput,
    confinement: options.confinement,
    commandEnvironment: options.commandEnvironment,
    ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
  });
}

function report(result: ProcessResult, timeoutMs: number): ToolResult {
  if (result.failure) return { content: result.failure.message, isError: true, summary: result.failure.code };
  const { output, survivors } = result;
  const ending = endingOf(result, timeoutMs);
  // How it ended comes first, where no output can imitate it.
  const parts = [`${ending}, after ${seconds(result.durationMs)}.`];
  parts.push(...survivorsOf(result));
  const text = outputText(output).trimEnd() || '(no output)';
  parts.push(...result.remarks, text);
  const commands = survivors.map(({ command }) => command);
  const constant = output.file === undefined ? text : text.replace(output.file, '');
  return {
    content: parts.join('\n'),
    outcome: [ending, ...commands, ...result.remarks, constant].join('\n'),
    summary: ending.toLowerCase(),
    command: {
      exitCode: result.timedOut || result.aborted ? null : result.exitCode,
      output: outputText(output),
    },
    ...(result.exitCode === 0 && !result.timedOut && !result.aborted ? {} : { isError: true }),
  };
}

function survivorsOf({ survivors }: ProcessResult): string[] {
  if (survivors.length === 0) return [];
  const list = survivors.map(({ pid, command }) => `  ${pid} ${command}`).join('\n');
  return [`Still running: ${plural(survivors.length, 'process', 'processes')}\n${list}`];
}

function endingOf(result: ProcessResult, timeoutMs: number): string {
  if (result.timedOut) return `Timed out at ${seconds(timeoutMs)} and was ended`;
  if (result.aborted) return 'Interrupted';
  if (result.signal !== null) return `Ended by ${result.signal}`;
  return `Exit code ${result.exitCode}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
