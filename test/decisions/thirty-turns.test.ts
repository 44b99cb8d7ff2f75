import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Coordinators } from '../../src/core/coordinator.js';
import type { RecordedDecision } from '../../src/core/decision-record.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { decisionTopics, topicOf } from '../../src/decisions/topics.js';
import type { AgentOrchestrator } from '../../src/orchestrator.js';
import { initialState } from '../../src/state.js';
import type { CommandContext } from '../../src/ui/commands/command.js';
import { why } from '../../src/ui/commands/why.js';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { runVictor } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';

/** What of each coordinator is a decision; metrics and evaluation decide nothing in a session. */
const decides: { readonly [Name in keyof Coordinators]: readonly (keyof Coordinators[Name])[] } = {
  config: ['loadConfig'],
  prompt: ['buildPrompt', 'buildSystemPrompt'],
  context: ['fit', 'compactContext'],
  chat: ['run'],
  tool: ['execute'],
  toolSelection: ['select', 'find'],
  session: ['open', 'resetSession'],
  provider: ['stream', 'switchTo'],
  mode: ['allows', 'set'],
  permission: ['decide', 'ask', 'hides'],
  metrics: [],
  analytics: [],
  checkpoint: ['save', 'apply'],
  evaluation: [],
  workflow: ['run'],
};

type Counts = Record<string, number>;

/** Puts a method of the test's own before each of these, which counts; `hides` decides something only where it hides. */
function countCalls(coordinators: Coordinators): Counts {
  const counts: Counts = {};
  for (const [name, methods] of Object.entries(decides)) {
    const owner = coordinators[name as keyof Coordinators] as unknown as Record<string, unknown>;
    for (const method of methods) {
      const before = owner[method] as (...given: unknown[]) => unknown;
      owner[method] = (...given: unknown[]) => {
        const answer = before.apply(owner, given);
        if (method !== 'hides' || answer === true) {
          counts[`${name}.${method}`] = (counts[`${name}.${method}`] ?? 0) + 1;
        }
        return answer;
      };
    }
  }
  return counts;
}

/** How often each was decided, as `victor explain --json` tells it. */
function explained({
  turns,
}: {
  turns: { decisions: { coordinator: string; decision: string; times: number }[] }[];
}) {
  const counts: Counts = {};
  for (const { coordinator, decision, times } of turns.flatMap(({ decisions }) => decisions)) {
    const name = `${coordinator}.${decision}`;
    counts[name] = (counts[name] ?? 0) + times;
  }
  return counts;
}

async function answer(orchestrator: AgentOrchestrator, topic: string): Promise<string> {
  const context = {
    port: orchestrator,
    sessionId: 'thirty',
    state: initialState(),
  } as unknown as CommandContext;
  const blocks = await why.run(context, topic);
  return blocks
    .map((block) =>
      block.kind === 'output' ? `${block.title}\n${block.text}` : block.kind === 'notice' ? block.text : '',
    )
    .join('\n');
}

/** Decisions of the everyday: `/why` tells the last of them. Of what is not among these it tells each that is different. */
const everyday: readonly string[] = [
  'toolSelection.select',
  'prompt.buildPrompt',
  'context.fit',
  'provider.stream',
  'config.loadConfig',
];
/** What only counts for `/why denied`, or was not refused. */
const unrefused = ({ coordinator, decision, inputs }: RecordedDecision) =>
  coordinator === 'mode' || decision === 'hides' || inputs.verdict === 'allow' || inputs.verdict === 'ask';

/** The decisions of a topic that its answer has to name. */
function toName(topic: string, decisions: readonly RecordedDecision[]): readonly RecordedDecision[] {
  const all = decisions.filter((one) => topicOf(one) === topic);
  const nameOf = ({ coordinator, decision }: RecordedDecision) => `${coordinator}.${decision}`;
  const isEveryday = (one: RecordedDecision) =>
    everyday.includes(nameOf(one)) && !('tokensAfter' in one.inputs);
  const last = all.findLast((one) => everyday.includes(nameOf(one)));
  const epochs = all.filter(
    (one, index) =>
      'epoch' in one.inputs && all.findIndex(({ inputs }) => inputs.epoch === one.inputs.epoch) === index,
  );
  const others = all.filter((one) => !isEveryday(one) && !(topic === 'denied' && unrefused(one)));
  return [...(last ? [last] : []), ...epochs, ...others];
}

