import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Attachment } from '../core/attachment.js';
import type { Coordinators } from '../core/coordinator.js';
import { dataBlock } from '../core/data-block.js';
import { errorData } from '../core/errors.js';
import { newId } from '../core/id.js';
import type { ToolCall } from '../core/message.js';
import type { ToolResult } from '../core/tool.js';
import type { ServerResources } from '../core/tool-servers.js';
import { findMentions, linesOf, looksLikeFile, type Mention } from './find-mentions.js';

/** More of one message are named and not read. */
const mostMentions = 20;
/** UTF-16 units of all attachments of a message together. */
const mostText = 160_000;

export interface AttachOptions {
  /** Absolute path that mentions start from. */
  readonly cwd: string;
  readonly sessionId: string;
  readonly signal: AbortSignal;
  readonly coordinators: Pick<Coordinators, 'permission' | 'tool'>;
  /** What servers have to read: `@server:uri`. */
  readonly resources?: ServerResources | undefined;
}

export interface AttachedMentions {
  readonly attachments: readonly Attachment[];
  /** A sentence for each that is there and was not attached: why; and one for all that look like files and are not there. */
  readonly left: readonly string[];
}

/**
 * What the files and folders are that a message mentions, read by the tools of the session as if the model had called them: what
 * Read would be refused is refused here, and what it would ask about is asked. A mention of nothing that is there is no mention.
 */
export async function attachMentions(text: string, options: AttachOptions): Promise<AttachedMentions> {
  const attachments: Attachment[] = [];
  const left: string[] = [];
  const missing: string[] = [];
  let size = 0;
  for (const mention of findMentions(text)) {
    if (options.signal.aborted) break;
    const found = (await firstThere(mention, options.cwd)) ?? firstResource(mention, options.resources);
    if (!found && looksLikeFile(mention)) missing.push(`@${mention.at(-1)}`);
    if (!found || attachments.some(({ name }) => name === found.name)) continue;
    if (attachments.length >= mostMentions) {
      left.push(`@${found.name} is not attached: at most ${mostMentions} are.`);
      continue;
    }
    const read = 'path' in found ? await readOne(found, options) : await readResource(found, options);
    if ('why' in read) left.push(`@${found.name} is not attached: ${read.why}`);
    else if (size + read.text.length > mostText)
      left.push(`@${found.name} is not attached: all together would be too long.`);
    else {
      attachments.push(read);
      size += read.text.length;
    }
  }
  if (missing.length > 0) left.push(notFound(missing));
  return { attachments, left };
}

/** So many that are not there are named. */
const mostNamed = 5;

function notFound(missing: readonly string[]): string {
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
  const named = `${missing.slice(0, mostNamed).join(', ')}${more}`;
  return `${named} ${missing.length === 1 ? 'is' : 'are'} not there, so nothing of that went along.`;
}

interface Found {
  /** As it was mentioned. */
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a file: only these lines. */
  readonly lines?: { readonly from: number; readonly to: number };
}

/** A file of exactly that name comes before one of which lines are named. */
async function firstThere(mention: Mention, cwd: string): Promise<Found | undefined> {
  for (const name of mention) {
    const whole = await statsOf(name, cwd);
    if (whole) return { name, path: name, isFolder: whole.isDirectory() };
    const lines = linesOf(name);
    const part = lines && (await statsOf(lines.path, cwd));
    if (part?.isFile()) return { name, path: lines!.path, isFolder: false, lines: lines! };
  }
  return undefined;
}

/** The user named it, so nobody is asked: what a server has to read is less than what it may do. */
function firstResource(
  mention: Mention,
  resources: ServerResources | undefined,
): { name: string } | undefined {
  const name = mention.at(-1) ?? '';
  return resources?.isOne(name) ? { name } : undefined;
}

async function readResource(
  { name }: { readonly name: string },
  { resources, signal }: AttachOptions,
): Promise<Attachment | { why: string }> {
  try {
    return await resources!.read(name, signal);
  } catch (error) {
    return { why: errorData(error).message };
  }
}

async function statsOf(name: string, cwd: string) {
  const stats = name.includes('\0') ? undefined : await stat(resolve(cwd, name)).catch(() => undefined);
  return stats?.isFile() || stats?.isDirectory() ? stats : undefined;
}

async function readOne(found: Found, options: AttachOptions): Promise<Attachment | { why: string }> {
  const { sessionId, signal } = options;
  const { permission, tool } = options.coordinators;
  const { path, isFolder, lines } = found;
  const window = lines ? { offset: lines.from, limit: lines.to - lines.from + 1 } : {};
  const call: ToolCall = { id: newId(), name: isFolder ? 'List' : 'Read', input: { path, ...window } };
  const { leadsTo, ...decision } = await permission.decide(call, sessionId);
  if (decision.verdict === 'deny') return { why: decision.reason };
  if (decision.verdict === 'ask') {
    const { allowed, feedback } = await permission.ask(call, decision, sessionId, signal);
    if (!allowed) return { why: feedback ?? decision.reason };
  }
  const result = await tool.execute(call, sessionId, signal, leadsTo);
  return result.isError ? { why: firstLine(result) } : attachmentOf(found, result);
}

function attachmentOf({ name, path, isFolder, lines }: Found, result: ToolResult): Attachment {
  const { content, summary = '', images } = result;
  return {
    name,
    summary,
    text: dataBlock(isFolder ? 'folder' : 'file', content, {
      path,
      ...(lines ? { lines: `${lines.from}-${lines.to}` } : {}),
    }),
    ...(images?.length ? { images } : {}),
  };
}

function firstLine({ content }: ToolResult): string {
  return content.split('\n', 1)[0] ?? '';
}
