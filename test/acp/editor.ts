import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import {
  type ClientCapabilities,
  type ClientConnection,
  type ContentBlock,
  client,
  type McpServer,
  methods,
  type NewSessionRequest,
  type NewSessionResponse,
  ndJsonStream,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type SessionUpdate,
} from '@agentclientprotocol/sdk';
import { afterFile } from '../helpers/after-file.js';
import { startVictor, temporaryDirectory, type VictorResult } from '../helpers/run-victor.js';

/** What somebody who sits before the editor answers: the id of an option, or nothing. */
export type Answer = (question: RequestPermissionRequest) => string | undefined | Promise<string | undefined>;

export interface EditorOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly answer?: Answer;
}

/** An editor by the official SDK, with `victor acp` as its agent. */
export interface Editor {
  readonly process: ChildProcess;
  readonly agent: ClientConnection['agent'];
  readonly questions: readonly RequestPermissionRequest[];
  readonly updates: readonly (SessionUpdate & { readonly sessionId: string })[];
  /** How it ended. */
  readonly ended: Promise<Pick<VictorResult, 'code' | 'stderr'>>;
  create(request: NewSessionRequest): Promise<NewSessionResponse>;
  open(cwd: string, mcpServers?: readonly McpServer[]): Promise<string>;
  prompt(sessionId: string, text: string | ContentBlock[]): Promise<string>;
  /** What the agent has said in a session. */
  text(sessionId: string): string;
  of<Kind extends SessionUpdate['sessionUpdate']>(
    kind: Kind,
    sessionId?: string,
  ): Extract<SessionUpdate, { sessionUpdate: Kind }>[];
  close(): Promise<Pick<VictorResult, 'code' | 'stderr'>>;
}

export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const { env = {}, args = [], capabilities = {}, answer = () => undefined } = options;
  const child = startVictor(['acp', ...args], { env, holdInput: true, cwd: temporaryDirectory() });
  const stderr: string[] = [];
  child.stderr?.on('data', (chunk) => stderr.push(String(chunk)));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stderr: stderr.join('') })),
  );
  afterFile(() => child.kill('SIGKILL'));
  const questions: RequestPermissionRequest[] = [];
  const updates: (SessionUpdate & { sessionId: string })[] = [];
  const stream = ndJsonStream(
    Writable.toWeb(child.stdin!) as WritableStream<Uint8Array>,
    Readable.toWeb(child.stdout!) as ReadableStream<Uint8Array>,
  );
  const connection = client({ name: 'editor' })
    .onRequest(methods.client.session.requestPermission, async ({ params }) => {
      questions.push(params);
      const optionId = await answer(params);
      return {
        outcome: optionId === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId },
      };
    })
    .onNotification(methods.client.session.update, ({ params }) => {
      updates.push({ ...params.update, sessionId: params.sessionId });
    })
    .connect(stream);
  const { agent } = connection;
  const initialize = { protocolVersion: PROTOCOL_VERSION, clientCapabilities: capabilities };
  await agent.request(methods.agent.initialize, initialize);
  const of: Editor['of'] = (kind, sessionId) =>
    updates.filter(
      (one) => one.sessionUpdate === kind && (sessionId === undefined || one.sessionId === sessionId),
    ) as never;
  const create = (request: NewSessionRequest) => agent.request(methods.agent.session.new, request);
  return {
    ...{ create, process: child, agent, questions, updates, ended, of },
    async open(cwd, mcpServers = []) {
      return (await create({ cwd, mcpServers: [...mcpServers] })).sessionId;
    },
    async prompt(sessionId, text) {
      const prompt: ContentBlock[] = typeof text === 'string' ? [{ type: 'text', text }] : text;
      return (await agent.request(methods.agent.session.prompt, { sessionId, prompt })).stopReason;
    },
    text: (sessionId) =>
      of('agent_message_chunk', sessionId)
        .map(({ content }) => (content.type === 'text' ? content.text : ''))
        .join(''),
    async close() {
      child.stdin?.end();
      return ended;
    },
  };
}
