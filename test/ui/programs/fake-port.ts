import type {
  Compaction,
  CompactionPreview,
  CurrentProvider,
  MetricsSnapshot,
  Mode,
  Uncompaction,
} from '../../../src/core/coordinator.js';
import type { Approval } from '../../../src/core/decision.js';
import { errorData, ProviderError } from '../../../src/core/errors.js';
import type { EventBody, VictorEvent } from '../../../src/core/event.js';
import { newId } from '../../../src/core/id.js';
import { assistantMessage, type Message, type ToolCall, userMessage } from '../../../src/core/message.js';
import type { Tool } from '../../../src/core/tool.js';
import { noUsage, usage } from '../../../src/core/usage.js';
import { ownCommandMessage } from '../../../src/own-command.js';
import { createMemoryStore } from '../../../src/storage/memory-store.js';
import type { ApprovalRequest, SessionPort } from '../../../src/ui/session-port.js';

/** What one turn of the fake does: emits events, may ask, must stop when aborted. */
export type Act = (turn: {
  readonly text: string;
  readonly signal: AbortSignal;
  emit(body: EventBody): void;
  say(text: string): void;
  pause(milliseconds: number): Promise<void>;
  ask(call: ToolCall, title: string): Promise<Approval>;
}) => Promise<void>;

export interface FakePortOptions {
  readonly act: Act;
  readonly provider?: string;
  readonly onApproval?: (request: ApprovalRequest) => Promise<Approval>;
}

