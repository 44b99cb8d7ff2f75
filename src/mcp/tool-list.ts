import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '../core/describe-failure.js';
import type { Tool } from '../core/tool.js';
import type { ToolApprovals, ToolHashes } from '../core/tool-approvals.js';
import type { ServerTool } from '../core/tool-servers.js';
import { cutLine, modelText, plural } from '../tools/model-text.js';
import { cleanSchema } from './clean-schema.js';
import { hashOf } from './hash-of.js';
import { PacedNotices } from './paced-notices.js';
import { type CallServer, identityOf, serverTool } from './server-tool.js';
import { toolName } from './tool-name.js';
import { LONGEST_TOOL_NAME, usableTools } from './usable-tools.js';

export interface ToolListOptions {
  readonly server: string;
  /** Of the whole definition as it is written. */
  readonly hash: string;
  readonly approved: ToolApprovals;
  readonly call: CallServer;
  readonly onNotice: (text: string) => void;
}

/** A server may add tools, once it has seen what its client can do, for so long after its first list. */
const FIRST_RUN_MS = 10_000;
/** So many approvals are kept of one server; of what it does not have now, the latest. */
const MOST_KEPT = 1_000;

/**
 * The tools of one server, as the user approved them. Those that it has at the beginning of its first run, before any is called,
 * are approved with it; what changes or is added later waits for the user. A tool that was offered stays in the list, so that what a provider has cached stays valid.
 */
export class ToolList {
  readonly #options: ToolListOptions;
  /** By the name that the server gives it. */
  readonly #offered = new Map<string, Tool>();
  /** As the model calls them. */
  #names = new Set<string>();
  #listed: readonly ListedTool[] = [];
  #waiting: ReadonlySet<string> = new Set();
  /** When tools are not approved unseen any more, on the clock of `performance`. */
  #firstRunEndsAt = 0;
  readonly #notices: PacedNotices;

  constructor(options: ToolListOptions) {
    this.#options = options;
    this.#notices = new PacedNotices(options.onNotice);
  }

