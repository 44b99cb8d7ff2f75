import * as z from 'zod';
import type * as contract from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import type { ExtensionFailure } from '../core/extension.js';
import { valueWithoutHeldSecrets } from '../core/held-secrets.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { ToolCall } from '../core/message.js';
import { sessionOutputDirectory } from '../core/session-output-directory.js';
import { timeLimit } from '../core/time-limit.js';
import type {
  FileChange,
  FileMemory,
  OutputSoFar,
  Tool,
  ToolContext,
  ToolDefinition,
  ToolResult,
} from '../core/tool.js';
import { untilAborted } from '../core/until-aborted.js';
import { RunningOutput } from '../tools/running-output.js';

export interface ToolCoordinatorOptions {
  readonly tools: readonly Tool[];
  /** Tools of other programs, which come later; behind the others. */
  readonly serverTools?: readonly Tool[] | undefined;
  /** Absolute path that tools start relative paths from. */
  readonly cwd: string;
  /** Absolute path of a private folder for long outputs. */
  readonly outputDirectory: string;
  /** Whether a session may not see what is in a file, for tools that come upon it in a folder. */
  readonly hides?: ((path: string, sessionId: string) => boolean) | undefined;
  /** Whether a rule of the user's names a host that a session may ask. */
  readonly namesHost?: ((host: string, sessionId: string) => boolean) | undefined;
  /** Added to so many tools that not all are offered: with it the model finds others. */
  readonly finder?: {
    readonly tool: Tool;
    readonly isNeeded: (tools: number, sessionId?: string) => boolean;
  };
  /** Milliseconds that one call may take; 900,000 when absent, which is longer than any command may. */
  readonly timeoutMs?: number | undefined;
}

