import {
  type AgentRequestContext,
  agent,
  type ClientCapabilities,
  MessageTooLargeError,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  RequestError,
} from '@agentclientprotocol/sdk';
import type { EditorLine } from './editor-line.js';
import type { AcpHost } from './host.js';
import { refusalOf } from './refusal.js';
import type { AcpSession } from './session.js';
import { AcpSessions } from './sessions.js';

export interface AcpAgentOptions {
  readonly host: AcpHost;
  readonly input: ReadableStream<Uint8Array>;
  readonly output: WritableStream<Uint8Array>;
  readonly version: string;
  /** Ends it, as an editor does that goes away. */
  readonly signal: AbortSignal;
}

/** What one message of the editor may hold: a prompt with pictures. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const authMethods = [
  {
    id: 'key',
    name: 'A key of a model provider',
    description:
      'Set ANTHROPIC_API_KEY, OPENAI_API_KEY or the like in the environment that the editor starts victor in, or apiKeyFile in your settings (victor config path names the file); victor doctor says what is missing.',
  },
];

/**
 * Answers one editor over these streams until it goes away, and rejects when it has broken the protocol so that nothing more
 * can be read. Every turn has ended and everything is stored by then.
 */
export async function serveAgent({ host, input, output, version, signal }: AcpAgentOptions): Promise<void> {
  let capabilities: ClientCapabilities = {};
  let failure: unknown;
  const line: EditorLine = {
    get showsNotices() {
      return Boolean(capabilities.session?.notices);
    },
    // What the editor does not take any more is lost with it; the turn ends when the connection is found to be closed.
    update: (sessionId, update) =>
      connection.client.notify(methods.client.session.update, { sessionId, update }).catch(() => {}),
    async ask(question, cancellationSignal) {
      const method = methods.client.session.requestPermission;
      const { outcome } = await connection.client.request(method, question, { cancellationSignal });
      return outcome.outcome === 'selected' ? outcome.optionId : undefined;
    },
  };
  const sessions = new AcpSessions({ host, line });
  const answer = answering(host);
  /** The editor can be told of a session once it has the answer that names it. */
  const opened = (session: AcpSession) => {
    setImmediate(() => session.announce());
    return session.choices;
  };
  const { agent: method } = methods;
  const app = agent({ name: 'victor' })
    .onRequest(method.initialize, ({ params }) => {
      capabilities = params.clientCapabilities ?? {};
      return {
        protocolVersion: PROTOCOL_VERSION,
        agentInfo: { name: 'victor', title: 'Victor', version },
        agentCapabilities: {
          loadSession: true,
          promptCapabilities: { image: true, audio: false, embeddedContext: true },
          mcpCapabilities: { http: true, sse: false },
          sessionCapabilities: { list: {}, resume: {}, close: {}, additionalDirectories: {} },
        },
        authMethods,
      };
    })
    // A key cannot be given here; the next session finds one that is there by then.
    .onRequest(method.authenticate, () => ({}))
    .onRequest(
      method.session.new,
      answer(async ({ params }) => {
        const session = await sessions.create(params);
        return { sessionId: session.id, ...opened(session) };
      }),
    )
    .onRequest(
      method.session.load,
      answer(async ({ params }) => {
        const session = await sessions.resume(params);
        await session.replay();
        return opened(session);
      }),
    )
    .onRequest(
      method.session.resume,
      answer(async ({ params }) =>
        opened(await sessions.resume({ ...params, mcpServers: params.mcpServers ?? [] })),
      ),
    )
    .onRequest(
      method.session.list,
      answer(async ({ params }) => sessions.list(params.cwd ?? undefined, params.cursor ?? undefined)),
    )
    .onRequest(
      method.session.close,
      answer(async ({ params }) => {
        await sessions.get(params.sessionId);
        await sessions.close(params.sessionId);
        return {};
      }),
    )
    .onRequest(
      method.session.prompt,
      answer(async ({ params, signal }) => {
        // One that is open takes it at once, so that a cancelling right behind finds it.
        const session = sessions.opened(params.sessionId) ?? (await sessions.get(params.sessionId));
        return session.prompt(params.prompt, signal);
      }),
    )
    // Beside the prompt: each handler before costs a step, and what was sent first must come first.
    .onNotification(method.session.cancel, ({ params }) => {
      // A session that is gone has nothing to cancel.
      sessions.opened(params.sessionId)?.cancel();
    })
    .onRequest(
      method.session.setMode,
      answer(async ({ params }) => {
        (sessions.opened(params.sessionId) ?? (await sessions.get(params.sessionId))).setMode(params.modeId);
        return {};
      }),
    )
    .onRequest(
      method.session.setConfigOption,
      answer(async ({ params }) => ({
        configOptions: await (await sessions.get(params.sessionId)).setOption(params.configId, params.value),
      })),
    );
  const stream = ndJsonStream(output, input, { maxMessageBytes: MAX_MESSAGE_BYTES });
  const connection = app.connect(stream);
  const end = () => connection.close();
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  try {
    await connection.closed;
    failure = connection.signal.reason;
  } finally {
    signal.removeEventListener('abort', end);
    await sessions.closeAll();
  }
  if (failure instanceof MessageTooLargeError || failure instanceof TypeError) throw failure;
}

/** Handlers whose failures are told in the words of the protocol. */
function answering(host: AcpHost) {
  return <Params, Answer>(handle: (context: AgentRequestContext<Params>) => Promise<Answer>) =>
    async (context: AgentRequestContext<Params>): Promise<Answer> => {
      try {
        return await handle(context);
      } catch (error) {
        const { code, message } = refusalOf(error, host);
        throw new RequestError(code, message);
      }
    };
}
