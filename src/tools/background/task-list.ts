import { setTimeout as sleep } from 'node:timers/promises';
import type { BackgroundTask, BackgroundTasks } from '../../core/background-tasks.js';
import { messageOf } from '../../core/describe-failure.js';
import { withoutHeldSecrets } from '../../core/held-secrets.js';
import { parentSessionId } from '../../core/subagent-session.js';
import { TaskOutputBuffer } from './task-output-buffer.js';

export interface TaskStart {
  readonly sessionId: string;
  readonly command: string;
  /** Runs it until it ends or the signal aborts, and answers how it ended. */
  readonly run: (signal: AbortSignal, watch: (chunk: Buffer) => void) => Promise<TaskEnd>;
}

export interface TaskEnd {
  /** In a few words. */
  readonly how: string;
  /** What else there is to say about the end; empty for nothing. */
  readonly remarks: string;
}

export interface TaskRead {
  readonly task: BackgroundTask;
  /** What is new since the last time. */
  readonly output: string;
  readonly remarks: string;
}

interface Running {
  task: BackgroundTask;
  readonly output: TaskOutputBuffer;
  readonly controller: AbortController;
  /** Settles when it has ended. */
  done: Promise<void>;
  /** Called when something is new. */
  readonly waiting: Set<() => void>;
}

/** More than anybody looks after. */
const MAX_RUNNING = 10;
/** Of a session, with their last output. */
const MAX_ENDED = 20;
/** How long whoever ends one waits for it. */
const ENDS_WITHIN_MS = 5_000;

/** Holds what runs beside sessions: started, read, ended. Each session sees its own, and its subagents see the same. */
export class TaskList implements BackgroundTasks {
  onChange?: (task: BackgroundTask) => void;
  readonly #tasks = new Map<string, Running>();
  #count = 0;

  list(sessionId: string): readonly BackgroundTask[] {
    const all = [...this.#tasks.values()].map(({ task }) => task);
    return all.filter((task) => task.sessionId === sessionId || task.startedBy === sessionId);
  }

  /** Starts one; `undefined` where too many run. */
  start({ sessionId: startedBy, command, run }: TaskStart): BackgroundTask | undefined {
    const sessionId = parentSessionId(startedBy);
    const own = [...this.#tasks.values()].filter(({ task }) => task.sessionId === sessionId);
    if (own.filter(({ task }) => !task.ended).length >= MAX_RUNNING) return undefined;
    const ended = own.filter(({ task }) => task.ended);
    for (const { task } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED + 1)))
      this.#tasks.delete(task.id);
    this.#count += 1;
    const id = `bg-${this.#count}`;
    // What is said of it, to the user and to the model, has no key in it.
    const shown = withoutHeldSecrets(command);
    const task: BackgroundTask = { id, sessionId, startedBy, command: shown, startedAt: Date.now() };
    const running: Running = {
      task,
      output: new TaskOutputBuffer(),
      controller: new AbortController(),
      done: Promise.resolve(),
      waiting: new Set(),
    };
    this.#tasks.set(task.id, running);
    running.done = this.#run(running, run);
    this.onChange?.(task);
    return task;
  }

  /** What is new; with nothing new it waits for something, or for the end. `undefined` where the session has no such task. */
  async read(
    id: string,
    sessionId: string,
    { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<TaskRead | undefined> {
    const running = this.#own(id, sessionId);
    if (!running) return undefined;
    if (running.output.isEmpty && !running.task.ended && waitMs > 0)
      await this.#news(running, waitMs, signal);
    const output = running.output.take();
    return { task: running.task, output, remarks: running.task.ended?.remarks ?? '' };
  }

  /** Waits for the end of one, but not for longer than this. */
  async ended(id: string, withinMs: number, signal: AbortSignal): Promise<void> {
    const timer = sleep(withinMs, undefined, { signal, ref: false }).catch(() => {});
    await Promise.race([this.#tasks.get(id)?.done, timer]);
  }

  async stop(id: string, sessionId: string): Promise<BackgroundTask | undefined> {
    const running = this.#own(id, sessionId);
    if (!running) return undefined;
    running.controller.abort();
    await Promise.race([running.done, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
    return running.task;
  }

  async stopAll(sessionId?: string): Promise<void> {
    const all = [...this.#tasks.values()].filter(
      ({ task }) => sessionId === undefined || task.sessionId === sessionId,
    );
    await Promise.all(all.map(({ task }) => this.stop(task.id, task.sessionId)));
  }

  async #run(running: Running, run: TaskStart['run']): Promise<void> {
    const watch = (chunk: Buffer): void => {
      running.output.push(chunk);
      wake(running);
    };
    const end = await run(running.controller.signal, watch).catch(
      (error: unknown): TaskEnd => ({ how: `failed: ${messageOf(error)}`, remarks: '' }),
    );
    running.output.end();
    running.task = { ...running.task, ended: { at: Date.now(), ...end } };
    wake(running);
    this.onChange?.(running.task);
  }

  async #news(running: Running, waitMs: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const until = AbortSignal.any([signal, waiting.signal]);
    const wakes = (): void => waiting.abort();
    running.waiting.add(wakes);
    await sleep(waitMs, undefined, { signal: until }).catch(() => {});
    running.waiting.delete(wakes);
  }

  #own(id: string, sessionId: string): Running | undefined {
    const found = this.#tasks.get(id);
    return found?.task.sessionId === parentSessionId(sessionId) ? found : undefined;
  }
}

function wake({ waiting }: Running): void {
  for (const one of waiting) one();
}
