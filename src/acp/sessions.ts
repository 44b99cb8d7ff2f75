import { isAbsolute } from 'node:path';
import type { LoadSessionRequest, NewSessionRequest, SessionInfo } from '@agentclientprotocol/sdk';
import { KeyedQueue } from '../core/keyed-queue.js';
import type { Chosen } from './choices.js';
import { clientServers } from './client-servers.js';
import type { EditorLine } from './editor-line.js';
import type { AcpHost } from './host.js';
import { Questions } from './questions.js';
import { Refusal } from './refusal.js';
import { AcpSession } from './session.js';

/** So many are open at once: each has its own settings, database connection and servers. */
const MOST_SESSIONS = 16;
/** So many more are opened again when the editor speaks of them. */
const MOST_PARKED = 1_000;
const PAGE = 50;
/** No id of a session. */
const OPENING = '\0';

export interface AcpSessionsOptions {
  readonly host: AcpHost;
  readonly line: EditorLine;
}

type Opening = Pick<NewSessionRequest, 'cwd' | 'mcpServers' | 'additionalDirectories'>;

interface Parked {
  readonly request: Opening;
  readonly chosen: Chosen;
}

/** The sessions that an editor has open here. */
export class AcpSessions {
  readonly #with: AcpSessionsOptions;
  /** The one that was used last is the last. */
  readonly #open = new Map<string, AcpSession>();
  /** Sessions that made room for others: editors that never close one go on with them as if nothing had been. */
  readonly #parked = new Map<string, Parked>();
  readonly #places = new KeyedQueue();
  #closed = false;

  constructor(options: AcpSessionsOptions) {
    this.#with = options;
  }

  /** The session of this id, where nothing has to be waited for. */
  opened(id: string): AcpSession | undefined {
    const session = this.#open.get(id);
    if (!session) return undefined;
    this.#open.delete(id);
    this.#open.set(id, session);
    return session;
  }

  /** The session of this id, opened again where it made room for another one. Rejects with a `Refusal` for any other. */
  async get(id: string): Promise<AcpSession> {
    const session = this.opened(id);
    if (session) return session;
    const release = await this.#places.acquire(id);
    try {
      return this.opened(id) ?? (await this.#wake(id));
    } finally {
      release();
    }
  }

  /** One that the editor knows of only when it has the answer. */
  create(request: NewSessionRequest): Promise<AcpSession> {
    return this.#openOne(request, undefined);
  }

  /** One that is stored. What is open already is opened anew, with what the editor says now. */
  async resume(request: LoadSessionRequest): Promise<AcpSession> {
    const { sessionId } = request;
    const release = await this.#places.acquire(sessionId);
    try {
      if (this.#open.get(sessionId)?.busy)
        throw new Refusal('request', `Session ${sessionId} is still working.`, 'Cancel that first.');
      const stored = await this.#with.host.history((sessions) => sessions.getSession(sessionId));
      if (!stored)
        throw new Refusal(
          'not-found',
          `There is no session ${sessionId}.`,
          'victor sessions list shows all.',
        );
      await this.close(sessionId);
      return await this.#openOne(request, sessionId);
    } finally {
      release();
    }
  }

  /** What is stored, newest first. */
  async list(cwd: string | undefined, cursor: string | undefined) {
    const from = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isSafeInteger(from) || from < 0) throw new Refusal('params', 'This cursor is from nowhere.');
    const limit = from + PAGE + 1;
    const which = { ...(cwd === undefined ? {} : { cwd }), limit };
    const found = (await this.#with.host.history((all) => all.listSessions(which))).slice(from);
    const sessions = found.slice(0, PAGE).map(({ id, cwd, title, updatedAt }): SessionInfo => {
      const clean = this.#with.host.cleaner();
      return { sessionId: id, cwd, title: clean.push(title), updatedAt: new Date(updatedAt).toISOString() };
    });
    return { sessions, ...(found.length > PAGE ? { nextCursor: String(from + PAGE) } : {}) };
  }

  async close(id: string): Promise<void> {
    const session = this.#open.get(id);
    this.#open.delete(id);
    this.#parked.delete(id);
    await session?.close();
  }

  async closeAll(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open.keys()].map((id) => this.close(id)));
  }

  async #wake(id: string): Promise<AcpSession> {
    const parked = this.#parked.get(id);
    if (!parked) throw new Refusal('not-found', `Session ${id} is not open here.`, 'Load it first.');
    const session = await this.#openOne(parked.request, id);
    this.#parked.delete(id);
    await session.choose(parked.chosen);
    session.announce();
    return session;
  }

  async #openOne(request: Opening, sessionId: string | undefined): Promise<AcpSession> {
    const { cwd, additionalDirectories = [] } = request;
    const relativeOne = [cwd, ...additionalDirectories].find((path) => !isAbsolute(path));
    if (relativeOne !== undefined)
      throw new Refusal('params', `${relativeOne} is no absolute path.`, 'Name folders in full.');
    // One after the other, so that each finds the room that is left.
    const release = await this.#places.acquire(OPENING);
    try {
      await this.#makeRoom();
      return await this.#make(request, sessionId);
    } finally {
      release();
    }
  }

  /** Parks those that were used least of late, of which none works or has a command in the background, which would end. */
  async #makeRoom(): Promise<void> {
    while (this.#open.size >= MOST_SESSIONS) {
      const idle = [...this.#open.values()].find((session) => session.idle);
      if (!idle)
        throw new Refusal(
          'request',
          `${MOST_SESSIONS} sessions are working, or run commands in the background.`,
          'Wait for one of them, or close one.',
        );
      const { id, request, chosen } = idle;
      this.#open.delete(id);
      this.#parked.set(id, { request, chosen });
      const [oldest] = this.#parked.keys();
      if (this.#parked.size > MOST_PARKED && oldest !== undefined) this.#parked.delete(oldest);
      await idle.close();
    }
  }

  async #make(request: Opening, known: string | undefined): Promise<AcpSession> {
    const { host, line } = this.#with;
    const { cwd, additionalDirectories = [] } = request;
    const clean = (text: string) => host.cleaner().push(text);
    // No question comes before the first turn, and then there is a session to put it to.
    const questions = new Questions({
      ask: (question, signal) => session.ask(question, signal),
      shown: (one) => session.shown(one),
      answered: (one, approval) => session.answered(one, approval),
      clean,
    });
    const { orchestrator, prompts, notices } = await host.open({
      ...{ cwd, additionalDirectories, mcpServers: clientServers(request.mcpServers) },
      ...(known === undefined ? {} : { sessionId: known }),
      onApproval: questions.request,
    });
    const sessionId = known ?? orchestrator.sessionId;
    if (this.#closed) {
      await orchestrator.close();
      throw new Refusal('request', 'Victor is ending.');
    }
    const models = host.models(orchestrator, sessionId);
    const cleaner = () => host.cleaner();
    const session = new AcpSession({
      ...{ orchestrator, prompts, sessionId, request, line, cleaner, models, notices },
    });
    this.#open.set(sessionId, session);
    return session;
  }
}
