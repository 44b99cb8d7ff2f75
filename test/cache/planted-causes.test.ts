import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ContextCoordinator } from '../../src/coordinators/context.js';
import type { ToolCoordinator } from '../../src/coordinators/tool.js';
import type { CacheBreak } from '../../src/core/cache-break.js';
import {
  type CachedSession,
  type CachedSessionOptions,
  cachedSession,
  type Dialect,
  dialects,
  whyCache,
} from '../helpers/cached-session.js';
import type { ServerScript } from '../helpers/model-server.js';

afterEach(() => {
  vi.useRealTimers();
});

interface Case extends Omit<CacheBreak, 'expectedTokens' | 'readTokens' | 'segment'> {
  readonly title: string;
  readonly segment: string | RegExp;
  readonly open?: CachedSessionOptions;
  /** What the model says; "ok" when absent. */
  readonly script?: Extract<ServerScript, (...all: never[]) => unknown>;
  /** What empties the cache, after three turns in which nothing was lost. */
  plant(session: CachedSession): unknown;
  /** What `/why cache` says of it. */
  readonly why: RegExp;
}

const file = (name: string, code: string) => ({ [name]: code });
const contributor = (name: string, body: string) =>
  file(
    `${name}.mjs`,
    `export const create = () => ({ name: '${name}', getContribution(context) { ${body} } });`,
  );
const numbered = (name: string) => [
  './tool.mjs',
  { name, description: `Will ${name.replaceAll('_', ' ')}.` },
];
const tool = file(
  'tool.mjs',
  `export const create = ({ name, description }, { z }) => ({ name, description, kind: 'read',
    schema: z.object({ id: z.string() }), describe: ({ id }) => id, execute: async () => ({ content: 'ok' }) });`,
);
const long = 'It goes on and on. '.repeat(300);
const toolsOf = ({ orchestrator }: CachedSession) => orchestrator.coordinators.tool as ToolCoordinator;
const contextOf = ({ orchestrator }: CachedSession) =>
  orchestrator.coordinators.context as ContextCoordinator;

