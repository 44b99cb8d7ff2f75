import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import type { Entry } from '../../src/extensions/registry.js';
import type { AgentOrchestrator } from '../../src/orchestrator.js';
import { runVictor } from '../helpers/run-victor.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

/** One kind of extension: how settings name it, one that says `WORD`, and how to hear that word from a turn. */
interface Kind {
  readonly kind: string;
  readonly settings: (entry: Entry) => Record<string, unknown>;
  /** The body of `create(options)`; `options.word`, or `plain`, is what it says. */
  readonly body: string;
  readonly says: (orchestrator: AgentOrchestrator) => Promise<string>;
  readonly builtIn?: string;
  /** A mistyped name, and what it was meant to be. */
  readonly mistyped: readonly [string, string | undefined];
  /** Nothing else may decide in its place. */
  readonly guarded?: true;
}

async function systemPrompt(orchestrator: AgentOrchestrator): Promise<string> {
  return orchestrator.coordinators.prompt.buildSystemPrompt({ sessionId: orchestrator.sessionId });
}

const kinds: readonly Kind[] = [
  {
    kind: 'config provider',
    settings: (entry) => ({ configProviders: [entry] }),
    body: 'return { getConfig: () => ({ prompt: { context: { word } } }) };',
    says: async ({ coordinators }) => JSON.stringify(await coordinators.config.loadConfig('one')),
    builtIn: 'env',
    mistyped: ['postgress', 'postgres'],
  },
  {
    kind: 'contributor',
    settings: (entry) => ({ contributors: [entry] }),
    body: 'return { getContribution: () => word };',
    says: systemPrompt,
    builtIn: 'base',
    mistyped: ['bsae', 'base'],
  },
  {
    kind: 'compaction',
    settings: (entry) => ({ compaction: { strategy: entry } }),
    body: 'return { name: word, compact: (context) => context };',
    says: async (orchestrator) => (await orchestrator.compact()).strategy,
    builtIn: 'recent',
    mistyped: ['recnt', 'recent'],
  },
  {
    kind: 'tool selection',
    settings: (entry) => ({ toolSelection: { strategy: entry, maxTools: 8 } }),
    body: 'return { name: word, score: (_, tools) => tools.map(({ name }) => ({ name, score: 1, reason: word })) };',
    says: async (orchestrator) =>
      ofType(await collect(orchestrator.stream('read')), 'tool-selection')[0]!.selection.strategy,
    builtIn: 'keyword',
    mistyped: ['keywrod', 'keyword'],
  },
  {
    kind: 'exporter',
    settings: (entry) => ({ exporters: [entry] }),
    body: 'return { name: word, export: (events) => ({ success: true, exportedCount: events.length }) };',
    says: async (orchestrator) => {
      await orchestrator.chat('hello');
      const { exporters } = await orchestrator.coordinators.analytics.exportAnalytics();
      return exporters.map(({ name }) => name).join();
    },
    builtIn: 'console',
    mistyped: ['consle', 'console'],
  },
  {
    kind: 'tool',
    settings: (entry) => ({ tools: [entry] }),
    body: `const schema = { safeParse: (data) => ({ success: true, data }) };
      return { name: 'Say' + word, description: 'Says.', kind: 'read', schema, describe: () => '', execute: async () => ({ content: word }) };`,
    says: async ({ coordinators }) =>
      coordinators.tool
        .list()
        .map(({ name }) => name)
        .join(),
    mistyped: ['deploy', undefined],
  },
  {
    kind: 'provider',
    settings: (entry) => ({ provider: entry }),
    body: 'return { name: word, async *stream() {} };',
    says: async ({ coordinators }) => coordinators.provider.current().provider,
    builtIn: 'offline',
    mistyped: ['olama', 'ollama'],
    guarded: true,
  },
  {
    kind: 'coordinator',
    settings: (entry) => ({ coordinators: { prompt: entry } }),
    body: 'return { buildSystemPrompt: async () => word };',
    says: systemPrompt,
    mistyped: ['my-prompt', undefined],
  },
  {
    kind: 'coordinator',
    settings: (entry) => ({ coordinators: { mode: entry } }),
    body: `return { current: () => word, set() {}, allows: () => ({ verdict: 'deny', reason: word }) };`,
    says: async ({ coordinators }) => coordinators.mode.allows({ name: 'Bash', kind: 'execute' }).reason,
    mistyped: ['my-mode', undefined],
    guarded: true,
  },
];
const named = kinds.map((one) => [Object.keys(one.settings('x'))[0]!, one.kind, one] as const);