  get tools(): readonly Tool[] {
    return [...this.#offered.values()];
  }

  /** What the server has now, and whether it is what was approved. */
  get shown(): readonly ServerTool[] {
    return this.#listed.map((listed) => {
      const tool = this.#offered.get(listed.name) ?? this.#toolOf(listed);
      const { name = listed.name, description = '' } = tool ?? {};
      const changed = this.#waiting.has(listed.name);
      return { name, description, changed, ...(changed ? { now: wholeOf(listed) } : {}) };
    });
  }

  /** Why a tool is not called now; `undefined` when it may be. */
  refusal(tool: string): string | undefined {
    const { server: name } = this.#options;
    if (this.#waiting.has(tool))
      return `This tool has changed since the user approved it, so it is not called. The user can approve it as it is now with /mcp approve ${name}.`;
    if (this.#listed.some((one) => one.name === tool)) return undefined;
    return `The MCP server ${name} has no such tool any more. Go on without it.`;
  }

  /** What the server lists now. */
  take(listed: readonly ListedTool[]): void {
    const { hash, approved } = this.#options;
    const { tools, repeated, tooLong } = usableTools(listed);
    this.#listed = tools;
    this.#tellLeftOut(repeated, tooLong);
    const before = approved.of(hash);
    if (before === undefined) this.#firstRunEndsAt = performance.now() + FIRST_RUN_MS;
    const isFirstRun = performance.now() < this.#firstRunEndsAt;
    const differs = tools.filter((tool) => before?.[keyOf(tool)] !== identityOf(hash, tool));
    const isKnown = (tool: ListedTool) => before !== undefined && Object.hasOwn(before, keyOf(tool));
    const waiting = differs.filter((tool) => !isFirstRun || isKnown(tool));
    this.#waiting = new Set(waiting.map(({ name }) => name));
    const added = differs.filter((tool) => !this.#waiting.has(tool.name));
    if (before === undefined || added.length > 0) this.#keep({ ...before, ...this.#hashes(added) });
    if (before !== undefined && added.length > 0) this.#tellAdded(added.map(({ name }) => name));
    this.#offer();
    this.#tellWaiting();
  }

  /** What is there now is what the user approves; answers what waited for that. */
  approve(): readonly string[] {
    const waited = [...this.#waiting];
    this.#waiting = new Set();
    for (const name of waited) this.#offered.delete(name);
    this.#names = new Set(this.tools.map(({ name }) => name));
    this.#notices.forget('waiting');
    this.#firstRunEndsAt = 0;
    this.#keep(this.#hashes(this.#listed));
    this.#offer();
    return waited;
  }

  #offer(): void {
    const { server } = this.#options;
    const unusable: string[] = [];
    for (const listed of this.#listed) {
      if (this.#waiting.has(listed.name) || this.#offered.has(listed.name)) continue;
      const tool = this.#toolOf(listed);
      if (tool) {
        this.#offered.set(listed.name, tool);
        this.#names.add(tool.name);
      } else unusable.push(listed.name);
    }
    if (unusable.length > 0)
      this.#notices.say(
        'unusable',
        `The MCP server ${server} has tools whose input cannot be described to a model: ${named(unusable)}.`,
      );
  }

  #toolOf(listed: ListedTool): Tool | undefined {
    const { server, hash, call } = this.#options;
    const name = toolName(server, listed.name, this.#names);
    const identity = identityOf(hash, listed);
    const callNow: CallServer = (...given) => {
      this.#firstRunEndsAt = 0;
      return call(...given);
    };
    return serverTool({ server, name, listed, identity, call: callNow });
  }

  #hashes(tools: readonly ListedTool[]): ToolHashes {
    const { hash } = this.#options;
    return Object.fromEntries(tools.map((tool) => [keyOf(tool), identityOf(hash, tool)]));
  }

  #keep(tools: ToolHashes): void {
    const { server, hash, approved } = this.#options;
    const now = new Set(this.#listed.map(keyOf));
    // What the server has now comes last, and the last are kept.
    const inOrder = Object.entries(tools).sort(([a], [b]) => Number(now.has(a)) - Number(now.has(b)));
    try {
      approved.keep(server, hash, Object.fromEntries(inOrder.slice(-MOST_KEPT)));
    } catch (error) {
      this.#notices.say(
        'not kept',
        `What the tools of ${server} are now cannot be kept, and holds for this run: ${messageOf(error)}`,
      );
    }
  }

  #tellLeftOut(repeated: readonly string[], tooLong: number): void {
    const { server } = this.#options;
    if (repeated.length > 0)
      this.#notices.say(
        'repeated',
        `The MCP server ${server} names tools more than once, and only the first of each counts: ${named(repeated)}.`,
      );
    if (tooLong > 0)
      this.#notices.say(
        'too long',
        `The MCP server ${server} has ${plural(tooLong, 'tool')} with a name of more than ${LONGEST_TOOL_NAME} characters, which cannot be called.`,
      );
  }

  #tellAdded(names: readonly string[]): void {
    const { server } = this.#options;
    this.#notices.say(
      'added',
      `The MCP server ${server} added tools as it started for the first time, and they are approved with it: ${named(names)}.`,
    );
  }

  #tellWaiting(): void {
    const { server } = this.#options;
    if (this.#waiting.size === 0) this.#notices.forget('waiting');
    else
      this.#notices.say(
        'waiting',
        `The MCP server ${server} has other tools than you approved, which are not called: ${named([...this.#waiting])}. victor mcp test ${server} shows them, victor mcp approve ${server} (in the chat /mcp approve) takes them.`,
      );
  }
}

const mostNamed = 8;

function named(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return `${names.slice(0, mostNamed).map(modelText).join(', ')}${more}`;
}

/** Longer than any description that somebody would read; a model gets less. */
const LONGEST_SHOWN = 20_000;

/** All that a tool says of itself, as a user may read it. */
function wholeOf({ description = '', inputSchema }: ListedTool): NonNullable<ServerTool['now']> {
  const schema = cleanSchema(inputSchema);
  return {
    description: cutLine(modelText(description), LONGEST_SHOWN),
    ...(schema ? { inputSchema: schema } : {}),
  };
}

/** A server chooses its names, and a record of them must not grow with them. */
function keyOf({ name }: ListedTool): string {
  return hashOf(name);
}