const cases: readonly Case[] = [
  {
    title: 'a contributor that changes and does not say that it is volatile',
    open: {
      files: contributor('team-date', `return 'It is ' + (globalThis.teamDate ?? 'Monday') + '.';`),
      settings: { contributors: ['base', './team-date.mjs'] },
    },
    plant: () => {
      Object.assign(globalThis, { teamDate: 'Tuesday' });
    },
    cause: 'contributor',
    by: { kind: 'contributor', name: 'team-date' },
    segment: 'system section team-date',
    why: /contributor team-date said something else.*if it does so again, give its contribution `volatile: true`/s,
  },
  {
    title: 'an instruction file that was edited',
    open: { files: { 'AGENTS.md': 'Use tabs.' } },
    plant: ({ cwd }) => writeFile(join(cwd, 'AGENTS.md'), 'Use spaces, four of them.'),
    cause: 'contributor',
    by: { kind: 'contributor', name: 'project-files' },
    segment: 'system section project-files',
    why: /an instruction file was edited/,
  },
  {
    title: 'a contributor that speaks of the mode and is not volatile',
    open: {
      files: contributor(
        'team-mode',
        `return { section: 'rules', text: 'In mode ' + context.mode + ' be careful.' };`,
      ),
      settings: { contributors: ['base', './team-mode.mjs'] },
    },
    plant: ({ orchestrator }) => orchestrator.setMode('plan'),
    cause: 'mode',
    by: { kind: 'contributor', name: 'team-mode' },
    segment: 'system section rules',
    why: /team-mode said something else after the mode had changed.*volatile: true/s,
  },
  {
    title: 'a contributor that fails',
    open: {
      files: contributor('wobbly', `if (globalThis.wobbles) throw new Error('no'); return 'All is well.';`),
      settings: { contributors: ['base', './wobbly.mjs'] },
    },
    plant: () => {
      Object.assign(globalThis, { wobbles: true });
    },
    cause: 'contributor-failure',
    by: { kind: 'contributor', name: 'wobbly' },
    segment: 'system section wobbly',
    why: /wobbly failed.*mend wobbly/s,
  },
  {
    title: 'a prompt coordinator of the user that does not tell its parts',
    open: {
      files: file(
        'prompt.mjs',
        `export const create = () => ({ buildSystemPrompt: async () => 'You are ' + (globalThis.promptName ?? 'Ada') + '.' });`,
      ),
      settings: { coordinators: { prompt: './prompt.mjs' } },
    },
    plant: () => {
      Object.assign(globalThis, { promptName: 'Grace' });
    },
    cause: 'prompt',
    by: { kind: 'coordinator', name: 'prompt' },
    segment: 'system section system',
    why: /the prompt coordinator built another system prompt.*buildPrompt/s,
  },
  {
    title: 'automatic compaction',
    open: {
      settings: {
        contextWindow: 5_500,
        maxTokens: 1_000,
        compaction: { strategy: ['recent', { keepLast: 4 }] },
      },
    },
    script: (body) => ({
      text: JSON.stringify(body.messages.at(-1)).includes('a long answer') ? long : 'ok',
    }),
    plant: ({ orchestrator }) => orchestrator.chat('a long answer, please'),
    cause: 'compaction',
    by: { kind: 'strategy', name: 'recent' },
    segment: /^message \d \(/,
    why: /the context was compacted \(recent\)/,
  },
  {
    title: '/compact',
    open: { settings: { compaction: { strategy: ['recent', { keepLast: 2 }] } } },
    plant: ({ orchestrator }) => orchestrator.compact(),
    cause: 'compaction',
    by: { kind: 'command', name: '/compact' },
    segment: /^message \d \(/,
    why: /the context was compacted \(\/compact\)/,
  },
  {
    title: '/clear',
    plant: ({ orchestrator }) => orchestrator.resetSession(orchestrator.sessionId),
    cause: 'reset',
    by: { kind: 'command', name: '/clear' },
    segment: 'message 1 (user)',
    why: /the context was emptied \(\/clear\)/,
  },
  {
    title: '/rewind',
    plant: async ({ orchestrator: { changes } }) => {
      const prompt = (await changes.prompts()).at(-1)!;
      const preview = await changes.preview({ action: 'rewind', messageId: prompt.messageId });
      await changes.apply(preview, { files: false, conversation: true });
    },
    cause: 'rewind',
    by: { kind: 'command', name: '/rewind' },
    segment: /^message \d \(/,
    why: /the conversation went back to an earlier message \(\/rewind\)/,
  },
  {
    title: '/model',
    plant: ({ orchestrator }) => orchestrator.switchProvider('second-model'),
    cause: 'model',
    by: { kind: 'command', name: '/model' },
    segment: /^model \w+\/second-model$/,
    why: /another model answers \(\/model\)/,
  },
  {
    title: 'a list of tools that grows because the request asks for them',
    open: {
      files: tool,
      settings: {
        tools: [...'abcdefghijklmnop']
          .map((letter) => numbered(`ship_${letter}`))
          .concat([numbered('tune_piano')]),
        toolSelection: { maxTools: 12, strategy: 'keyword' },
      },
    },
    plant: ({ orchestrator }) => {
      Object.assign(orchestrator, { nextText: 'Please tune the piano: tune piano.' });
    },
    cause: 'tool-epoch',
    by: { kind: 'strategy', name: 'keyword' },
    segment: 'tool tune_piano',
    why: /tool selection \(keyword\) offered more tools/,
  },
  {
    title: 'a tool that describes itself differently',
    plant: (session) => {
      const tools = toolsOf(session).list();
      const changed = tools.map((one) => (one.name === 'Grep' ? { ...one, description: 'Finds.' } : one));
      toolsOf(session).configure({ tools: changed });
    },
    cause: 'tool-change',
    by: { kind: 'tool', name: 'Grep' },
    segment: 'tool Grep',
    why: /the tool Grep describes itself in other words.*the same description and schema/s,
  },
  {
    title: 'a tool that has gone',
    plant: (session) => {
      toolsOf(session).configure({
        tools: toolsOf(session)
          .list()
          .filter(({ name }) => name !== 'Glob'),
      });
    },
    cause: 'tool-change',
    by: { kind: 'tool', name: 'Glob' },
    segment: 'tool Glob',
    why: /the tool Glob .*has gone/s,
  },
  {
    title: 'a setting that was changed',
    plant: async ({ orchestrator, cwd }) => {
      await writeFile(join(cwd, '.victorrc'), JSON.stringify({ prompt: { append: 'Be kind.' } }));
      await orchestrator.reload({ confirm: true });
    },
    cause: 'setting',
    by: { kind: 'setting', name: 'prompt.append' },
    segment: 'system section settings-prompt',
    why: /the setting prompt\.append was changed/,
  },
  {
    title: 'a turn that failed and took messages with it that were sent',
    script: (body) => {
      const text = JSON.stringify(body.messages);
      if (!text.includes('fail now')) return { text: 'ok' };
      if (text.includes('Not run'))
        return { status: 400, body: { error: { message: 'no', type: 'invalid_request_error' } } };
      return { toolCalls: [{ name: 'Write', input: { path: 'a', content: 'b' } }] };
    },
    plant: async ({ orchestrator }) => {
      orchestrator.setMode('plan');
      await expect(orchestrator.chat('fail now')).rejects.toThrow();
    },
    cause: 'failed-turn',
    by: { kind: 'coordinator', name: 'chat' },
    segment: 'message 7 (user)',
    why: /a turn failed/,
  },
  {
    title: 'a message that a program edits',
    plant: (session) => {
      const { messages, metadata } = contextOf(session).getContext();
      const [first, ...rest] = messages;
      contextOf(session).replace({ messages: [{ ...first!, content: 'edited' }, ...rest], metadata });
    },
    cause: 'message',
    by: { kind: 'coordinator', name: 'context' },
    segment: 'message 1 (user)',
    why: /the context coordinator changed or took away a message/,
  },
  {
    title: 'a message that a program takes away',
    plant: (session) => {
      const { messages, metadata } = contextOf(session).getContext();
      contextOf(session).replace({ messages: messages.slice(0, 2), metadata });
    },
    cause: 'message',
    by: { kind: 'coordinator', name: 'context' },
    segment: 'message 3 (user)',
    why: /took away a message that was sent before/,
  },
  {
    title: 'six minutes in which nothing was asked',
    plant: () => vi.setSystemTime(Date.now() + 6 * 60_000),
    cause: 'idle',
    by: { kind: 'time', name: '6 min' },
    segment: '',
    why: /nothing in the request changed.*6 min had passed/s,
  },
  {
    title: 'a provider that drops what it had',
    plant: ({ cache }) => cache.clear(),
    cause: 'provider',
    by: { kind: 'provider', name: expect.stringMatching(/first-model/) },
    segment: '',
    why: /nothing in the request changed.*had it no longer/s,
  },
];

/** Providers cache only what is long enough. */
const turns = [`What is this? ${long}`, 'And that?', 'Say more.'];

async function openCase(dialect: Dialect, { open, script }: Pick<Case, 'open' | 'script'>) {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2031, 4, 6, 12) });
  for (const name of ['teamDate', 'wobbles', 'promptName'])
    delete (globalThis as Record<string, unknown>)[name];
  const session = await cachedSession(dialect, script ?? (() => ({ text: 'ok' })), open);
  for (const text of turns) await session.orchestrator.chat(text);
  return session;
}

