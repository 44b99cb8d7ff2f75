import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mode } from '../src/core/coordinator.js';
import type { Approval } from '../src/core/decision.js';
import { errorData } from '../src/core/errors.js';
import type { Tool } from '../src/core/tool.js';
import { AgentOrchestrator, type ApprovalRequest } from '../src/orchestrator.js';
import { coreTools } from '../src/tools/index.js';
import { createPlanTool } from '../src/tools/plan.js';
import { type ModelServer, type ServerStep, startModelServer } from './helpers/model-server.js';

/** What a user of one session does. */
type Action =
  | { readonly do: 'say'; readonly text: string }
  /** The model answers with a call that may have to ask. */
  | { readonly do: 'write'; readonly text: string }
  /** In mode plan the model answers with a plan, which may change the mode. */
  | { readonly do: 'plan'; readonly text: string }
  | { readonly do: 'fail'; readonly text: string }
  | { readonly do: 'mode'; readonly mode: Mode }
  | { readonly do: 'model'; readonly model: string }
  | { readonly do: 'compact' }
  | { readonly do: 'reset' };

const SESSIONS = 20;
const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), text }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('plan' as const), text }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), text }) },
  fc.record({
    do: fc.constant('mode' as const),
    mode: fc.constantFrom<Mode>('ask', 'accept-edits', 'read-only', 'plan'),
  }),
  fc.record({ do: fc.constant('model' as const), model: fc.constantFrom('claude-one', 'claude-two') }),
  fc.constant({ do: 'compact' as const }),
  fc.constant({ do: 'reset' as const }),
);

interface WireMessage {
  readonly role: string;
  readonly content: string | readonly { text?: string; content?: unknown; type: string }[];
}

/** Every word the model sees goes into its answer, so that one word of another session changes it. */
function answer(body: { model: string; messages: readonly WireMessage[] }): ServerStep {
  const seen = body.messages.map(({ role, content }) => [
    role,
    typeof content === 'string'
      ? content
      : content.map((block) => [block.type, block.text, JSON.stringify(block.content ?? '')]),
  ]);
  const words = JSON.stringify([body.model, seen]);
  const digest = createHash('sha1').update(words).digest('hex');
  // The bodies differ by the ids that the server numbers its calls with.
  const usage = { inputTokens: words.length, outputTokens: 10 };
  const delayMs = Number.parseInt(digest.slice(0, 2), 16) % 8;
  const last = body.messages.at(-1)!;
  const blocks = typeof last.content === 'string' ? [{ type: 'text', text: last.content }] : last.content;
  const said = blocks.findLast((block) => block.type === 'text')?.text ?? '';
  const answered = blocks.some((block) => block.type === 'tool_result');
  if (said.startsWith('fail'))
    return { status: 400, body: { error: { type: 'invalid_request_error', message: 'no' } } };
  if (!answered && said.startsWith('write ')) {
    const path = `${createHash('sha1').update(said).digest('hex').slice(0, 10)}.txt`;
    return { toolCalls: [{ name: 'Write', input: { path, content: digest } }], delayMs, usage };
  }
  if (!answered && said.startsWith('plan '))
    return { toolCalls: [{ name: 'Plan', input: { plan: digest } }], delayMs, usage };
  return { text: digest, delayMs, usage };
}

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer(answer);
});
afterAll(() => server.close());

/** Some users allow everything for the session, some once, some refuse and say why; of a plan some accept edits, some are asked. */
function approve({ sessionId, title, decision }: ApprovalRequest): Approval {
  const kind = createHash('sha1').update(sessionId).digest()[0]! % 3;
  if (decision.plan !== undefined && kind < 2)
    return { allowed: true, scope: 'once', mode: kind === 0 ? 'accept-edits' : 'ask' };
  if (kind === 0) return { allowed: true, scope: 'session' };
  if (kind === 1) return { allowed: title.length % 2 === 0, scope: 'once' };
  return { allowed: false, scope: 'once', feedback: `${sessionId} says no` };
}

interface Host {
  readonly orchestrator: AgentOrchestrator;
  readonly questions: { sessionId: string; title: string }[];
  close(): Promise<void>;
}

