import type { AvailableCommand, SessionUpdate } from '@agentclientprotocol/sdk';
import type { VictorEvent } from '../core/event.js';
import type { PromptCommands } from '../core/prompt-command.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import { commandsOf } from './commands.js';
import { type Note, noteOf } from './event-notes.js';

/** So many wait for the next prompt. */
const MOST_NOTES = 50;

export interface SessionNewsOptions {
  readonly orchestrator: AgentOrchestrator;
  readonly prompts: PromptCommands | undefined;
  readonly sessionId: string;
  readonly notices: readonly string[];
  readonly clean: (text: string) => string;
  /** The editor shows notices apart from what the model says. */
  readonly showsNotices: () => boolean;
  readonly send: (update: SessionUpdate) => Promise<void>;
}

/** What an editor is told of a session beside its turns: notices, commands, the title; each once. */
export class SessionNews {
  readonly #with: SessionNewsOptions;
  #notes: readonly Note[];
  #commands = '';
  #title = '';

  constructor(options: SessionNewsOptions) {
    this.#with = options;
    this.#notes = options.notices.map((text) => ({ level: 'warning', text }));
  }

  /** Keeps what of an event the user should read; `false` for all others. */
  take(event: VictorEvent): boolean {
    const note = noteOf(event);
    // Whoever says nothing for long is told the last of them.
    if (note) this.#notes = [...this.#notes.slice(1 - MOST_NOTES), note];
    return note !== undefined;
  }

  /** What there is to read; without a place of its own only what warns, before the model's words. */
  async tellNotes(): Promise<void> {
    const { clean, showsNotices, send } = this.#with;
    const notes = this.#notes;
    this.#notes = [];
    for (const { level, text } of notes) {
      const title = clean(text).trim();
      if (title === '') continue;
      if (showsNotices()) await send({ sessionUpdate: 'notice', severity: level, title });
      else if (level === 'warning') {
        const quoted = `> ${title.replaceAll('\n', '\n> ')}\n\n`;
        await send({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: quoted } });
      }
    }
  }

  async tellCommands(): Promise<void> {
    const { prompts, clean, send } = this.#with;
    await prompts?.refresh().catch(() => {});
    const availableCommands = commandsOf(this.#with).map((one): AvailableCommand => {
      return { ...one, description: clean(one.description) };
    });
    const now = JSON.stringify(availableCommands);
    if (now === this.#commands) return;
    this.#commands = now;
    await send({ sessionUpdate: 'available_commands_update', availableCommands });
  }

  /** What lists call the session. */
  async tellTitle(): Promise<void> {
    const { orchestrator, sessionId, clean, send } = this.#with;
    const stored = await orchestrator.store.sessions.getSession(sessionId).catch(() => undefined);
    const title = clean(stored?.title ?? '').trim();
    if (title === '' || title === this.#title) return;
    this.#title = title;
    await send({ sessionUpdate: 'session_info_update', title });
  }
}