describe.each(dialects)('who emptied the cache, over the %s dialect', (dialect) => {
  it.each(cases)('$title', async (one) => {
    const session = await openCase(dialect, one);
    const { orchestrator } = session;
    expect(session.breaks()).toEqual([]);
    const before = session.breaks().length;
    await one.plant(session);
    const { nextText = 'Go on.' } = orchestrator as { nextText?: string };
    await orchestrator.chat(nextText);
    const found = session.breaks().slice(before);
    const { cause, by, segment } = one;
    expect(found.map((each) => ({ cause: each.cause, by: each.by }))).toEqual([{ cause, by }]);
    expect(found[0]?.segment).toMatch(
      typeof segment === 'string' ? new RegExp(`^${segment.replace(/[()]/g, '\\$&')}$`) : segment,
    );
    // The provider has lost something in truth, and counts it.
    if (dialect === 'anthropic') expect(found[0]!.readTokens).toBeLessThan(found[0]!.expectedTokens);
    expect(await whyCache(session)).toMatch(one.why);
    // One loss is told once.
    await orchestrator.chat('And now?');
    await orchestrator.chat('Good.');
    expect(session.breaks()).toHaveLength(before + 1);
  });

  it.each([
    '42',
    '[null]',
    '[{ section: 1, text: system }]',
    '[{ contributor: "x", section: "x", text: "other" }]',
  ])('a prompt coordinator whose parts are nonsense counts as one that tells none: %s', async (parts) => {
    const code = `let turns = 0; export const create = () => ({
        buildSystemPrompt: async () => '',
        buildPrompt: async () => { const system = 'Turn ' + (turns += 1); return { system, volatile: '', parts: ${parts} }; } });`;
    const coordinators = { prompt: './prompt.mjs' };
    const session = await openCase(dialect, {
      open: { files: file('prompt.mjs', code), settings: { coordinators } },
    });
    expect(session.breaks().map(({ cause, segment }) => ({ cause, segment }))).toEqual([
      { cause: 'prompt', segment: 'system section system' },
      { cause: 'prompt', segment: 'system section system' },
    ]);
  });

  it('a contributor that changes with every request is told each time, and counted', async () => {
    const session = await openCase(dialect, {
      open: {
        files: contributor(
          'clock',
          `globalThis.ticks = (globalThis.ticks ?? 0) + 1; return 'Tick ' + globalThis.ticks;`,
        ),
        settings: { contributors: ['base', './clock.mjs'] },
      },
    });
    expect(session.breaks().map(({ by }) => by.name)).toEqual(['clock', 'clock']);
    expect(await whyCache(session)).toMatch(
      /To do {3}it did so 2 times: give its contribution `volatile: true`/,
    );
  });
});
