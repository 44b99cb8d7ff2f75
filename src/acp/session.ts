import type {
  ContentBlock,
  NewSessionRequest,
  PromptResponse,
  RequestPermissionRequest,
  SessionUpdate,
} from '@agentclientprotocol/sdk';
import { runningTasks } from '../core/background-tasks.js';
import type { Approval } from '../core/decision.js';
import type { VictorEvent } from '../core/event.js';
import { untilAborted } from '../core/until-aborted.js';
import type { AgentOrchestrator, ApprovalRequest } from '../orchestrator.js';
import { type Chosen, configOptions, modeNamed, modeState } from './choices.js';
import { type CommandResult, runCommand } from './commands.js';
import type { EditorLine } from './editor-line.js';
import { historyUpdates } from './history.js';
import type { Cleaner, OpenedSession } from './host.js';
import { promptContent } from './prompt-content.js';
import { Refusal } from './refusal.js';
import { SessionNews } from './session-news.js';
import { stopReasonOf } from './stop-reason.js';
import { TurnUpdates } from './turn-updates.js';

export interface AcpSessionOptions {
  readonly orchestrator: AgentOrchestrator;
  readonly prompts: OpenedSession['prompts'];
  readonly sessionId: string;
  /** What the editor opened it with. */
  readonly request: Pick<NewSessionRequest, 'cwd' | 'mcpServers' | 'additionalDirectories'>;
  readonly line: EditorLine;
  readonly cleaner: () => Cleaner;
  readonly models: readonly string[];
  readonly notices: readonly string[];
}

/** One conversation of an editor. */
export class AcpSession {
  readonly id: string;
  readonly #with: AcpSessionOptions;
  readonly #updates: TurnUpdates;
  readonly #news: SessionNews;
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;
  #running: AbortController | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #announced = false;
  #outputSent: Promise<void> | undefined;

