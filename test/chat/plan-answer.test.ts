import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Mode, modes } from '../../src/core/coordinator.js';
import type { Approval } from '../../src/core/decision.js';
import { ProviderError } from '../../src/core/errors.js';
import type { ProviderRequest } from '../../src/core/provider.js';
import type { Tool } from '../../src/core/tool.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { coreTools } from '../../src/tools/index.js';
import { createPlanTool } from '../../src/tools/plan.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const text = '# Add a file\n\n1. Write new.txt.';
const plan = toolCall('Plan', { plan: text });
const write = toolCall('Write', { path: 'new.txt', content: 'made\n' });
const done: ScriptStep = { text: 'done' };
const tools = [...coreTools(), createPlanTool() as Tool];

interface Case {
  readonly mode?: Mode;
  readonly rules?: Record<string, readonly string[]>;
  readonly tools?: readonly Tool[];
  readonly signal?: AbortSignal;
  /** Nobody can be asked when it is absent. */
  readonly answer?: (request: ApprovalRequest) => Promise<Approval>;
}

/** One turn of this script in mode plan; what was asked, what happened and what the model was sent. */
async function turnOf(steps: readonly ScriptStep[], options: Case) {
  const { mode = 'plan', rules = {}, answer, signal } = options;
  const asked: ApprovalRequest[] = [];
  const made = await scriptedOrchestrator(steps, {
    tools: options.tools ?? tools,
    settings: { contributors: ['mode'], permissions: { mode, ...rules } },
    ...(answer
      ? {
          onApproval: (request: ApprovalRequest) => {
            asked.push(request);
            return answer(request);
          },
        }
      : {}),
  });
  const events = await collect(made.orchestrator.stream('go', signal ? { signal } : {}));
  const results = ofType(events, 'tool-result');
  const wrote = existsSync(join(made.cwd, 'new.txt'));
  return {
    ...made,
    asked,
    events,
    results,
    wrote,
    mode: () => made.orchestrator.coordinators.mode.current(made.orchestrator.sessionId),
  };
}

const yes = (mode?: Mode) => async (request: ApprovalRequest) =>
  request.decision.plan === undefined
    ? ({ allowed: false, scope: 'once' } as const)
    : ({ allowed: true, scope: 'once', ...(mode ? { mode } : {}) } as const);

/** What stands behind the last message of a request: the note on the mode. */
const note = (request: ProviderRequest | undefined) => request?.messages.at(-1)?.volatile ?? '';
const lastWords = (request: ProviderRequest | undefined) => request?.messages.at(-1)?.content ?? '';