async function host(): Promise<Host> {
  // Of equal length: the path is part of the prompt, and the prompt is part of the usage.
  const cwd = await mkdtemp(join(tmpdir(), 'victor-tenants-'));
  const questions: { sessionId: string; title: string }[] = [];
  const orchestrator = new AgentOrchestrator({
    provider: 'anthropic',
    model: 'claude-one',
    environment: { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url },
    settings: { compaction: { strategy: ['recent', { keepLast: 4 }] } },
    tools: [...coreTools(), createPlanTool() as Tool],
    cwd,
    onApproval: async (request) => {
      questions.push({ sessionId: request.sessionId, title: request.title });
      await sleep(request.title.length % 3);
      return approve(request);
    },
  });
  const close = async (): Promise<void> => {
    await orchestrator.close();
    await rm(cwd, { recursive: true, force: true });
  };
  return { orchestrator, questions, close };
}

async function perform({ orchestrator }: Host, sessionId: string, one: Action): Promise<unknown> {
  switch (one.do) {
    case 'mode':
      return orchestrator.setMode(one.mode, sessionId);
    case 'model':
      return orchestrator.switchProvider(one.model, sessionId);
    case 'compact': {
      const { changed, before, after } = await orchestrator.compact(sessionId);
      return { changed, before, after };
    }
    case 'reset':
      return orchestrator.resetSession(sessionId);
    default: {
      if (one.do === 'plan') orchestrator.setMode('plan', sessionId);
      // What somebody typed twice is another file each time, or the second write would have to read first.
      const words = one.do === 'write' ? `write ${sessionId} ${one.text}` : `${one.do} ${one.text}`;
      const { content, usage, denials } = await orchestrator.chat(words, { sessionId });
      return { content, usage, denials };
    }
  }
}

/** Everything a user of the session could notice. */
async function live(on: Host, sessionId: string, actions: readonly Action[]): Promise<unknown> {
  const results: unknown[] = [];
  for (const one of actions) {
    results.push(await perform(on, sessionId, one).catch((error: unknown) => errorData(error)));
    await sleep(results.length % 2);
  }
  const { context, mode, provider, metrics, analytics } = on.orchestrator.coordinators;
  const { providerMs, toolMs, ...counted } = metrics.snapshot(sessionId);
  const { messages, metadata } = context.getContext(sessionId);
  const { events } = await analytics.getSessionAnalytics(sessionId);
  return {
    results,
    messages: messages.map(({ role, content, isError, toolName }) => ({ role, content, isError, toolName })),
    metadata,
    mode: mode.current(sessionId),
    provider: provider.current(sessionId),
    counted,
    analytics: events.map(({ type, data: { durationMs, ...data } }) => ({ type, data })),
    questions: on.questions.filter((question) => question.sessionId === sessionId),
  };
}

describe('multi-tenancy: one orchestrator, many sessions at once', () => {
  it('20 sessions in random interleavings of chats, failures, approvals, plans, resets, compactions, modes and models each live as they would alone', async () => {
    const lives = fc.array(fc.array(action, { minLength: 3, maxLength: 6 }), {
      minLength: SESSIONS,
      maxLength: SESSIONS,
    });
    await fc.assert(
      fc.asyncProperty(lives, async (all) => {
        const together = await host();
        const id = (index: number) => `session-${index}`;
        try {
          const shared = await Promise.all(all.map((one, index) => live(together, id(index), one)));
          for (const [index, actions] of all.entries()) {
            const alone = await host();
            try {
              expect(shared[index]).toEqual(await live(alone, id(index), actions));
            } finally {
              await alone.close();
            }
          }
        } finally {
          await together.close();
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('the comparison sees a leak: a word of another session in the context changes what is compared', async () => {
    const actions: Action[] = [{ do: 'say', text: 'one' }];
    const clean = await host();
    const dirty = await host();
    await dirty.orchestrator.chat('leaked', { sessionId: 'a' });
    expect(await live(dirty, 'a', actions)).not.toEqual(await live(clean, 'a', actions));
    await clean.close();
    await dirty.close();
  });

  it('two chats on one session are queued, on different sessions they overlap', async () => {
    const on = await host();
    const events: string[] = [];
    on.orchestrator.subscribe((event) => {
      if (event.type === 'turn-start' || event.type === 'turn-end')
        events.push(`${event.sessionId} ${event.type}`);
    });
    await Promise.all([
      on.orchestrator.chat('first', { sessionId: 'same' }),
      on.orchestrator.chat('second', { sessionId: 'same' }),
    ]);
    expect(events).toEqual(['same turn-start', 'same turn-end', 'same turn-start', 'same turn-end']);
    events.length = 0;
    await Promise.all([
      on.orchestrator.chat('x', { sessionId: 'a' }),
      on.orchestrator.chat('x', { sessionId: 'b' }),
    ]);
    expect(events.slice(0, 2).sort()).toEqual(['a turn-start', 'b turn-start']);
    await on.close();
  });
});
