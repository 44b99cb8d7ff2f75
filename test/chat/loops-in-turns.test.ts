import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Approval } from '../../src/core/decision.js';
import type { Tool } from '../../src/core/tool.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const bash = (command: string) => toolCall('Bash', { command });
const yolo = { permissions: { mode: 'yolo' } } as const;
const no: Approval = { allowed: false, scope: 'once' };
const yes: Approval = { allowed: true, scope: 'once' };

/** One turn in which the model says these steps again and again; `answers` are what the user says, then nothing but no. */
async function turnOf(
  steps: readonly ScriptStep[],
  options: {
    readonly settings?: object;
    readonly answers?: readonly Approval[];
    readonly tools?: readonly Tool[];
    readonly nobody?: true;
  } = {},
) {
  const asked: ApprovalRequest[] = [];
  const answers = [...(options.answers ?? [])];
  let next = 0;
  const { orchestrator, requests } = await scriptedOrchestrator(() => steps[next++ % steps.length]!, {
    settings: { ...yolo, ...options.settings },
    files: { 'a.txt': 'hello\n' },
    ...(options.tools ? { tools: options.tools } : {}),
    ...(options.nobody
      ? {}
      : {
          onApproval: async (request: ApprovalRequest) => {
            asked.push(request);
            return answers.shift() ?? no;
          },
        }),
  });
  const events = await collect(orchestrator.stream('go'));
  const ran = ofType(events, 'tool-result').filter(({ result }) => result.summary !== 'not run again');
  const [end] = ofType(events, 'turn-end');
  const notices = ofType(events, 'notice').map(({ text }) => text);
  const { messages } = orchestrator.coordinators.context.getContext();
  const results = messages.filter(({ role }) => role === 'tool');
  return { orchestrator, requests, events, asked, ran, end, notices, results };
}

/** A tool that answers what `answer` makes of the number of the call. */
function poll(answer: (n: number) => string): Tool {
  let n = 0;
  const tool: Tool<object> = {
    name: 'Poll',
    description: 'Looks how far it is.',
    kind: 'read',
    schema: z.strictObject({}),
    paths: () => [],
    describe: () => 'the build',
    execute: async () => ({ content: answer(n++) }),
  };
  return tool as Tool;
}

