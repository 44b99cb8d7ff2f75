import * as z from 'zod';
import type * as contract from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import type { ExtensionFailure } from '../core/extension.js';
import { valueWithoutHeldSecrets } from '../core/held-secrets.js';
import { LiveOptions, type RunningTurns } from '../core/live-options.js';
import type { ToolCall } from '../core/message.js';
import { sessionOutputDirectory } from '../core/session-output-directory.js';
import { timeLimit } from '../core/time-limit.js';
import type { FileMemory, Tool, ToolContext, ToolDefinition, ToolResult } from '../core/tool.js';
import { untilAborted } from '../core/until-aborted.js';

export interface ToolCoordinatorOptions {
  readonly tools: readonly Tool[];
  /** Absolute path that tools start relative paths from. */
  readonly cwd: string;
  /** Absolute path of a private folder for long outputs. */
  readonly outputDirectory: string;
  /** Milliseconds that one call may take; 900,000 when absent, which is longer than any command may. */
  readonly timeoutMs?: number | undefined;
}

/** Holds the tools, publishes them to the model and runs one call at a time. */
export class ToolCoordinator
  implements
    contract.ToolCoordinator,
    contract.Configurable<ToolCoordinatorOptions>,
    contract.ReportsExtensionFailures
{
  onExtensionFailure?: (failure: ExtensionFailure, sessionId?: string) => void;
  readonly #options: LiveOptions<ToolCoordinatorOptions>;
  readonly #files = new Map<string, FileMemory>();
  /** Made once for each list of tools. */
  readonly #definitions = new WeakMap<readonly Tool[], readonly ToolDefinition[]>();

  constructor(options: ToolCoordinatorOptions) {
    this.#options = new LiveOptions({ ...options, tools: lastOfEachName(options.tools) });
  }

  configure(change: Partial<ToolCoordinatorOptions>, running?: RunningTurns): void {
    const tools = change.tools && lastOfEachName(change.tools);
    this.#options.configure({ ...change, ...(tools ? { tools } : {}) }, running);
  }

  list(sessionId?: string): readonly Tool[] {
    return this.#options.of(sessionId).tools;
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

  async execute(call: ToolCall, sessionId: string, signal: AbortSignal): Promise<ToolResult> {
    const { tools, timeoutMs = 900_000 } = this.#options.of(sessionId);
    const tool = tools.find(({ name }) => name === call.name);
    if (!tool)
      return failure(`There is no tool "${call.name}". Tools: ${tools.map(({ name }) => name).join(', ')}.`);
    if (call.invalidInput !== undefined) {
      return failure(
        `The arguments of ${tool.name} were not a JSON object. Send the call again with valid JSON.`,
      );
    }
    const limit = timeLimit(signal, timeoutMs);
    try {
      const parsed = tool.schema.safeParse(call.input);
      if (!parsed.success)
        return failure(`Invalid arguments for ${tool.name}:\n${z.prettifyError(parsed.error)}`);
      const context = this.#contextOf(sessionId, limit.signal);
      const result = await untilAborted(tool.execute(parsed.data, context), limit.signal, ABORT_GRACE_MS);
      if (typeof result?.content !== 'string') return failure(`${tool.name} returned no text.`);
      return valueWithoutHeldSecrets({ ...result });
    } catch (error) {
      if (signal.aborted) return failure('Interrupted by the user before it ended.');
      if (limit.passed) return failure(`${tool.name} did not end within ${timeoutMs} ms and was given up.`);
      return valueWithoutHeldSecrets(failure(`${tool.name} failed: ${messageOf(error)}`));
    } finally {
      limit.stop();
    }
  }

  /** A preview that throws, takes long or answers nonsense is none. */
  async preview(call: ToolCall, sessionId: string, signal: AbortSignal): Promise<ToolResult | undefined> {
    const tool = this.list(sessionId).find(({ name }) => name === call.name);
    if (!tool?.preview || call.invalidInput !== undefined) return undefined;
    const limit = timeLimit(signal, PREVIEW_TIMEOUT_MS);
    try {
      const parsed = tool.schema.safeParse(call.input);
      if (!parsed.success) return undefined;
      const answer = await untilAborted(
        tool.preview(parsed.data, this.#contextOf(sessionId, limit.signal)),
        limit.signal,
      );
      return isPreview(answer) ? valueWithoutHeldSecrets(answer) : undefined;
    } catch {
      return undefined;
    } finally {
      limit.stop();
    }
  }

  #contextOf(sessionId: string, signal: AbortSignal): ToolContext {
    const { cwd, outputDirectory } = this.#options.of(sessionId);
    return {
      cwd,
      sessionId,
      signal,
      files: this.#filesOf(sessionId),
      outputDirectory: sessionOutputDirectory(outputDirectory, sessionId),
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
  return (change?.before === null || typeof change?.before === 'string') && typeof change.after === 'string';
}

function failure(content: string): ToolResult {
  return { content, isError: true };
}

/** The published schema, without the parts that only cost tokens. */
function inputSchema(tool: Tool): Readonly<Record<string, unknown>> {
  const { $schema, additionalProperties, ...schema } = z.toJSONSchema(tool.schema, { io: 'input' });
  return schema;
}