const word = `const word = options.word ?? 'plain';`;
const schema = `export const optionsSchema = { safeParse: (options) => typeof (options.word ?? '') === 'string'
  ? { success: true, data: options } : { success: false, error: { issues: [{ path: ['word'], message: 'expected a text' }] } } };`;

/** The extension in all forms that the table asks for. */
const files = ({ body }: Kind) => ({
  'x.mjs': `export function create(options) { ${word} ${body} }`,
  'x.ts': `interface Options { readonly word?: string }\nexport function create(options: Options): object { ${word} ${body} }`,
  'checked.mjs': `${schema}\nexport function create(options) { ${word} ${body} }`,
  'no-create.mjs': 'export const make = 1;',
  'throws.mjs': 'export function create() { throw new Error("out of order"); }',
  'breaks.mjs': 'throw new Error("broken on load");',
  'nothing.mjs': 'export const create = () => undefined;',
  // Only `import` may load it, as packages mostly have it.
  'node_modules/@team/x/package.json': '{ "type": "module", "exports": { "import": "./main.js" } }',
  'node_modules/@team/x/main.js': `export function create(options) { ${word} ${body} }`,
});

/** An orchestrator on user settings that name this entry in their second line. */
async function open(kind: Kind, entry: Entry): Promise<{ orchestrator: AgentOrchestrator; home: string }> {
  const text = `{\n${JSON.stringify(kind.settings(entry)).slice(1)}`;
  const home = await makeWorkspace({ ...files(kind), 'config.json': text });
  const cwd = await makeWorkspace();
  const orchestrator = await createOrchestrator({ cwd, environment: { VICTOR_HOME: home } });
  onTestFinished(() => orchestrator.close());
  return { orchestrator, home };
}

describe.each(named)('under %s, a %s', (_, label, kind) => {
  const { builtIn } = kind;
  if (builtIn !== undefined) {
    it('may be the name of a built-in', async () => {
      const entry: Entry = builtIn === 'env' ? ['env', { prefix: 'TEAM_' }] : builtIn;
      const { orchestrator } = await open(kind, entry);
      expect(orchestrator.extensionFailures).toEqual([]);
    });
  }

  it.each([
    ['a path', './x.mjs', 'plain'],
    ['a path of TypeScript', './x.ts', 'plain'],
    ['an installed package', '@team/x', 'plain'],
    ['an installed package with options', ['@team/x', { word: 'packed' }] as Entry, 'packed'],
    ['a path with options', ['./x.mjs', { word: 'optional' }] as Entry, 'optional'],
    ['a path of TypeScript with options', ['./x.ts', { word: 'typed' }] as Entry, 'typed'],
    [
      'a path with options that its own schema takes',
      ['./checked.mjs', { word: 'checked' }] as Entry,
      'checked',
    ],
  ])('may be %s', async (_, entry, said) => {
    const { orchestrator } = await open(kind, entry);
    expect(await kind.says(orchestrator)).toContain(said);
  });

  it('with options that its own schema refuses is a mistake with file and line, and nothing starts', async () => {
    await expect(open(kind, ['./checked.mjs', { word: 7 }])).rejects.toMatchObject({
      code: 'extension',
      message: expect.stringMatching(
        new RegExp(`config\\.json:2: ${label} ".*checked\\.mjs": wrong options: word: expected a text$`),
      ),
    });
  });

  it('with a name that does not exist is a mistake that names the nearest and what exists', async () => {
    const [wrong, meant] = kind.mistyped;
    const error = await open(kind, wrong).then(
      () => undefined,
      (thrown: Error & { advice?: string }) => thrown,
    );
    expect(error?.message).toContain(JSON.stringify(wrong));
    if (meant) expect(error?.advice).toContain(meant);
    expect(error?.advice).toMatch(kind.builtIn ? new RegExp(`${kind.builtIn}[,;.]`) : /None is built in/);
  });

  it.each([
    ['./gone.mjs', /there is no file .*gone\.mjs/],
    ['./no-create.mjs', /exports make, but no create\(options\)/],
    ['./throws.mjs', /out of order/],
    ['./breaks.mjs', /broken on load/],
    ['./nothing.mjs', /create\(\) returned undefined/],
  ])(
    `that fails, as %s, ${kind.guarded ? 'starts nothing' : 'falls back and is named'}`,
    async (path, reason) => {
      if (kind.guarded) {
        await expect(open(kind, path)).rejects.toThrow(reason);
        return;
      }
      const { orchestrator, home } = await open(kind, path);
      const [failure, ...others] = orchestrator.extensionFailures;
      expect(others).toEqual([]);
      expect(failure).toMatchObject({ name: join(home, path), message: expect.stringMatching(reason) });
      expect(failure?.message).toContain(`${join(home, 'config.json')}:2: ${label} `);
      expect(orchestrator.notices.join('\n')).toMatch(reason);
      const events = await collect(orchestrator.stream('hello'));
      expect(ofType(events, 'extension-failure').map((event) => event.failure)).toContainEqual(failure);
      expect(ofType(events, 'turn-end')).toHaveLength(1);
    },
  );
});