  constructor(options: AcpSessionOptions) {
    this.#with = options;
    this.id = options.sessionId;
    const { orchestrator, request, cleaner, notices } = options;
    const { cwd } = request;
    this.#updates = new TurnUpdates({
      ...{ cwd, cleaner },
      findTool: (name) => orchestrator.coordinators.tool.list(this.id).find((one) => one.name === name),
      costUsd: () => orchestrator.coordinators.metrics.snapshot(this.id).costUsd,
    });
    this.#news = new SessionNews({
      ...{ orchestrator, sessionId: this.id, notices, prompts: options.prompts, clean: this.clean },
      showsNotices: () => options.line.showsNotices,
      send: (update) => this.#send(update),
    });
    this.#unsubscribe = orchestrator.subscribe((event) => this.#onEvent(event));
  }

  get request(): AcpSessionOptions['request'] {
    return this.#with.request;
  }

  /** A turn runs in it. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Nothing of it would end with it. */
  get idle(): boolean {
    return !this.busy && runningTasks(this.#with.orchestrator.backgroundTasks?.list(this.id)) === 0;
  }

  get clean(): (text: string) => string {
    return this.#updates.clean;
  }

  /** What can be chosen in it, for the answer that opens it. */
  get choices() {
    const chosen = this.chosen;
    return { modes: modeState(chosen.mode), configOptions: configOptions(chosen, this.#with.models) };
  }

  get chosen(): Chosen {
    const { provider, mode } = this.#with.orchestrator.coordinators;
    const { provider: name, model } = provider.current(this.id);
    return { mode: mode.current(this.id), model: `${name}/${model}` };
  }

  /** The editor knows it now, so that it can be told of it. Starts what takes its time. */
  announce(): void {
    if (this.#closing.signal.aborted) return;
    this.#announced = true;
    void this.#news.tellCommands();
    const servers = this.#with.orchestrator.toolServers;
    void servers?.ready(this.#closing.signal).then(() => {
      if (!this.#closing.signal.aborted) void this.#news.tellCommands();
    });
    if (this.#with.line.showsNotices) void this.#news.tellNotes();
  }

  /** Everything that was said in it, to the editor. */
  async replay(): Promise<void> {
    const { orchestrator } = this.#with;
    const { cwd } = this.request;
    const log = await orchestrator.store.sessions.readLog(this.id);
    const tools = orchestrator.coordinators.tool.list();
    for (const update of historyUpdates(log, { cwd, tools, clean: this.clean })) await this.#send(update);
  }

  async prompt(blocks: readonly ContentBlock[], asked: AbortSignal): Promise<PromptResponse> {
    if (this.#running) {
      throw new Refusal(
        'request',
        'This session is still working.',
        'Cancel that first, or wait for its end.',
      );
    }
    const controller = new AbortController();
    this.#running = controller;
    const cancel = () => controller.abort();
    asked.addEventListener('abort', cancel, { once: true });
    const turn = this.#run(blocks, controller.signal);
    this.#turn = turn.catch(() => {});
    try {
      return await turn;
    } catch (error) {
      if (controller.signal.aborted) return { stopReason: 'cancelled' };
      throw error;
    } finally {
      asked.removeEventListener('abort', cancel);
      this.#running = undefined;
    }
  }

  cancel(): void {
    this.#running?.abort();
  }

  setMode(id: string): void {
    this.#with.orchestrator.setMode(modeNamed(id), this.id);
  }

  async setOption(id: string, value: unknown) {
    if (typeof value !== 'string') throw new Refusal('params', `${id} takes one of its values.`);
    if (id === 'mode') this.setMode(value);
    else if (id === 'model') await this.#with.orchestrator.switchProvider(value, this.id);
    else throw new Refusal('params', `There is no option ${id}.`, 'There are mode and model.');
    return this.choices.configOptions;
  }

  /** Chooses again what was chosen before. */
  async choose({ mode, model }: Chosen): Promise<void> {
    if (mode !== this.chosen.mode) this.#with.orchestrator.setMode(mode, this.id);
    if (model !== this.chosen.model) await this.#with.orchestrator.switchProvider(model, this.id);
  }

  /** How a question is put to the user of the editor. */
  async ask(
    question: Omit<RequestPermissionRequest, 'sessionId'>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    return this.#with.line.ask({ ...question, sessionId: this.id }, signal);
  }

  /** The call that is asked about; one that the editor has not heard of is told first. */
  shown({ call, title, decision }: ApprovalRequest) {
    const told = this.#updates.aside(call, title);
    if (told) void this.#send(told);
    return this.#updates.asked(call, title, decision);
  }

  answered({ call }: ApprovalRequest, { allowed }: Approval): void {
    const update = this.#updates.answered(call, allowed);
    if (update) void this.#send(update);
  }

  /** Ends what runs in it, with all that was done kept. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.cancel();
    await this.#turn;
    this.#unsubscribe();
    await this.#with.orchestrator.close();
  }

  async #run(blocks: readonly ContentBlock[], signal: AbortSignal): Promise<PromptResponse> {
    const { orchestrator } = this.#with;
    const { cwd } = this.request;
    const { text, ...along } = promptContent(blocks, cwd);
    await untilAborted(this.#news.tellNotes(), signal);
    const options = { sessionId: this.id, signal, ...along };
    const command = await untilAborted(runCommand(text, this.#with, options), signal);
    const result: CommandResult = command ?? orchestrator.stream(text, options);
    if (typeof result === 'string') {
      const content = { type: 'text', text: this.clean(result) } as const;
      await this.#sendUnless(signal, { sessionUpdate: 'agent_message_chunk', content });
      return { stopReason: 'end_turn' };
    }
    let stopReason: PromptResponse['stopReason'] = 'end_turn';
    for await (const event of result) {
      for (const update of this.#updates.of(event)) await this.#sendUnless(signal, update);
      if (event.type === 'turn-end') stopReason = stopReasonOf(event);
    }
    await this.#sendUnless(signal, undefined);
    void this.#news.tellCommands();
    void this.#news.tellTitle();
    return { stopReason: signal.aborted ? 'cancelled' : stopReason };
  }

  /** What happens in the session, also while no turn runs. */
  #onEvent(event: VictorEvent): void {
    if (event.sessionId !== this.id) return;
    if (this.#news.take(event)) {
      if (this.#announced && (this.#with.line.showsNotices || this.#running)) void this.#news.tellNotes();
      return;
    }
    const ended = this.#updates.heard(event);
    if (ended) void this.#send(ended);
    if (event.type === 'tool-output') this.#output(event);
    if (!this.#announced || (event.type !== 'mode-change' && event.type !== 'provider-change')) return;
    const { modes, configOptions } = this.choices;
    if (event.type === 'mode-change')
      void this.#send({ sessionUpdate: 'current_mode_update', currentModeId: modes.currentModeId });
    void this.#send({ sessionUpdate: 'config_option_update', configOptions });
  }

  /** Each replaces the one before, so one that the editor has not taken yet is enough. */
  #output(event: VictorEvent & { type: 'tool-output' }): void {
    if (this.#outputSent) return;
    const update = this.#updates.output(event);
    if (!update) return;
    this.#outputSent = this.#send(update).finally(() => {
      this.#outputSent = undefined;
    });
  }

  /** Waits until the editor has taken it, unless the turn is to end: then nobody waits for an editor that hangs. */
  async #sendUnless(signal: AbortSignal, update: SessionUpdate | undefined): Promise<void> {
    const sent = update ? this.#send(update) : this.#outputSent;
    if (sent) await untilAborted(sent, signal).catch(() => {});
  }

  async #send(update: SessionUpdate): Promise<void> {
    await this.#with.line.update(this.id, update);
  }
}
