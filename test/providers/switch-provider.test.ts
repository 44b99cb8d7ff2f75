import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settings } from '../../src/config/schema.js';
import type { Message, ReasoningItem } from '../../src/core/message.js';
import type { Provider } from '../../src/core/provider.js';
import type { Tool } from '../../src/core/tool.js';
import { validHistory } from '../../src/core/valid-history.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { anthropicRequest } from '../../src/providers/anthropic-request.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { responsesRequest } from '../../src/providers/openai-responses-request.js';
import {
  type ModelServer,
  type RecordedRequest,
  type ServerStep,
  startModelServer,
} from '../helpers/model-server.js';
import { randomHistory } from '../helpers/random-history.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { anthropicProblems, openAIProblems, responsesProblems } from '../helpers/wire-problems.js';
import { canaryKey } from './drive.js';

const dialects = ['anthropic', 'chat', 'responses'] as const;
type Dialect = (typeof dialects)[number];

const problemsOf: Record<Dialect, (body: RecordedRequest['body']) => string[]> = {
  anthropic: anthropicProblems,
  chat: openAIProblems,
  responses: responsesProblems,
};

function dialectOf(path: string): Dialect {
  if (path.endsWith('/messages')) return 'anthropic';
  return path.endsWith('/responses') ? 'responses' : 'chat';
}

/** The ids of the calls and of the results of a body, in order. */
function idsIn(dialect: Dialect, body: RecordedRequest['body']): { calls: string[]; results: string[] } {
  const fields = {
    anthropic: [/"type":"tool_use","id":"([^"]*)"/g, /"tool_use_id":"([^"]*)"/g],
    chat: [/"id":"([^"]*)","type":"function"/g, /"tool_call_id":"([^"]*)"/g],
    responses: [/"type":"function_call","call_id":"([^"]*)"/g, /"function_call_output","call_id":"([^"]*)"/g],
  }[dialect];
  const text = JSON.stringify(body);
  const [calls = [], results = []] = fields.map((field) =>
    [...text.matchAll(field)].map(([, id]) => id ?? ''),
  );
  return { calls, results };
}

let server: ModelServer;
let providers: Record<Dialect, Provider>;
/** What the server says next, and which dialect it is asked in. */
let plan: { readonly dialect: Dialect; readonly step: ServerStep }[] = [];
beforeAll(async () => {
  server = await startModelServer(() => plan.shift()?.step ?? { text: 'The plan is over.' });
  const openai = { apiKey: canaryKey, baseURL: server.openAIUrl };
  providers = {
    anthropic: new AnthropicProvider({ apiKey: canaryKey, baseURL: server.url }),
    chat: new OpenAIProvider({ ...openai, api: 'chat' }),
    responses: new OpenAIProvider({ ...openai, api: 'responses' }),
  };
});
afterAll(() => server.close());

/** Answers each request in the dialect that the plan says. */
const changing: Provider = {
  name: 'changing',
  stream: (asked, signal) => providers[plan[0]?.dialect ?? 'chat'].stream(asked, signal),
};

/** Counts its calls, so that a result under another call would be seen. */
function countingTool(): Tool<{ turn: string }> {
  let count = 0;
  return {
    name: 'Count',
    description: 'Counts.',
    kind: 'read',
    schema: z.object({ turn: z.string() }),
    describe: ({ turn }) => turn,
    execute: async ({ turn }) => ({ content: `result ${++count} of ${turn}` }),
  };
}