describe('a provider by the name of a package', () => {
  const main = 'node_modules/ollama/index.mjs';
  const manifest = { 'node_modules/ollama/package.json': '{ "main": "index.mjs" }' };

  it('that Victor knows by itself stays the one Victor knows', async () => {
    const home = await makeWorkspace({
      ...manifest,
      [main]: 'throw new Error("must not load");',
      'config.yaml': 'provider: ollama\n',
    });
    const orchestrator = await createOrchestrator({
      cwd: await makeWorkspace(),
      environment: { VICTOR_HOME: home },
    });
    onTestFinished(() => orchestrator.close());
    expect(orchestrator.coordinators.provider.current().provider).toBe('ollama');
  });

  it('answers victor ask, and victor config validate finds nothing wrong with it', async () => {
    const home = await makeWorkspace({
      'node_modules/my-prov/package.json': '{ "main": "index.mjs" }',
      'node_modules/my-prov/index.mjs': `const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, totalTokens: 2 };
        export const create = () => ({ name: 'mine', async *stream() {
          yield { type: 'text-delta', text: 'from a package' };
          yield { type: 'end', stopReason: 'end', usage };
        } });`,
      'config.yaml': 'provider: my-prov\n',
    });
    const env = { VICTOR_HOME: home };
    expect(await runVictor(['ask', 'hello'], { env })).toMatchObject({ code: 0, stdout: 'from a package\n' });
    expect(await runVictor(['config', 'validate'], { env })).toMatchObject({ code: 0 });
  });
});

describe('an extension that fails', () => {
  const broken = { 'config.yaml': 'contributors: [base, ./gone.js]' };

  it('is named once by victor ask, which answers all the same', async () => {
    const home = await makeWorkspace(broken);
    const { code, stderr, stdout } = await runVictor(['ask', 'hello'], { env: { VICTOR_HOME: home } });
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
    expect(stderr.match(/there is no file/g)).toHaveLength(1);
    expect(stderr).toMatch(/config\.yaml:1: contributor .*gone\.js.*Instead: the prompt without it\./);
  });

  it('that cannot be loaded leaves no open database behind', async () => {
    const home = await makeWorkspace({ 'config.yaml': 'coordinators: { mode: ./gone.mjs }' });
    const opened = createOrchestrator({ cwd: home, environment: { VICTOR_HOME: home } });
    await expect(opened).rejects.toThrow('gone.mjs');
    const left = await readdir(home);
    expect(left).toContain('victor.db');
    expect(left.filter((name) => /^victor\.db[-.]/.test(name))).toEqual([]);
  });

  it('with a mistyped name starts nothing, and exits with the code of wrong settings', async () => {
    const home = await makeWorkspace({ 'config.yaml': 'contributors: [bsae]' });
    const { code, stderr } = await runVictor(['ask', 'hello'], { env: { VICTOR_HOME: home } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.yaml:1: there is no contributor named "bsae"\. Did you mean base\?/);
  });
});
