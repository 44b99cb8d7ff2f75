import type { Coordinators } from '../core/coordinator.js';
import type { EventBody } from '../core/event.js';
import type { HookedStep, HookStatus, Hooks } from '../core/hook.js';
import { HookRunner, type HookRunnerOptions } from './hook-runner.js';
import { hookedChat } from './hooked-chat.js';
import { hookedPermission } from './hooked-permission.js';
import { hookedContext, hookedSession } from './hooked-session.js';
import { hookedTool } from './hooked-tool.js';
import { HookedTurns } from './hooked-turns.js';
import { SessionStarts } from './session-starts.js';

/** Nobody waits longer for a process to end. */
const END_MS = 5_000;

type Decorators = {
  readonly [Name in keyof Coordinators]?: (
    coordinator: Coordinators[Name],
    others: Coordinators,
  ) => Coordinators[Name];
};

/** The hooks of the settings, put around the coordinators that they are about. */
export class HookedCoordinators implements Hooks {
  readonly files: readonly string[];
  readonly #runner: HookRunner;
  readonly #turns = new HookedTurns();
  readonly #decorators: Decorators;
  readonly #starts = new SessionStarts();
  readonly #beside = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(options: HookRunnerOptions) {
    const { canAsk, definitions } = options;
    this.files = definitions.flatMap(({ runs }) => runs);
    const runner = new HookRunner(options);
    const turns = this.#turns;
    const starts = this.#starts;
    const beside = (run: (signal: AbortSignal) => Promise<unknown>) =>
      this.#runBeside(run(this.#closing.signal));
    this.#runner = runner;
    this.#decorators = {
      chat: (chat, others) => hookedChat(chat, { runner, turns, starts, others }),
      permission: (permission, others) =>
        hookedPermission(permission, { runner, turns, others, canAsk, beside }),
      tool: (tool, others) =>
        runner.has('PostToolUse') ? hookedTool(tool, { runner, turns, others }) : tool,
      context: (context) => hookedContext(context, { runner, starts }),
      session: (session) =>
        hookedSession(session, { starts, ended: (id) => beside(() => this.#tellEnd(id, 'clear')) }),
    };
  }

  get onEvent(): ((event: EventBody, sessionId: string) => void) | undefined {
    return this.#runner.onEvent;
  }

  set onEvent(tell: (event: EventBody, sessionId: string) => void) {
    this.#runner.onEvent = tell;
  }

  decorate<Name extends keyof Coordinators>(
    name: Name,
    coordinator: Coordinators[Name],
    others: Coordinators,
  ): Coordinators[Name] {
    return this.#decorators[name]?.(coordinator, others) ?? coordinator;
  }

  callBegins(sessionId: string, callId: string): void {
    this.#turns.callBegins(sessionId, callId);
  }

  beginStep(sessionId: string, callId: string, signal: AbortSignal): HookedStep {
    const either = this.#turns.begin(sessionId, signal);
    this.#turns.callBegins(sessionId, callId);
    return {
      signal: either,
      stopped: () => this.#turns.stopped(sessionId),
      end: () => this.#turns.end(sessionId),
    };
  }

  list(): readonly HookStatus[] {
    return this.#runner.list();
  }

  async close(): Promise<void> {
    const ending = this.#starts.known.map((id) =>
      this.#starts.ends(id) ? this.#tellEnd(id, 'exit') : undefined,
    );
    const timer = setTimeout(() => this.#closing.abort(), END_MS);
    await Promise.all([...ending, ...this.#beside]);
    clearTimeout(timer);
  }

  #tellEnd(sessionId: string, reason: 'clear' | 'exit'): Promise<unknown> {
    return this.#runner.run(
      { hook: 'SessionEnd', sessionId, about: reason, facts: { reason }, mostMs: END_MS },
      this.#closing.signal,
    );
  }

  #runBeside(running: Promise<unknown>): void {
    this.#beside.add(running);
    void running.finally(() => this.#beside.delete(running));
  }
}
