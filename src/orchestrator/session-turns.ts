import type { Settings } from '../config/schema.js';
import type { Attachment } from '../core/attachment.js';
import type { Compaction, CompactionPreview, Coordinators, Uncompaction } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import type { ToolServers } from '../core/tool-servers.js';
import type { Turn } from '../core/turn.js';
import { untilAborted } from '../core/until-aborted.js';
import type { EventPublisher } from '../event-publisher.js';
import type { SettingsInForce } from '../live-settings/settings-in-force.js';
import { attachMentions } from '../mentions/attach-mentions.js';
import { modelFacts } from '../providers/catalogue.js';
import type { SessionSettings } from '../session-settings.js';
import type { SessionSpending } from '../spending/session-spending.js';
import { compactSession } from './compact-session.js';
import { newTurn } from './new-turn.js';
import type { OpenedSessions } from './opened-sessions.js';
import type { ChatOptions } from './options.js';
import { previewCompaction } from './preview-compaction.js';
import { type UncompactOptions, uncompactSession } from './uncompact-session.js';

export interface SessionTurnsOptions {
  readonly coordinators: Pick<
    Coordinators,
    'chat' | 'context' | 'permission' | 'provider' | 'session' | 'tool'
  >;
  readonly events: EventPublisher;
  readonly sessions: OpenedSessions;
  readonly settings: SessionSettings;
  readonly spending: Pick<SessionSpending, 'begin' | 'end'>;
  readonly inForce: Pick<SettingsInForce, 'settings' | 'turnStarts' | 'turnEnded'>;
  /** The sessions in a turn, kept here. */
  readonly running: Map<string, AbortSignal>;
  readonly cwd: string;
  readonly toolServers: ToolServers | undefined;
}

/** Turns of sessions, each from its place in the queue to its end. */
export class SessionTurns {
  readonly #with: SessionTurnsOptions;
  readonly #resetMeanwhile = new Set<string>();
  readonly #turns = new Map<string, Turn>();

  constructor(options: SessionTurnsOptions) {
    this.#with = options;
  }

  /** One turn as it happens. On a failure the last event is `turn-error`, and then the error is thrown. */
  async *stream(text: string, sessionId: string, options: ChatOptions): AsyncGenerator<VictorEvent, void> {
    const { coordinators, events, sessions, spending, inForce, running } = this.#with;
    // A caller who stops listening stops the turn; so does their signal.
    const controller = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
    const release = await sessions.place(sessionId, signal);
    events.turnStarts(sessionId);
    try {
      await this.#with.settings.refuseEarly(sessionId);
      await sessions.open(sessionId);
      await this.takeSaved(sessionId);
      // Before the turn counts as running: what has come by now is offered in it.
      await this.#with.toolServers?.ready(signal);
      running.set(sessionId, controller.signal);
      const settings = await untilAborted(this.#with.settings.of(sessionId), signal);
      const attachments = await this.#attach(options, sessionId, signal);
      yield* events.takeAside(sessionId);
      const turn = this.#turn(text, sessionId, settings, attachments, options);
      this.#turns.set(sessionId, turn);
      for await (const event of coordinators.chat.run(turn, signal)) {
        await events.publish(event);
        yield* events.takeAside(sessionId);
        yield event;
      }
      yield* events.takeAside(sessionId);
    } finally {
      controller.abort();
      running.delete(sessionId);
      this.#turns.delete(sessionId);
      spending.end(sessionId);
      events.turnEnds(sessionId);
      // What the turn still added after a reset goes with the rest.
      if (this.#resetMeanwhile.delete(sessionId)) await coordinators.session.resetSession(sessionId);
      release();
      inForce.turnEnded();
    }
  }

  /** The turn that runs in a session. */
  turnOf(sessionId: string): Turn | undefined {
    return this.#turns.get(sessionId);
  }

  /** Compacts a session between two turns; `focus` is what its current task is taken to be. */
  async compact(sessionId: string, focus?: string): Promise<Compaction> {
    const { coordinators, events, sessions, settings, spending, inForce } = this.#with;
    const release = await sessions.enter(sessionId);
    try {
      await this.takeSaved(sessionId);
      spending.begin(sessionId, settings.budgets(inForce.settings, sessionId));
      return await compactSession(coordinators.context, events, sessionId, focus);
    } finally {
      spending.end(sessionId);
      release();
    }
  }

  /** What compacting would do, as the session is between two turns. */
  async previewCompaction(sessionId: string, focus?: string): Promise<CompactionPreview> {
    const release = await this.#with.sessions.enter(sessionId);
    try {
      return await previewCompaction(this.#with.coordinators.context, sessionId, focus);
    } finally {
      release();
    }
  }

  /** Takes the last compaction back between two turns. */
  async uncompact(
    sessionId: string,
    options: Pick<UncompactOptions, 'store' | 'report'>,
  ): Promise<Uncompaction> {
    const { coordinators, events, sessions } = this.#with;
    const release = await sessions.enter(sessionId);
    try {
      return await uncompactSession({ ...options, context: coordinators.context, events }, sessionId);
    } finally {
      release();
    }
  }

  /** The boundary of a turn: what was saved by now holds for it. */
  async takeSaved(sessionId: string): Promise<void> {
    this.#with.settings.tightenMode(sessionId);
    await this.#with.inForce.turnStarts(sessionId);
  }

  /** Clears the session's context; while a turn runs in it, once more when that ends. */
  async reset(sessionId: string): Promise<boolean> {
    const { coordinators, events, running } = this.#with;
    if (running.has(sessionId)) this.#resetMeanwhile.add(sessionId);
    const known = await coordinators.session.resetSession(sessionId);
    if (known) await events.emit({ type: 'session-reset' }, sessionId);
    return known;
  }

  /** What the text mentions; the user is told what of it is not read, and whether the model can see the pictures. */
  async #attach(
    { mentions = '', attachments: given = [], images = [] }: ChatOptions,
    sessionId: string,
    signal: AbortSignal,
  ): Promise<readonly Attachment[]> {
    if (!mentions.includes('@') && given.length + images.length === 0) return [];
    const { coordinators, events, cwd, toolServers } = this.#with;
    const resources = toolServers?.resources;
    // An abort ends it early, and the turn says so.
    const found = await attachMentions(mentions, { cwd, sessionId, signal, coordinators, resources });
    const { left } = found;
    const attachments = [...given, ...found.attachments];
    const { model } = coordinators.provider.current(sessionId);
    const pictures = [...images, ...attachments.flatMap((one) => one.images ?? [])];
    const unseen = pictures.length > 0 && !modelFacts(model).images;
    const remarks = unseen ? [...left, `${model} cannot see pictures; it is told that there is one.`] : left;
    for (const remark of remarks)
      await events.emit({ type: 'notice', level: 'warning', text: remark }, sessionId);
    return attachments;
  }

  #turn(
    text: string,
    sessionId: string,
    settings: Settings,
    attachments: readonly Attachment[],
    options: ChatOptions,
  ) {
    const { spending, cwd } = this.#with;
    const budget = spending.begin(sessionId, this.#with.settings.budgets(settings, sessionId));
    return newTurn({ text, sessionId, settings, cwd, attachments, budget, options });
  }
}