describe('a plan that is handed over in mode plan', () => {
  it('is asked about, and with the event comes the whole of it', async () => {
    const { asked, events } = await turnOf([plan, done], { answer: yes('ask') });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ title: 'Add a file', decision: { verdict: 'ask', plan: text } });
    expect(ofType(events, 'approval-request')).toMatchObject([{ decision: { plan: text } }]);
  });

  it('approved with edits: the mode changes in the same turn, the model reads which holds, and the edit runs', async () => {
    const made = await turnOf([plan, write, done], { answer: yes('accept-edits') });
    expect(ofType(made.events, 'turn-start')).toHaveLength(1);
    expect(ofType(made.events, 'mode-change')).toMatchObject([{ from: 'plan', to: 'accept-edits' }]);
    expect(made.mode()).toBe('accept-edits');
    expect(lastWords(made.requests[1])).toBe(
      'The user approved the plan and changed the mode to accept-edits. Carry the plan out now.',
    );
    expect(note(made.requests[0])).toContain('Mode plan: ');
    expect(note(made.requests[1])).toContain('Mode accept-edits: ');
    expect(made.asked.map(({ call }) => call.name)).toEqual(['Plan']);
    expect(made.wrote).toBe(true);
    expect(made.results.map(({ denied }) => denied)).toEqual([false, false]);
  });

  it('approved asking: the edit that follows asks', async () => {
    const made = await turnOf([plan, write, done], { answer: yes('ask') });
    expect(made.mode()).toBe('ask');
    expect(made.asked.map(({ call }) => call.name)).toEqual(['Plan', 'Write']);
    expect(made.wrote).toBe(false);
  });

  it('to be revised: the model reads what to change, mode plan holds and edits stay refused', async () => {
    const feedback = 'use SQLite,\nnot a file';
    const answer = async () => ({ allowed: false, scope: 'once', feedback }) as const;
    const made = await turnOf([plan, write, plan, done], { answer });
    expect(lastWords(made.requests[1])).toBe(
      `The user wants the plan changed: ${feedback}\nChange it, then hand it over again.`,
    );
    expect(made.results.map(({ denied }) => denied)).toEqual([false, true, false]);
    expect(ofType(made.events, 'mode-change')).toEqual([]);
    expect(made.mode()).toBe('plan');
    expect(made.asked.map(({ call }) => call.name)).toEqual(['Plan', 'Plan']);
    expect(made.wrote).toBe(false);
  });

  it('a call behind it in the same message is judged by the mode that the answer chose', async () => {
    const both = { toolCalls: [...plan.toolCalls!, ...write.toolCalls!] };
    expect((await turnOf([both, done], { answer: yes('accept-edits') })).wrote).toBe(true);
    const revised = async () => ({ allowed: false, scope: 'once', feedback: 'no' }) as const;
    expect((await turnOf([both, done], { answer: revised })).wrote).toBe(false);
  });

  const noAnswer: readonly (readonly [string, Case])[] = [
    ['a bare no', { answer: async () => ({ allowed: false, scope: 'once' }) }],
    ['a no that names a mode', { answer: async () => ({ allowed: false, scope: 'once', mode: 'yolo' }) }],
    ['nobody to ask', {}],
    ['nobody to ask, and a rule that allows it', { rules: { allow: ['Plan'] } }],
    ['a handler that fails', { answer: () => Promise.reject(new Error('the screen is gone')) }],
    ['a rule that denies it', { rules: { deny: ['Plan'] }, answer: yes('accept-edits') }],
  ];
  it.each(noAnswer)('no mode changes and no edit runs with %s', async (_, options) => {
    const made = await turnOf([plan, write, done], options);
    expect(made.results.map(({ denied }) => denied)).toEqual([true, true]);
    expect(ofType(made.events, 'mode-change')).toEqual([]);
    expect([made.mode(), made.wrote]).toEqual(['plan', false]);
  });

  it('a mode in an answer that wants the plan changed is not set', async () => {
    const answer = async () => ({ allowed: false, scope: 'once', feedback: 'no', mode: 'yolo' }) as const;
    const made = await turnOf([plan, write, done], { answer });
    expect(lastWords(made.requests[1])).toContain('The user wants the plan changed: no');
    expect([made.mode(), made.wrote]).toEqual(['plan', false]);
  });

  it.each<readonly [string, Approval]>([
    ['a yes that names no mode', { allowed: true, scope: 'once' }],
    ['a yes that names a mode there is none of', { allowed: true, scope: 'once', mode: 'root' as Mode }],
  ])('%s leaves mode plan, and the model is told so', async (_, approval) => {
    const made = await turnOf([plan, write, done], { answer: async () => approval });
    expect(lastWords(made.requests[1])).toContain('the mode is still plan');
    expect([made.mode(), made.wrote]).toEqual(['plan', false]);
  });

  it('is asked about each time, though a rule allows it and the user said yes for the session', async () => {
    let asked = 0;
    const answer = async (): Promise<Approval> => {
      asked += 1;
      return { allowed: true, scope: 'session' };
    };
    const { mode } = await turnOf([plan, plan, done], { rules: { allow: ['Plan'] }, answer });
    expect([asked, mode()]).toEqual([2, 'plan']);
  });

  it('that cannot be read is shown to nobody: the model is told what is wrong', async () => {
    const empty = toolCall('Plan', { plan: ' \n ' });
    const made = await turnOf([empty, done], { answer: yes('yolo') });
    expect([made.asked, made.mode()]).toEqual([[], 'plan']);
    expect(made.results[0]?.result).toMatchObject({ isError: true });
    expect(made.results[0]?.result.content).toContain('Invalid arguments for Plan');
  });

  it('whose turn is stopped at the question changes nothing', async () => {
    const controller = new AbortController();
    const answer = () => {
      controller.abort();
      return new Promise<Approval>(() => {});
    };
    const { events, mode, orchestrator } = await turnOf([plan], { answer, signal: controller.signal });
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'interrupted' });
    expect(mode()).toBe('plan');
    expect(orchestrator.coordinators.context.getContext().messages.at(-1)?.content).toContain('Interrupted');
  });

  it('stays in the context with its answer when the provider fails behind it', async () => {
    const error = new ProviderError('invalid-request', 'no', { provider: 'scripted' });
    const { orchestrator } = await scriptedOrchestrator(
      ({ messages }) => {
        if (messages.length > 1) throw error;
        return plan;
      },
      { tools, settings: { permissions: { mode: 'plan' } }, onApproval: yes('accept-edits') },
    );
    await expect(orchestrator.chat('go')).rejects.toThrow();
    const said = orchestrator.coordinators.context.getContext().messages.map(({ content }) => content);
    expect(said.at(-1)).toContain('The user approved the plan');
  });
});

