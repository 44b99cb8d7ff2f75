import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ContentBlock } from '@modelcontextprotocol/sdk/types.js';
import type { ToolContext, ToolResult } from '../core/tool.js';
import { modelText } from '../tools/model-text.js';
import type { Connection } from './connection.js';
import { toolResult } from './content.js';
import { errorText } from './error-text.js';
import { wantsLogin } from './login/login-needed.js';
import { withOwnSignal } from './own-signal.js';

const DEFAULT_TIMEOUT_MS = 120_000;
/** A call that tells how far it is may take longer, up to this. */
const LONGEST_CALL_MS = 840_000;
const LONGEST_PROGRESS = 200;

export interface ServerCall {
  readonly connection: Connection;
  readonly server: string;
  /** As the server calls it. */
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: ToolContext;
  readonly timeoutMs?: number | undefined;
  /** It is reached over HTTP. */
  readonly isRemote: boolean;
  /** Why the server is gone, where it is. */
  readonly problem: () => string | undefined;
}

/** Calls one tool. What goes wrong is a result, since the model can go on without it; a call is never made twice. */
export async function callTool(call: ServerCall): Promise<ToolResult> {
  const { connection, tool, input, context, timeoutMs = DEFAULT_TIMEOUT_MS } = call;
  const { client, sdk } = connection;
  try {
    const params = { name: tool, arguments: input };
    const options: RequestOptions = {
      timeout: timeoutMs,
      maxTotalTimeout: Math.max(timeoutMs, LONGEST_CALL_MS),
      resetTimeoutOnProgress: true,
      onprogress: ({ progress, total, message }) => {
        const text = message ?? `${progress}${total === undefined ? '' : ` of ${total}`}`;
        context.onOutput?.(`${modelText(text).slice(0, LONGEST_PROGRESS)}\n`);
      },
    };
    const result = await withOwnSignal(context.signal, (signal) =>
      client.request({ method: 'tools/call', params }, sdk.CallToolResultSchema, { ...options, signal }),
    );
    const content = result.content as readonly ContentBlock[];
    const { structuredContent: structured, isError } = result;
    return await toolResult({ content, structured, isError }, context.outputDirectory);
  } catch (error) {
    if (context.signal.aborted) throw error;
    // A server that cannot be reached, or does not know this session any more, is greeted anew with the next call.
    if (call.isRemote && !(error instanceof sdk.McpError)) await client.close().catch(() => {});
    return failed(error, call, timeoutMs);
  }
}

function failed(error: unknown, { connection, server, problem }: ServerCall, timeoutMs: number): ToolResult {
  if (wantsLogin(error, connection.sdk)) {
    const content = `The MCP server ${server} wants the user to log in, and did nothing. Ask them to: victor mcp login ${server}, or /mcp login ${server} in a chat.`;
    return { content, isError: true, summary: 'wants a login' };
  }
  const { McpError, ErrorCode } = connection.sdk;
  const code = error instanceof McpError ? error.code : undefined;
  const lost = problem();
  if (code === ErrorCode.ConnectionClosed || lost !== undefined) {
    const content = `${lost ?? `The MCP server ${server} ended.`} Whether it did what it was asked is not known. The next call starts it again.`;
    return { content, isError: true, unfinished: true, summary: 'the server ended' };
  }
  if (code === ErrorCode.RequestTimeout) {
    const content = `The MCP server ${server} did not answer within ${timeoutMs / 1000} s and was told to stop. It may still be at it.`;
    return { content, isError: true, unfinished: true, summary: 'no answer' };
  }
  const said = `The MCP server ${server} refused the call: ${errorText(error)}`;
  return { content: said, isError: true, summary: 'refused' };
}