describe('V16: a model that repeats itself', () => {
  it('the 3rd time the model reads why and what to do instead, and the user is told; once', async () => {
    const { results, notices, ran } = await turnOf([bash('echo same; exit 1')]);
    expect(ran).toHaveLength(4);
    const noted = results.filter(({ content }) => content.includes('[Note by Victor'));
    expect(noted).toEqual([results[2]]);
    expect(noted[0]!.content).toMatch(
      /same\n\n\[Note.*very result 3 times.*do something else.*5th time\.\]$/s,
    );
    expect(notices).toEqual([
      'The same call has had the same result 3 times: Bash echo same; exit 1. The model was told to do something else.',
    ]);
    // What the tool said is shown as it was.
    expect(ran[2]!.result.content).not.toContain('Note by Victor');
  });

  it('before the 5th time the user is asked, in yolo too, and a no ends the turn politely', async () => {
    const { asked, end, ran, results, orchestrator } = await turnOf([bash('exit 1')]);
    expect(asked.map(({ decision, title }) => [title, decision.reason])).toEqual([
      ['exit 1', 'The same call has had the same result 4 times. Go on?'],
    ]);
    expect(ran).toHaveLength(4);
    expect(end).toMatchObject({
      reason: 'limit',
      limit: { name: 'repeated-call', value: 4, call: 'Bash exit 1' },
    });
    expect(results.at(-1)).toMatchObject({ isError: true });
    expect(results.at(-1)!.content).toMatch(/^Not run: it would have had the same result/);
    // What the user asks for next begins with nothing held against it.
    const again = await collect(orchestrator.stream('once more'));
    expect(ofType(again, 'tool-result')).toHaveLength(5);
  });

  it('a yes runs the call and resets the count; it is asked again before four more', async () => {
    const { asked, ran, notices } = await turnOf([bash('exit 1')], { answers: [yes] });
    expect(asked).toHaveLength(2);
    expect(ran).toHaveLength(8);
    expect(notices).toHaveLength(2);
  });

  it('a yes for the session answers only whether to go on: the command goes on being asked about in mode ask', async () => {
    const session: Approval = { allowed: true, scope: 'session' };
    const { orchestrator, asked } = await turnOf([bash('exit 1')], { answers: [session] });
    expect(asked).toHaveLength(2);
    orchestrator.setMode('ask');
    const [decision] = ofType(await collect(orchestrator.stream('again')), 'tool-decision');
    expect(decision?.decision.verdict).toBe('ask');
  });

  it('a no with words gives them to the model, and the turn goes on', async () => {
    const feedback: Approval = { ...no, feedback: 'Read the log first.' };
    const { end, results } = await turnOf([bash('exit 1')], { answers: [feedback] });
    expect(results[4]!.content).toContain(
      'The user refused it and says what to do instead: Read the log first.',
    );
    expect(results.length).toBeGreaterThan(8);
    expect(end).toMatchObject({ limit: { name: 'repeated-call' } });
  });

  it('where nobody can be asked the turn ends, naming the call', async () => {
    const { end, ran } = await turnOf([bash('exit 1')], { nobody: true });
    expect(ran).toHaveLength(4);
    expect(end).toMatchObject({ reason: 'limit', limit: { name: 'repeated-call', call: 'Bash exit 1' } });
  });

  it.each([
    ['A/B alternation', ['exit 1', 'exit 2'], 2],
    ['a circle of five calls', ['true', 'exit 1', 'exit 2', 'exit 3', 'exit 4'], 5],
  ])('%s is pointed out and asked about', async (_, commands, calls) => {
    const { ran, asked, notices } = await turnOf(commands.map(bash));
    expect(ran).toHaveLength(calls * 4);
    expect(asked[0]!.decision.reason).toBe(
      `The same ${calls} calls have had the same results 4 times in turn. Go on?`,
    );
    expect(notices).toHaveLength(1);
  });

  it('identical reads in one message do not run together past the guard', async () => {
    const read = { name: 'Read', input: { path: 'a.txt' } };
    const { ran, end, results } = await turnOf([{ toolCalls: Array.from({ length: 40 }, () => read) }]);
    expect(ran).toHaveLength(4);
    expect(end).toMatchObject({ limit: { name: 'repeated-call', call: 'Read a.txt' } });
    expect(results).toHaveLength(40);
    expect(results.slice(5).every(({ content }) => content.includes('Not run or not ended'))).toBe(true);
  });

  it('alternating reads that come in pairs are seen in time', async () => {
    const [a, b] = ['a.txt', 'b.txt'].map((path) => ({ name: 'Read', input: { path } }));
    const { ran } = await turnOf([
      { toolCalls: [a!] },
      { toolCalls: [b!, a!] },
      { toolCalls: [b!, a!] },
      { toolCalls: [b!, a!] },
      { toolCalls: [b!, a!] },
    ]);
    expect(ran).toHaveLength(8);
  });

  it('a result that changes is no loop: a build that is waited for runs into the limit of calls instead', async () => {
    const { end, notices, ran } = await turnOf([toolCall('Poll', {})], {
      tools: [poll((n) => `${n} of 100 steps\n`)],
      settings: { maxToolCalls: 30 },
    });
    expect(ran).toHaveLength(30);
    expect(notices).toEqual([]);
    expect(end).toMatchObject({ limit: { name: 'maxToolCalls' } });
  });

  it('a build that stands still is one', async () => {
    const { end } = await turnOf([toolCall('Poll', {})], { tools: [poll(() => 'step 3 of 100')] });
    expect(end).toMatchObject({ limit: { name: 'repeated-call', call: 'Poll the build' } });
  });

  it('how long a command took, and where its long output was kept, make no other result of it', async () => {
    const command = 'touch runs; sleep "0.$(( $(wc -l < runs) * 2 ))"; echo >> runs; seq 30000; exit 1';
    const { ran, end } = await turnOf([bash(command)]);
    expect(ran).toHaveLength(4);
    expect(new Set(ran.map(({ result }) => result.content)).size).toBe(4);
    expect(new Set(ran.map(({ result }) => /whole is in (\S+)\]/.exec(result.content)?.[1])).size).toBe(4);
    expect(end).toMatchObject({ limit: { name: 'repeated-call' } });
  });

  it.each([
    ['by a rule', { ...yolo, permissions: { mode: 'yolo', deny: ['Bash(ls:*)'] } }],
    ['by the mode', { permissions: { mode: 'plan' } }],
  ])(
    'a call that is refused %s again and again counts, and a yes does not let it run',
    async (_, settings) => {
      const { asked, ran, end } = await turnOf([bash('ls > made')], { settings, answers: [yes] });
      expect(asked).toHaveLength(2);
      expect(ran).toHaveLength(8);
      expect(ran.every(({ denied }) => denied)).toBe(true);
      expect(end).toMatchObject({ limit: { name: 'repeated-call' } });
    },
  );

  it('a call that the user refuses again and again is asked about with both reasons', async () => {
    const { asked, end } = await turnOf([bash('touch x')], { settings: { permissions: { mode: 'ask' } } });
    expect(asked).toHaveLength(5);
    expect(asked[4]!.decision.reason).toMatch(/^The same call .* Go on\? Mode ask asks before running/);
    expect(end).toMatchObject({ limit: { name: 'repeated-call', call: 'Bash touch x' } });
  });

  it('a tool that does not exist, and arguments that are no JSON, are repeated calls too', async () => {
    const unknown = await turnOf([toolCall('Teleport', { to: 'moon' })]);
    expect(unknown.end).toMatchObject({ limit: { name: 'repeated-call' } });
    const broken = await turnOf([{ toolCalls: [{ name: 'Read', inputText: '{"path": ' }] }]);
    expect(broken.end).toMatchObject({ limit: { name: 'repeated-call', value: 4 } });
  });
});