/** What the model does in each turn that is not only an answer; the turn is the number at the end of the request. */
const acts: Readonly<Record<number, readonly [name: string, input: Record<string, unknown>][]>> = {
  2: [['Read', { path: 'notes.txt' }]],
  3: [
    ['Read', { path: 'private.txt' }],
    ['Grep', { pattern: 'business' }],
  ],
  4: [['Bash', { command: 'rm -rf ./made' }]],
  5: [['Edit', { path: 'notes.txt', oldText: 'one', newText: 'two' }]],
  6: [['Edit', { path: 'notes.txt', oldText: 'nowhere', newText: 'x' }]],
  7: [['NoSuchTool', {}]],
  8: [['Read', { path: 'large.txt' }]],
  9: [['Read', { path: 'large.txt' }]],
  10: [['Write', { path: 'plan.txt', content: 'x' }]],
  12: [
    ['Read', { path: 'notes.txt' }],
    ['Read', { path: 'large.txt' }],
    ['List', { path: '.' }],
  ],
  14: [['find_tools', { request: 'look at the changes of the git repository' }]],
  20: [['Read', { path: 'large.txt' }]],
  25: [['Write', { path: 'late.txt', content: 'late' }]],
};

describe('a session of thirty turns', () => {
  it('has every automatic decision of its coordinators explained, counted by a test that counts them itself', async () => {
    let turn = 0;
    const server = await startModelServer((body, request): ServerStep => {
      // From the seventeenth turn on the first provider has lost its key, and the other one answers.
      if (turn >= 17 && request.path === '/v1/messages')
        return {
          status: 401,
          body: { type: 'error', error: { type: 'authentication_error', message: 'no' } },
        };
      const last = JSON.stringify(body.messages.at(-1));
      const calls = last.includes(`turn ${turn}"`) || last.includes(`turn ${turn} `) ? acts[turn] : undefined;
      if (!calls) return { text: `Done with ${turn}.` };
      return { toolCalls: calls.map(([name, input]) => ({ name, input })) };
    });
    onTestFinished(() => server.close());
    const settings = {
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      fallback: ['openai/gpt-5.4'],
      permissions: { deny: ['Read(private.txt)'] },
      compaction: { threshold: 0.04 },
      toolSelection: { maxTools: 8 },
      contributors: ['base', 'project-files', './broken.mjs'],
      configProviders: ['./team.mjs'],
      exporters: [['file', { path: './not-there/events.jsonl' }]],
      workflows: { twice: { steps: [{ prompt: '{{input}} turn 29' }, { prompt: '{{input}} turn 30' }] } },
    };
    const cwd = await makeWorkspace({
      '.victorrc': JSON.stringify(settings),
      'AGENTS.md': 'Be brief.',
      'notes.txt': 'one\n',
      'private.txt': 'none of your business\n',
      'large.txt': `${'words and words '.repeat(8)}\n`.repeat(150),
      'broken.mjs': `export const create = () => ({ name: 'broken', getContribution() { throw new Error('broken on purpose'); } });`,
      'team.mjs': `export const create = () => ({ name: 'team', getConfig: () => ({ prompt: { context: { team: 'red' } } }) });`,
    });
    const home = await makeWorkspace({
      'config.json': JSON.stringify({ permissions: { mode: 'accept-edits' } }),
    });
    const environment = {
      VICTOR_HOME: home,
      PATH: process.env.PATH ?? '',
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: server.url,
      OPENAI_API_KEY: 'test-key',
      OPENAI_BASE_URL: server.openAIUrl,
    };
    const orchestrator = await createOrchestrator({
      cwd,
      environment,
      trust: true,
      watch: true,
      sessionId: 'thirty',
    });
    onTestFinished(() => orchestrator.close());
    const counts = countCalls(orchestrator.coordinators);
    const events: Counts = {};
    orchestrator.subscribe((event) => {
      const name = event.type === 'extension-failure' ? `stand-in of ${event.failure.kind}` : event.type;
      events[name] = (events[name] ?? 0) + 1;
    });

    for (turn = 1; turn <= 28; turn += 1) {
      if (turn === 10) orchestrator.setMode('plan');
      if (turn === 11) orchestrator.setMode('accept-edits');
      if (turn === 15) await writeFile(join(cwd, '.victorrc'), JSON.stringify({ ...settings, maxTurns: 77 }));
      if (turn === 22) await orchestrator.compact();
      await orchestrator.chat(`turn ${turn}`);
    }
    turn = 29;
    for await (const event of orchestrator.runWorkflow('twice', 'again'))
      if (event.type === 'turn-end') turn += 1;
    await orchestrator.coordinators.analytics.exportAnalytics();

    const answers = await Promise.all(decisionTopics.map((topic) => answer(orchestrator, topic)));
    const overview = await answer(orchestrator, '');
    const total = (await orchestrator.decisions()).reduce((sum, { times }) => sum + times, 0);
    await orchestrator.close();
    const { code, stdout, stderr } = await runVictor(['explain', 'thirty', '--json'], {
      env: environment,
      cwd,
    });
    expect([code, stderr]).toEqual([0, '']);
    const { turns: told } = JSON.parse(stdout);
    const found = explained({ turns: told });

    // Each call that decides something is there, as often as it was made.
    const { 'chat.run': turns, ...calls } = counts;
    const recorded = Object.fromEntries(Object.entries(found).filter(([name]) => name in calls));
    expect(recorded).toEqual(calls);
    expect(turns).toBe(30);
    expect(found['chat.run']).toBe(30);
    // So is what only an event tells, and each of them happened.
    for (const [name, event] of [
      ['chat.cache', 'cache-break'],
      ['config.change', 'config-change'],
      ['provider.fallback', 'provider-fallback'],
      ['prompt.stand-in', 'stand-in of contributor'],
      ['analytics.stand-in', 'stand-in of exporter'],
    ] as const) {
      expect(events[event], event).toBeGreaterThan(0);
      expect(found[name], name).toBe(events[event]);
    }
    // The session had one of everything.
    for (const name of [
      'context.fit',
      'permission.ask',
      'checkpoint.save',
      'toolSelection.find',
      'permission.hides',
      'workflow.run',
    ])
      expect(found[name], name).toBeGreaterThan(0);
    expect(events.compaction).toBeGreaterThan(1);
    expect(found['config.change']).toBe(1);
    expect(found['provider.fallback']).toBe(1);
    expect(found['analytics.stand-in']).toBeGreaterThan(0);
    expect(Object.keys(found).filter((name) => /^(metrics|evaluation)\./.test(name))).toEqual([]);

    // `/why` has an answer for each topic, and its overview counts them all.
    expect(overview).toContain(`What was decided in this session: ${total} decisions`);
    expect(total).toBe(Object.values(found).reduce((sum, times) => sum + times, 0));
    const said = Object.fromEntries(decisionTopics.map((topic, index) => [topic, answers[index]!]));
    for (const topic of decisionTopics) expect(overview).toMatch(new RegExp(`^${topic} +\\S`, 'm'));
    // Each names what was decided: the last of what is decided each time, and everything that was out of the ordinary.
    const whole = told.flatMap(({ decisions }: { decisions: RecordedDecision[] }) => decisions);
    for (const topic of ['tools', 'prompt', 'compact', 'denied', 'config', 'model']) {
      const named = toName(topic, whole);
      expect(named.length, topic).toBeGreaterThan(1);
      for (const { outcome, reason, inputs } of named) {
        expect(said[topic]).toContain(reason);
        if (inputs.verdict !== 'deny') expect(said[topic]).toContain(outcome);
      }
    }
    // The others are told by their counts, or are too many to be told at once.
    const sum = (topic: string) =>
      whole.reduce((all: number, one: RecordedDecision) => all + (topicOf(one) === topic ? one.times : 0), 0);
    const refused = toName('denied', whole).reduce((all, { times }) => all + times, 0);
    expect(said.denied).toContain(`Refused, the last ${refused} of ${refused}`);
    expect(overview).toContain(`${refused} of ${found['permission.decide']} calls were refused`);
    expect(said.prompt).toContain(`(${found['prompt.stand-in']} times): broken on purpose`);
    expect(overview).toContain(`Lost ${found['chat.cache']} times`);
    expect(said.cache).toMatch(/^Lost .*\nFirst .*\nCause .*\nTo do /m);
    expect(overview).toMatch(new RegExp(`^other +${sum('other')} decisions of `, 'm'));
    expect(said.other).toMatch(/^What else was decided, the last 30 of \d+\n(.*\n){30}victor explain thirty/);
    expect(said.tools).toMatch(/find_tools/);
    expect(said.prompt).toContain(join(cwd, 'AGENTS.md'));
    expect(said.compact).toContain('tokens before');
    expect(said.denied).toContain('Mode plan refuses editing files.');
    expect(said.denied).toContain('Read(private.txt)');
    expect(said.config).toContain('maxTurns = 77');
    expect(said.model).toContain('openai/gpt-5.4');
    expect(said.denied).toContain('a rule kept files back that searches came upon, 1 in all');
    expect(said.other).toContain('checkpoint');
  });
});