/** Holds the tools, publishes them to the model and runs one call at a time. */
export class ToolCoordinator
  implements
    contract.ToolCoordinator,
    contract.Configurable<ToolCoordinatorOptions>,
    contract.ReportsExtensionFailures,
    contract.ReportsToolOutput
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  onToolOutput?: (callId: string, output: OutputSoFar, sessionId: string) => void;
  readonly #options: LiveOptions<ToolCoordinatorOptions & { readonly all: readonly Tool[] }>;
  readonly #files = new Map<string, FileMemory>();
  /** Made once for each list of tools. */
  readonly #definitions = new WeakMap<readonly Tool[], readonly ToolDefinition[]>();

  readonly #withFinder = new WeakMap<readonly Tool[], readonly Tool[]>();

  constructor(options: ToolCoordinatorOptions) {
    this.#options = new LiveOptions({ ...options, all: allOf(options) });
  }

  configure(change: Partial<ToolCoordinatorOptions>, running?: RunningTurns): void {
    const now = this.#options.of();
    const { tools = now.tools, serverTools = now.serverTools } = change;
    const isSame = tools === now.tools && serverTools === now.serverTools;
    this.#options.configure({ ...change, all: isSame ? now.all : allOf({ tools, serverTools }) }, running);
  }

  list(sessionId?: string): readonly Tool[] {
    const { all: tools, finder } = this.#options.of(sessionId);
    if (!finder?.isNeeded(tools.length, sessionId)) return tools;
    const found = this.#withFinder.get(tools) ?? lastOfEachName([finder.tool, ...tools]);
    this.#withFinder.set(tools, found);
    return found;
  }

  definitions(sessionId?: string): readonly ToolDefinition[] {
    const tools = this.list(sessionId);
    const known = this.#definitions.get(tools);
    if (known) return known;
    const definitions = tools.flatMap((tool) => {
      try {
        return { name: tool.name, description: tool.description, inputSchema: inputSchema(tool) };
      } catch (error) {
        // A schema that cannot be published makes a tool nobody can call; the others are offered.
        const message = messageOf(error);
        this.onExtensionFailure?.({ kind: 'tool', name: tool.name, message, fallback: 'it is not offered' });
        return [];
      }
    });
    this.#definitions.set(tools, definitions);
    return definitions;
  }

  async execute(
    call: ToolCall,
    sessionId: string,
    signal: AbortSignal,
    leadsTo?: readonly string[],
  ): Promise<ToolResult> {
    const { timeoutMs = 900_000 } = this.#options.of(sessionId);
    const tools = this.list(sessionId);
    const tool = tools.find(({ name }) => name === call.name);
    if (!tool) {
      const names = tools.map(({ name }) => name).join(', ');
      return { ...failure(`There is no tool "${call.name}". Tools: ${names}.`), unknownTool: true };
    }
    if (call.invalidInput !== undefined) {
      return failure(
        `The arguments of ${tool.name} were not a JSON object. Send the call again with valid JSON.`,
      );
    }
    const limit = timeLimit(signal, timeoutMs);
    const running = new RunningOutput((output) => this.onToolOutput?.(call.id, output, sessionId));
    try {
      const parsed = tool.schema.safeParse(call.input);
      if (!parsed.success)
        return failure(`Invalid arguments for ${tool.name}:\n${z.prettifyError(parsed.error)}`);
      const onOutput = (chunk: Uint8Array | string) => running.push(chunk);
      const context = { ...this.#contextOf(sessionId, limit.signal), leadsTo, onOutput };
      const result = await untilAborted(tool.execute(parsed.data, context), limit.signal, ABORT_GRACE_MS);
      if (typeof result?.content !== 'string') return failure(`${tool.name} returned no text.`);
      return valueWithoutHeldSecrets({ ...result });
    } catch (error) {
      if (signal.aborted) return { ...failure('Interrupted before it ended.'), unfinished: true };
      if (limit.passed) {
        const text = `${tool.name} did not end within ${timeoutMs} ms and was given up.`;
        return { ...failure(text), unfinished: true };
      }
      return valueWithoutHeldSecrets(failure(`${tool.name} failed: ${messageOf(error)}`));
    } finally {
      running.end();
      limit.stop();
    }
  }

  /** A preview that throws, takes long or answers nonsense is none. */
  async preview(
    call: ToolCall,
    sessionId: string,
    signal: AbortSignal,
    leadsTo?: readonly string[],
  ): Promise<ToolResult | undefined> {
    const tool = this.list(sessionId).find(({ name }) => name === call.name);
    if (!tool?.preview || call.invalidInput !== undefined) return undefined;
    const limit = timeLimit(signal, PREVIEW_TIMEOUT_MS);
    try {
      const parsed = tool.schema.safeParse(call.input);
      if (!parsed.success) return undefined;
      const context = { ...this.#contextOf(sessionId, limit.signal), leadsTo };
      const answer = await untilAborted(tool.preview(parsed.data, context), limit.signal);
      return isPreview(answer) ? valueWithoutHeldSecrets(answer) : undefined;
    } catch {
      return undefined;
    } finally {
      limit.stop();
    }
  }

  #contextOf(sessionId: string, signal: AbortSignal): ToolContext {
    const { cwd, outputDirectory, hides, namesHost } = this.#options.of(sessionId);
    return {
      cwd,
      sessionId,
      signal,
      files: this.#filesOf(sessionId),
      outputDirectory: sessionOutputDirectory(outputDirectory, sessionId),
      hides: hides && ((path) => hides(path, sessionId)),
      namesHost: namesHost && ((host) => namesHost(host, sessionId)),
    };
  }

  #filesOf(sessionId: string): FileMemory {
    let files = this.#files.get(sessionId);
    if (!files) {
      files = new Map<string, string>();
      this.#files.set(sessionId, files);
    }
    return files;
  }
}

function allOf({
  tools,
  serverTools = [],
}: Pick<ToolCoordinatorOptions, 'tools' | 'serverTools'>): readonly Tool[] {
  return lastOfEachName([...tools, ...serverTools]);
}

/** A tool takes the place of an earlier one with its name. */
function lastOfEachName(tools: readonly Tool[]): readonly Tool[] {
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()];
}

/** How long a tool may take to end after an abort, before the turn goes on without it. */
const ABORT_GRACE_MS = 150;

/** How long the user may wait for a question because a tool is still finding out what it would change. */
const PREVIEW_TIMEOUT_MS = 2_000;

function isPreview(answer: ToolResult | undefined): answer is ToolResult {
  if (typeof answer?.content !== 'string') return false;
  const { change } = answer;
  if (change === undefined) return true;
  const also = change?.also ?? [];
  return isChange(change) && Array.isArray(also) && also.every(isChange);
}

function isChange(change: FileChange | null): boolean {
  return (change?.before === null || typeof change?.before === 'string') && typeof change.after === 'string';
}

function failure(content: string): ToolResult {
  return { content, isError: true };
}

/** The published schema, without the parts that only cost tokens. */
function inputSchema(tool: Tool): Readonly<Record<string, unknown>> {
  if (tool.inputSchema) return tool.inputSchema;
  const { $schema, additionalProperties, ...schema } = z.toJSONSchema(tool.schema, { io: 'input' });
  return schema;
}