/** A stand-in for the orchestrator that emits real events from a script written in code. */
export function createFakePort({ act, provider = 'fake', onApproval }: FakePortOptions): SessionPort {
  const listeners = new Set<(event: VictorEvent) => void>();
  const messages = new Map<string, Message[]>();
  const reset: string[] = [];
  let mode: Mode = 'ask';
  let current: CurrentProvider = { provider, model: 'one', contextWindow: 200_000 };
  const metrics: MetricsSnapshot = {
    turns: 1,
    providerCalls: 2,
    toolCalls: 3,
    toolErrors: 0,
    denials: 0,
    usage: usage({ inputTokens: 1_000, outputTokens: 200 }),
    costUsd: 0.0123,
    unpricedCalls: 0,
    providerMs: 1_500,
    toolMs: 40,
    contextTokens: 0,
    contextWindow: 200_000,
  };
  const publish = (body: EventBody, sessionId: string): VictorEvent => {
    const event = { ...body, id: newId(), sessionId, timestamp: Date.now() } as VictorEvent;
    for (const listener of listeners) listener(event);
    return event;
  };

  return {
    sessionId: 'session-one',
    coordinators: {
      analytics: { getSessionAnalytics: async (sessionId) => ({ sessionId, events: [] }) },
      context: { getContext: (id = 'session-one') => ({ messages: messages.get(id) ?? [], metadata: {} }) },
      metrics: { snapshot: () => metrics },
      mode: { current: () => mode },
      workflow: { list: () => [] },
      provider: { current: () => current, cost: () => null },
      session: {
        list: async ({ idPrefix = '' } = {}) =>
          ['session-one', 'older-two', 'older-three']
            .filter((id) => id.startsWith(idPrefix))
            .map((id) => ({
              id,
              title: `about ${id}`,
              cwd: '/',
              createdAt: 0,
              updatedAt: 0,
              messages: 4,
              tags: [],
            })),
      },
      tool: {
        list: () => [
          { name: 'Read', kind: 'read', description: 'Reads a file. And more.' } as unknown as Tool,
          { name: 'Bash', kind: 'execute', description: 'Runs a command.' } as unknown as Tool,
        ],
      },
    },
    changes: {
      prompts: async () => [],
      preview: async ({ action }, sessionId = 'session-one') => ({
        files: { action, sessionId, since: null, files: [], left: [] },
        prompt: null,
        uncovered: [],
        conversation: null,
      }),
      apply: async () => ({ restored: [], left: [], conversation: false }),
      diff: async () => [],
    },
    spending: async () => {
      const { totalTokens: _, ...tokens } = metrics.usage;
      const spent = { providerCalls: 2, ...tokens, costUsd: 0.0123, unpricedCalls: 0 };
      return { turn: spent, session: spent, today: spent, project: spent, budgets: [] };
    },
    contextReport: async () => ({
      contextWindow: 200_000,
      answerTokens: 8_192,
      prompt: [{ name: 'base', tokens: 500 }],
      volatile: [],
      tools: [{ name: 'Read', tokens: 300 }],
      messages: [],
      messageCount: 0,
    }),
    decisions: async () => [],
    spentToday: async () => undefined,
    reload: async () => ({ changes: [], waiting: [] }),
    sessionApprovals: () => [{ tool: 'Edit', what: 'what is not protected in the workspace' }],
    permissionRules: () => [
      {
        list: 'deny',
        rule: 'Bash(git push:*)',
        origin: { layer: 'project', file: '/work/.victorrc', line: 7 },
      },
    ],
    settingRows: () => [
      { key: 'maxTurns', value: 50, origin: { layer: 'defaults' } },
      {
        key: 'compaction.strategy',
        value: 'none',
        origin: { layer: 'project', file: '/work/.victorrc', line: 4 },
      },
    ],
    async *stream(text, { sessionId, signal }) {
      const emit = (body: EventBody) => void publish(body, sessionId);
      const startedAt = performance.now();
      emit({ type: 'turn-start', text, provider: current.provider, model: current.model, mode });
      emit({ type: 'message', message: userMessage(text) });
      const end = (reason: 'end' | 'interrupted') => {
        const durationMs = performance.now() - startedAt;
        emit({
          type: 'turn-end',
          provider: 'scripted',
          model: 'script',
          reason,
          content: '',
          usage: noUsage,
          costUsd: 0,
          providerCalls: 1,
          durationMs,
        });
      };
      try {
        await act({
          text,
          signal,
          emit,
          say: (said) => emit({ type: 'text-delta', text: said }),
          pause: (milliseconds) => pause(milliseconds, signal),
          async ask(call, title) {
            const decision = { verdict: 'ask', reason: 'Mode ask asks before running commands.' } as const;
            emit({ type: 'tool-call', call, title });
            emit({ type: 'tool-decision', call, decision });
            emit({ type: 'approval-request', call, title, decision });
            const request = { call, title, decision, sessionId, signal };
            return (await onApproval?.(request)) ?? { allowed: false, scope: 'once' };
          },
        });
        end(signal.aborted ? 'interrupted' : 'end');
      } catch (error) {
        if (signal.aborted) return end('interrupted');
        emit({ type: 'turn-error', error: errorData(error), retryText: text, removed: [] });
        throw error;
      }
    },
    async *runWorkflow() {},
    async runCommand(command, { sessionId, signal }) {
      await pause(50, signal);
      const result = { content: `Exit code 0, after 0.1 s.\nran ${command}`, summary: 'exit code 0' };
      publish({ type: 'message', message: ownCommandMessage(command, result) }, sessionId);
    },
    async compact(): Promise<Compaction> {
      const size = { messages: 2, tokens: 40 };
      return {
        strategy: 'recent',
        changed: false,
        before: size,
        after: size,
        context: { messages: [], metadata: {} },
      };
    },
    async previewCompaction(): Promise<CompactionPreview> {
      return {
        strategy: 'recent',
        before: { messages: 14, tokens: 4_200 },
        trials: [
          { strategy: 'recent', after: { messages: 10, tokens: 900 } },
          { strategy: 'mine', problem: 'It answered nothing.' },
        ],
        gone: Array.from({ length: 24 }, (_, at) => ({ role: 'user', text: `question ${at} \u001b[31m` })),
        shortened: [{ role: 'tool', text: 'Read: a long file' }],
      };
    },
    async uncompact(): Promise<Uncompaction> {
      return { changed: false, reason: 'No compaction of this session is left to take back.' };
    },
    async switchProvider(name, sessionId) {
      if (name === 'nobody') {
        throw new ProviderError('invalid-request', 'There is no provider nobody.', {
          provider: name,
          advice: 'Choose one of fake, offline.',
        });
      }
      const [first = '', second = 'one'] = name.split('/');
      const before = current;
      current = { provider: first, model: second, contextWindow: 100_000 };
      publish(
        { type: 'provider-change', from: `${before.provider}/${before.model}`, to: `${first}/${second}` },
        sessionId,
      );
      return current;
    },
    setMode(next, sessionId) {
      const from = mode;
      mode = next;
      publish({ type: 'mode-change', from, to: next }, sessionId);
    },
    async resetSession(sessionId) {
      reset.push(sessionId);
      publish({ type: 'session-reset' }, sessionId);
      return true;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async openSession(id) {
      messages.set(id, [userMessage(`asked in ${id}`), assistantMessage(`answered in ${id}`)]);
    },
    holdSession: async () => undefined,
    releaseSession: async () => {},
    forkSession: async (id) => `copy of ${id}`,
    store: createMemoryStore(),
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