describe('only a yes to a plan changes the mode', () => {
  it.each(modes.filter((mode) => mode !== 'plan'))(
    'in mode %s there is nothing to approve: nobody is asked, and the mode stays',
    async (mode) => {
      const made = await turnOf([plan, done], { mode, answer: yes('yolo') });
      expect(made.asked).toEqual([]);
      expect(made.results[0]?.result.content).toContain('There is nothing to approve outside mode plan');
      expect([ofType(made.events, 'mode-change'), made.mode()]).toEqual([[], mode]);
    },
  );

  it('an answer outside mode plan does not, where a rule asks before the tool', async () => {
    const answer = async () => ({ allowed: true, scope: 'session', mode: 'yolo' }) as const;
    const steps = [plan, done, plan, done];
    const made = await turnOf(steps, { mode: 'ask', rules: { ask: ['Plan'] }, answer });
    expect(made.asked.map(({ decision }) => decision.plan)).toEqual([undefined]);
    expect(made.results[0]?.result.content).toContain('There is nothing to approve');
    expect(made.mode()).toBe('ask');
    // What was allowed for the session there is no yes to a plan.
    made.orchestrator.setMode('plan');
    await made.orchestrator.chat('again');
    expect(made.asked.map(({ decision }) => decision.plan)).toEqual([undefined, text]);
    expect(made.mode()).toBe('yolo');
  });

  it('the answer to any other call does not, whatever mode it names', async () => {
    const answer = async () => ({ allowed: true, scope: 'once', mode: 'yolo' }) as const;
    const made = await turnOf([write, done], { mode: 'ask', answer });
    expect([made.wrote, made.mode()]).toEqual([true, 'ask']);
  });

  it('of one session: the others keep theirs, and their plans are asked about by themselves', async () => {
    const asked: string[] = [];
    const { orchestrator } = await scriptedOrchestrator(
      ({ messages }) => (messages.at(-1)?.role === 'user' ? plan : done),
      {
        tools,
        settings: { permissions: { mode: 'plan' } },
        onApproval: async ({ sessionId }) => {
          asked.push(sessionId);
          if (sessionId === 'two') return { allowed: false, scope: 'once', feedback: 'smaller' };
          return { allowed: true, scope: 'once', mode: sessionId === 'one' ? 'accept-edits' : 'ask' };
        },
      },
    );
    const seen: string[] = [];
    orchestrator.subscribe((event) => {
      if (event.type === 'mode-change') seen.push(`${event.sessionId} ${event.to}`);
    });
    const ids = ['one', 'two', 'three'];
    await Promise.all(ids.map((sessionId) => orchestrator.chat('go', { sessionId })));
    expect(asked.sort()).toEqual(['one', 'three', 'two']);
    expect(seen.sort()).toEqual(['one accept-edits', 'three ask']);
    const { mode } = orchestrator.coordinators;
    expect(ids.map((id) => mode.current(id))).toEqual(['accept-edits', 'plan', 'ask']);
    expect(mode.current('four')).toBe('plan');
  });
});

describe('a tool of the user that hands over a plan', () => {
  const own: Tool<{ steps: string[] }> = {
    name: 'Roadmap',
    description: 'Hands over a plan in steps.',
    kind: 'read',
    schema: z.strictObject({ steps: z.array(z.string()) }),
    paths: () => [],
    plan: ({ steps }) => {
      if (steps.length === 0) throw new Error('no steps');
      return steps.map((step) => `- ${step}`).join('\n');
    },
    describe: () => 'steps',
    execute: async () => ({ content: 'executed' }),
  };
  const use = (steps: string[]) => toolCall('Roadmap', { steps });

  it('is asked about as the built-in one is', async () => {
    const made = await turnOf([use(['a', 'b']), done], { tools: [own as Tool], answer: yes('ask') });
    expect(made.asked[0]?.decision.plan).toBe('- a\n- b');
    expect(made.mode()).toBe('ask');
  });

  it('is not asked about when it throws instead of saying the plan', async () => {
    const made = await turnOf([use([]), done], { tools: [own as Tool], answer: yes('ask') });
    expect(made.asked).toEqual([]);
    expect(made.results[0]?.result.content).toBe('executed');
    expect(made.mode()).toBe('plan');
  });

  it('that does more than read is judged by its kind in every other mode', async () => {
    const runner = { ...own, kind: 'execute' } as Tool;
    const answer = async () => ({ allowed: true, scope: 'once', mode: 'yolo' }) as const;
    const refused = await turnOf([use(['a']), done], { mode: 'read-only', tools: [runner], answer });
    expect([refused.asked, refused.results[0]?.denied]).toEqual([[], true]);
    const asked = await turnOf([use(['a']), done], { mode: 'ask', tools: [runner], answer });
    expect(asked.asked.map(({ decision }) => decision.plan)).toEqual([undefined]);
    expect([asked.results[0]?.result.content, asked.mode()]).toEqual(['executed', 'ask']);
    const unreadable = await turnOf([use([]), done], { tools: [runner], answer });
    expect([unreadable.asked, unreadable.results[0]?.denied, unreadable.mode()]).toEqual([[], true, 'plan']);
  });
});