/** Ids as servers are known to make them: numbers, empty, the same in every turn, longer than others allow. */
const callId = fc.oneof(
  fc.constantFrom('', '0', 'call_0', 'functions.Read:0', 'ünïcode id', 'toolu_01', 'x'.repeat(90)),
  fc.string({ maxLength: 20 }),
);
const answer = fc.record({
  dialect: fc.constantFrom(...dialects),
  thinking: fc.option(fc.constant('Let me see.'), { nil: undefined }),
  redactedThinking: fc.option(fc.constant('b3BhcXVl'), { nil: undefined }),
  text: fc.option(fc.constantFrom('Reading.', ' ', '👋'), { nil: undefined }),
  calls: fc.array(
    fc.record({ id: callId, name: fc.constantFrom('Count', 'Count', 'my tool', '__proto__') }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});

describe('V13, V24: a conversation that changes its provider', () => {
  it('is valid for each one in turn, over real connections, and every call keeps its result', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...dialects),
        async (answers, last) => {
          const before = server.requests.length;
          plan = answers.map(({ dialect, calls, ...says }, turn) => {
            const toolCalls = calls.map((call, at) => ({ ...call, input: { turn: `${turn}.${at}.` } }));
            return { dialect, step: { ...says, toolCalls } };
          });
          const asked = [...plan.map(({ dialect }) => dialect), last];
          plan.push({ dialect: last, step: { text: 'done' } });
          const orchestrator = new AgentOrchestrator({
            provider: changing,
            tools: [countingTool()],
            environment: {},
            settings: settings({ contextWindow: 1_000_000 }),
          });
          expect((await orchestrator.chat('Go.')).content).toBe('done');
          await orchestrator.close();

          const sent = server.requests.slice(before);
          expect(sent.map(({ path }) => dialectOf(path))).toEqual(asked);
          for (const { path, body } of sent) {
            const dialect = dialectOf(path);
            expect(problemsOf[dialect](body)).toEqual([]);
            const { calls, results } = idsIn(dialect, body);
            expect(results).toEqual(calls);
            expect(new Set(calls).size).toBe(calls.length);
          }
          // Every call of a tool that exists ran once, in order, and its result is with its own arguments.
          const { body } = sent.at(-1)!;
          const ran = answers.flatMap(({ calls }, turn) =>
            calls.flatMap(({ name }, at) => (name === 'Count' ? [`${turn}.${at}.`] : [])),
          );
          const results = [...JSON.stringify(body).matchAll(/result (\d+) of ([\d.]+)/g)];
          expect(results.map(([, , turn]) => turn)).toEqual(ran);
          expect(results.map(([, count]) => Number(count))).toEqual(ran.map((_, index) => index + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has no body that any of the three would refuse, however long it is and whoever answered what', () => {
    const item: ReasoningItem = { id: 'rs_1', encrypted: 'c2VjcmV0', summary: ['hm'], from: 'h m' };
    const origin = fc.array(fc.record({ by: fc.nat(3), after: fc.nat(3) }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(randomHistory, origin, (history, origins) => {
        const messages = history.map((message, at): Message => {
          if (message.role !== 'assistant' || message.partial) return message;
          const { by, after } = origins[at % origins.length]!;
          const kinds = [
            { text: 'signed', signature: 'c2ln', after },
            { text: 'b3BhcXVl', redacted: true, after },
            { text: 'hm', item, after },
            { text: 'only shown' },
          ];
          return { ...message, thinking: [kinds[by]!] };
        });
        const asked = {
          model: 'm',
          system: 'You help.',
          messages: validHistory(messages),
          tools: [],
          maxTokens: 9,
        };
        const asWire = (body: unknown) => JSON.parse(JSON.stringify(body));
        expect(anthropicProblems(asWire(anthropicRequest(asked)))).toEqual([]);
        expect(openAIProblems(asWire(openAIRequest(asked, { isOpenAI: false })))).toEqual([]);
        expect(responsesProblems(asWire(responsesRequest(asked, 'h')))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('goes on in the middle of a session, there and back, with tools that ran in between', async () => {
    const call = (path: string) => ({ toolCalls: [{ name: 'Read', input: { path }, id: 'call_0' }] });
    const steps = [
      { thinking: 'First.', ...call('a.txt') },
      { text: 'one' },
      { thinking: 'Second.', ...call('a.txt') },
      { text: 'two' },
      call('a.txt'),
      { text: 'three' },
    ];
    const models = await startModelServer(steps);
    const home = temporaryDirectory();
    const orchestrator = await createOrchestrator({
      cwd: temporaryDirectory(),
      environment: {
        HOME: home,
        VICTOR_HOME: home,
        ANTHROPIC_BASE_URL: models.url,
        ANTHROPIC_API_KEY: canaryKey,
        OPENAI_API_KEY: canaryKey,
      },
      flags: { provider: ['openai', { baseURL: models.openAIUrl, api: 'responses' }], model: 'gpt-5.4' },
    });
    try {
      const { sessionId } = orchestrator;
      const { provider } = orchestrator.coordinators;
      expect((await orchestrator.chat('one')).content).toBe('one');
      await provider.switchTo('anthropic/claude-opus-4-5', sessionId);
      expect((await orchestrator.chat('two')).content).toBe('two');
      await provider.switchTo('openai/gpt-5.4', sessionId);
      expect((await orchestrator.chat('three')).content).toBe('three');
    } finally {
      await orchestrator.close();
      await models.close();
    }
    expect(models.requests.map(({ path }) => dialectOf(path))).toEqual([
      ...['responses', 'responses', 'anthropic', 'anthropic', 'responses', 'responses'],
    ]);
    for (const { path, body } of models.requests) {
      const dialect = dialectOf(path);
      expect(problemsOf[dialect](body)).toEqual([]);
      const { calls, results } = idsIn(dialect, body);
      expect(results).toEqual(calls);
      expect(new Set(calls).size).toBe(calls.length);
    }
    expect(idsIn('responses', models.requests.at(-1)!.body).calls).toHaveLength(3);
    // Its own reasoning is there again; what Anthropic's model has signed never left for OpenAI.
    const last = models.requests.at(-1)!.rawBody;
    expect(last).toContain('"type":"reasoning"');
    expect(last).not.toContain('Second.');
  });
});
