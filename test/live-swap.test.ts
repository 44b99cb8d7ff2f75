import { existsSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settings } from '../src/config/schema.js';
import type { EventOf, VictorEvent } from '../src/core/event.js';
import { type CreateOrchestratorOptions, createOrchestrator } from '../src/create-orchestrator.js';
import type { AgentOrchestrator } from '../src/orchestrator.js';
import { CommandSandbox } from '../src/sandbox/command-sandbox.js';
import { runProcess } from '../src/tools/run-process.js';
import { collect, ofType } from './helpers/scripted-orchestrator.js';
import { makeWorkspace } from './helpers/workspace.js';

interface Live {
  readonly orchestrator: AgentOrchestrator;
  readonly cwd: string;
  readonly home: string;
  readonly events: VictorEvent[];
  /** Writes a file of the project. */
  save(path: string, content: string): Promise<void>;
  /** Writes the user's own settings. */
  saveUser(content: string): Promise<void>;
  changes(): EventOf<'config-change'>[];
  notices(): string[];
}

interface LiveOptions extends Partial<CreateOrchestratorOptions> {
  /** The user's own settings. */
  readonly user?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A real orchestrator over real files, as `victor chat` makes it. */
async function live(project: string, { user, files = {}, ...options }: LiveOptions = {}): Promise<Live> {
  const cwd = await makeWorkspace({ ...files, '.victorrc': project });
  const home = await makeWorkspace(user === undefined ? {} : { 'config.yaml': user });
  const environment = { ...options.environment, VICTOR_HOME: home };
  const orchestrator = await createOrchestrator({ cwd, trust: true, watch: true, ...options, environment });
  onTestFinished(() => orchestrator.close());
  const events: VictorEvent[] = [];
  orchestrator.subscribe((event) => events.push(event));
  return {
    orchestrator,
    cwd,
    home,
    events,
    save: (path, content) => writeFile(join(cwd, path), content),
    saveUser: (content) => writeFile(join(home, 'config.yaml'), content),
    changes: () => ofType(events, 'config-change'),
    notices: () => ofType(events, 'notice').map(({ text }) => text),
  };
}

/** Runs a command as the Bash tool of another chat in this folder would. */
function runInSandbox(cwd: string, command: string) {
  const paths = { configDirectory: '/nonexistent', dataDirectory: '/nonexistent' };
  const confinement = new CommandSandbox({
    settings: settings({ sandbox: 'require' }),
    environment: process.env,
    cwd,
    workspaceRoot: cwd,
    paths,
  });
  return runProcess({ command, cwd, environment: process.env, timeoutMs: 120_000, confinement });
}

describe('saving .victorrc while a chat runs', () => {
  it('applies at the next turn, with one event a change that names file and line', async () => {
    const { orchestrator, save, changes } = await live('maxTurns: 9\ncompaction:\n  strategy: recent\n');
    await orchestrator.chat('hello');
    await save('.victorrc', 'maxTurns: 7\ncompaction:\n  strategy: none\n');
    const events = await collect(orchestrator.stream('again'));
    expect(ofType(events, 'config-change').map(({ key }) => key)).toEqual([
      'maxTurns',
      'compaction.strategy',
    ]);
    expect(changes()[1]).toMatchObject({
      key: 'compaction.strategy',
      from: 'recent',
      to: 'none',
      file: '.victorrc',
      line: 3,
      effect: 'now',
    });
    expect(orchestrator.settings.maxTurns).toBe(7);
    expect((await orchestrator.compact()).strategy).toBe('none');
  });

  it('applies before a compaction that somebody asks for', async () => {
    const { orchestrator, save } = await live('compaction: { strategy: recent }\n');
    await orchestrator.chat('hello');
    await save('.victorrc', 'compaction: { strategy: none }\n');
    expect((await orchestrator.compact()).strategy).toBe('none');
  });

  it('applies by itself while nobody says anything', async () => {
    const { save, changes } = await live('maxTurns: 9\n');
    await save('.victorrc', 'maxTurns: 8\n');
    await expect.poll(() => changes().map(({ to }) => to)).toEqual(['8']);
  });

  it('takes the names that a command in the sandbox cannot make for no settings, while it runs and afterwards', async () => {
    const { orchestrator, cwd, changes, notices, save } = await live('', {
      files: { 'package.json': '{"victor":{"maxTurns":9}}', '.victorrc.yaml': 'maxTurns: 8\n' },
    });
    await rm(join(cwd, '.victorrc'));
    await orchestrator.chat('hello');
    expect(orchestrator.settings.maxTurns).toBe(8);
    const before = changes().length + notices().length;
    const running = runInSandbox(cwd, 'touch begun; until [ -e go ]; do sleep 0.05; done');
    await expect.poll(() => existsSync(join(cwd, 'begun'))).toBe(true);
    expect(existsSync(join(cwd, '.victorrc'))).toBe(true);
    // Longer than a watcher waits.
    await sleep(300);
    await orchestrator.chat('again');
    await save('go', '');
    await running;
    await sleep(300);
    await orchestrator.chat('once more');
    expect(changes().length + notices().length).toBe(before);
    await save('.victorrc', 'maxTurns: 7\n');
    await orchestrator.chat('and now');
    expect(orchestrator.settings.maxTurns).toBe(7);
  });

  it('gives commands what the user names from the next turn on', async () => {
    const { orchestrator, saveUser } = await live('', {
      environment: { PATH: process.env.PATH, MYAPP_MODE: 'canary' },
      user: 'sandbox: off\n',
    });
    const see = async () => {
      const call = { id: 'x', name: 'Bash', input: { command: 'env' } };
      const { content } = await orchestrator.coordinators.tool.execute(
        call,
        's',
        new AbortController().signal,
      );
      return content.includes('MYAPP_MODE=canary');
    };
    await orchestrator.chat('hello');
    expect(await see()).toBe(false);
    await saveUser('sandbox: off\ncommandEnvironment: [MYAPP_*]\n');
    await orchestrator.chat('again');
    expect(await see()).toBe(true);
  });

  it('sees a file that an editor puts in the place of the old one', async () => {
    const { orchestrator, cwd, save } = await live('maxTurns: 9\n');
    await save('.victorrc.new', 'maxTurns: 8\n');
    await rename(join(cwd, '.victorrc.new'), join(cwd, '.victorrc'));
    await orchestrator.chat('hello');
    expect(orchestrator.settings.maxTurns).toBe(8);
  });

  it('applies once what is saved several times in a row', async () => {
    const { orchestrator, cwd, changes } = await live('maxTurns: 9\n');
    // With nothing between them: each would be a save of its own on a disk that takes longer than a watcher waits.
    for (const text of ['maxTurns: 8\n', '', 'maxTurns: 6\n']) writeFileSync(join(cwd, '.victorrc'), text);
    await orchestrator.chat('hello');
    await sleep(300);
    await orchestrator.chat('again');
    expect(changes().map(({ from, to }) => [from, to])).toEqual([['9', '6']]);
  });

  it('waits for the end of a save that takes its time: no half of it is applied or found wrong', async () => {
    const { orchestrator, cwd, changes, notices } = await live('maxTurns: 9\n');
    const text = 'maxTurns: 80\ncompaction: { strategy: none }\n';
    let written = 1;
    const write = () => writeFileSync(join(cwd, '.victorrc'), text.slice(0, written));
    write();
    const writing = setInterval(() => {
      written += 1;
      write();
      if (written === text.length) clearInterval(writing);
    }, 3);
    onTestFinished(() => clearInterval(writing));
    await orchestrator.chat('hello');
    expect(written).toBe(text.length);
    expect(notices()).toEqual([]);
    expect(changes().map(({ key, to }) => [key, to])).toEqual([
      ['maxTurns', '80'],
      ['compaction.strategy', 'none'],
    ]);
  });

  it('keeps everything when the file is not valid, says why once, and applies it when it is mended', async () => {
    const { orchestrator, save, changes, notices } = await live(
      'maxTurns: 9\ncompaction: { strategy: none }\n',
    );
    await save('.victorrc', 'maxTurns: 8\ncompactoin: { strategy: recent }\n');
    await orchestrator.chat('hello');
    await orchestrator.chat('again');
    expect(orchestrator.settings.maxTurns).toBe(9);
    expect(notices()).toHaveLength(1);
    expect(notices()[0]).toMatch(/\.victorrc:2: .*compactoin.*compaction.*from before still hold/);
    await save('.victorrc', 'maxTurns: 8\ncompaction: { strategy: none }\n');
    await orchestrator.chat('and now');
    expect(orchestrator.settings.maxTurns).toBe(8);
    expect(changes()).toHaveLength(1);
  });

  it('keeps everything when an extension it names does not load', async () => {
    const { orchestrator, saveUser, changes, notices } = await live('', { user: 'maxTurns: 9\n' });
    await saveUser('maxTurns: 8\ncontributors: [base, ./missing.mjs]\n');
    await orchestrator.chat('hello');
    expect(orchestrator.settings.maxTurns).toBe(9);
    expect(changes()).toEqual([]);
    expect(notices().join('\n')).toContain('missing.mjs');
  });

  it('takes a file that is gone out of the settings, and says so', async () => {
    const { orchestrator, cwd, changes, notices } = await live('maxTurns: 9\n');
    await rm(join(cwd, '.victorrc'));
    await orchestrator.chat('hello');
    expect(orchestrator.settings.maxTurns).toBe(50);
    expect(changes()).toMatchObject([{ key: 'maxTurns', from: '9', to: '50' }]);
    expect(changes()[0]).not.toHaveProperty('file');
    expect(notices().join('\n')).toContain('.victorrc is no longer read');
  });

  it('sees a file that was not there at the start', async () => {
    const { orchestrator, home, saveUser, changes } = await live('');
    await saveUser('maxTurns: 8\n');
    await orchestrator.chat('hello');
    expect(changes()).toMatchObject([{ key: 'maxTurns', file: join(home, 'config.yaml'), line: 1 }]);
  });

  it('says nothing and reads nothing new while no file changes', async () => {
    const { orchestrator, changes, notices } = await live('maxTurns: 9\n');
    await orchestrator.chat('hello');
    await orchestrator.chat('again');
    expect(await orchestrator.reload()).toEqual({ changes: [], waiting: [] });
    expect([...changes(), ...notices()]).toEqual([]);
  });

  it('without watch changes nothing until reload is called', async () => {
    const { orchestrator, save } = await live('maxTurns: 9\n', { watch: false });
    await save('.victorrc', 'maxTurns: 8\n');
    await orchestrator.chat('hello');
    await sleep(200);
    expect(orchestrator.settings.maxTurns).toBe(9);
    expect((await orchestrator.reload()).changes).toMatchObject([{ key: 'maxTurns', to: '8' }]);
    expect(orchestrator.settings.maxTurns).toBe(8);
  });
});

const parrot = `export const create = () => ({ name: 'parrot', async *stream(request) {
  yield { type: 'text-delta', text: request.system + ' | ' + request.tools.map(({ name }) => name).join(' ') };
  yield { type: 'end', stopReason: 'end', usage: { inputTokens: 1000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, totalTokens: 1000 } };
} });`;

/** A provider that answers with the system prompt and the tools, so that a test sees what a turn was made of. */
async function parroting(user: string, files: Readonly<Record<string, string>> = {}): Promise<Live> {
  const one = await live('', { user: '', files });
  await writeFile(join(one.home, 'parrot.mjs'), parrot);
  await one.saveUser(`provider: ./parrot.mjs\n${user}`);
  await one.orchestrator.reload();
  return { ...one, saveUser: (content) => one.saveUser(`provider: ./parrot.mjs\n${content}`) };
}

describe('what a save swaps', () => {
  it('the provider and the model, and sessions that were switched keep theirs', async () => {
    const { orchestrator, events } = await parroting('model: one\n');
    const { provider } = orchestrator.coordinators;
    expect(provider.current()).toMatchObject({ provider: 'parrot', model: 'one' });
    expect(ofType(events, 'provider-change')).toMatchObject([{ to: 'parrot/one' }]);
    const other = await parroting('model: one\n');
    await other.orchestrator.switchProvider('two', 'switched');
    await other.saveUser('model: three\n');
    await other.orchestrator.reload();
    expect(other.orchestrator.coordinators.provider.current('switched').model).toBe('two');
    expect(other.orchestrator.coordinators.provider.current('fresh').model).toBe('three');
  });

  it('prices and budgets', async () => {
    const { orchestrator, saveUser } = await parroting('model: one\n');
    expect((await orchestrator.chat('hello')).costUsd).toBeNull();
    await saveUser('model: one\nprices: { one: { input: 3, output: 0 } }\nmaxBudgetUsd: 5\n');
    expect((await orchestrator.chat('hello')).costUsd).toBeCloseTo(0.003);
    expect(orchestrator.settings.maxBudgetUsd).toBe(5);
  });

  it('the compaction strategy, also where strategies are compared', async () => {
    const { orchestrator, save } = await live('compaction: { strategy: recent }\n');
    const compared = async () => {
      const message = { id: '1', role: 'user' as const, content: 'hello' };
      const scores = await orchestrator.coordinators.evaluation.evaluate([
        { sessionId: 's', messages: [message] },
      ]);
      return scores.find(({ configured }) => configured)?.strategy;
    };
    expect(await compared()).toBe('recent');
    await save('.victorrc', 'compaction: { strategy: none }\n');
    await orchestrator.reload();
    expect(await compared()).toBe('none');
  });

  it('the context window and the compaction threshold', async () => {
    const { orchestrator, saveUser } = await parroting('contextWindow: 50000\n');
    await saveUser('contextWindow: 60000\ncompaction: { threshold: 0.5 }\n');
    const events = await collect(orchestrator.stream('hello'));
    expect(ofType(events, 'request-end')[0]?.contextWindow).toBe(60_000);
    expect(ofType(events, 'config-change').map(({ key }) => key)).toEqual([
      'contextWindow',
      'compaction.threshold',
    ]);
  });

  it('contributors and the text that ends the prompt', async () => {
    const { orchestrator, saveUser, home } = await parroting('contributors: [base]\n');
    await writeFile(
      join(home, 'rules.mjs'),
      `export const create = ({ region }) => ({ getContribution: () => 'Rules of ' + region });`,
    );
    await saveUser('contributors: [base, [./rules.mjs, { region: eu }]]\nprompt: { append: The end. }\n');
    const { content } = await orchestrator.chat('hello');
    expect(content).toContain('Rules of eu');
    expect(content).toContain('The end.');
  });

  it('tools', async () => {
    const { orchestrator, saveUser, home } = await parroting('');
    await writeFile(
      join(home, 'deploy.mjs'),
      `export const create = () => ({ name: 'Deploy', kind: 'execute', description: 'Deploys.',
        schema: { safeParse: (data) => ({ success: true, data }), shape: {} }, execute: async () => ({ content: 'done' }) });`,
    );
    await saveUser('tools: [./deploy.mjs]\n');
    await orchestrator.chat('hello');
    expect(orchestrator.coordinators.tool.list().map(({ name }) => name)).toContain('Deploy');
    await saveUser('');
    await orchestrator.chat('hello');
    expect(orchestrator.coordinators.tool.list().map(({ name }) => name)).not.toContain('Deploy');
  });

  it('how many tools are offered, and by which strategy', async () => {
    const { orchestrator, saveUser } = await parroting('');
    await saveUser('toolSelection: { strategy: keyword, maxTools: 3 }\n');
    const events = await collect(orchestrator.stream('read the file', { sessionId: 'fresh' }));
    expect(ofType(events, 'tool-selection')[0]?.selection).toMatchObject({ strategy: 'keyword', epoch: 1 });
  });

  it('rules, and what the user allowed for a session stays allowed', async () => {
    const { orchestrator, saveUser } = await live('', { user: 'permissions: { deny: [Grep] }\n' });
    const { permission } = orchestrator.coordinators;
    const call = (name: string) => ({ id: '1', name, input: { pattern: 'x', command: 'ls' } });
    expect((await permission.decide(call('Grep'), 'one')).verdict).toBe('deny');
    await saveUser('permissions: { allow: [Bash], deny: [Glob] }\n');
    await orchestrator.reload();
    expect((await permission.decide(call('Grep'), 'one')).verdict).toBe('allow');
    expect((await permission.decide(call('Glob'), 'one')).verdict).toBe('deny');
  });

  it('folders that count as inside', async () => {
    const outside = await makeWorkspace({ 'a.txt': 'a' });
    const { orchestrator, saveUser } = await live('', { user: '' });
    const call = { id: '1', name: 'Read', input: { path: join(outside, 'a.txt') } };
    expect((await orchestrator.coordinators.permission.decide(call, 'one')).verdict).toBe('ask');
    await saveUser(`additionalDirectories: [${outside}]\n`);
    await orchestrator.reload();
    expect((await orchestrator.coordinators.permission.decide(call, 'one')).verdict).toBe('allow');
  });

  it('the mode, but one that the user chose gives way only to a stricter one', async () => {
    const { orchestrator, saveUser, events } = await live('', { user: 'permissions: { mode: ask }\n' });
    await orchestrator.chat('hello', { sessionId: 'chosen' });
    await orchestrator.chat('hello', { sessionId: 'default' });
    orchestrator.setMode('accept-edits', 'chosen');
    const { mode } = orchestrator.coordinators;
    await saveUser('permissions: { mode: yolo }\n');
    await orchestrator.reload();
    expect([mode.current('chosen'), mode.current('default')]).toEqual(['accept-edits', 'yolo']);
    expect(ofType(events, 'mode-change').at(-1)).toMatchObject({
      from: 'ask',
      to: 'yolo',
      sessionId: 'default',
    });
    await saveUser('permissions: { mode: plan }\n');
    await orchestrator.reload();
    expect([mode.current('chosen'), mode.current('default')]).toEqual(['plan', 'plan']);
  });

  it('exporters: the old one gets what was its own and is closed, the new one starts from now', async () => {
    const { orchestrator, saveUser, home } = await live('', { user: '' });
    const exporter = (name: string) => `import { appendFileSync } from 'node:fs';
      const note = (line) => appendFileSync(${JSON.stringify(join(home, `${name}.log`))}, line + '\\n');
      export const create = () => ({ name: '${name}', close: () => note('closed'),
        export: (events) => { for (const { type } of events) note(type); return { success: true, exportedCount: events.length }; } });`;
    for (const name of ['old', 'new', 'same']) await writeFile(join(home, `${name}.mjs`), exporter(name));
    await saveUser('exporters: [./old.mjs, ./same.mjs]\n');
    await orchestrator.reload();
    await orchestrator.chat('first');
    await saveUser('exporters: [./same.mjs, ./new.mjs]\n');
    await orchestrator.chat('second');
    await orchestrator.close();
    const lines = async (name: string) =>
      (await readFile(join(home, `${name}.log`), 'utf8')).trim().split('\n');
    const turns = (all: readonly string[]) => all.filter((line) => line === 'turn_end').length;
    expect([turns(await lines('old')), turns(await lines('new')), turns(await lines('same'))]).toEqual([
      1, 1, 2,
    ]);
    expect((await lines('old')).at(-1)).toBe('closed');
    expect((await lines('same')).filter((line) => line === 'closed')).toHaveLength(1);
  });

  it('whether analytics count', async () => {
    const { orchestrator, saveUser } = await live('', { user: '' });
    await saveUser('analytics: { enabled: false }\n');
    await orchestrator.chat('hello', { sessionId: 'quiet' });
    const { events } = await orchestrator.coordinators.analytics.getSessionAnalytics('quiet');
    expect(events.map(({ type }) => type)).not.toContain('turn_end');
  });

  it('config providers, who are asked again for sessions they answered before', async () => {
    const { orchestrator, saveUser, home } = await live('', { user: '' });
    await writeFile(
      join(home, 'team.mjs'),
      `export const create = ({ turns }) => ({ getConfig: () => ({ maxTurns: turns }) });`,
    );
    await saveUser('configProviders: [[./team.mjs, { turns: 4 }]]\n');
    await orchestrator.chat('hello', { sessionId: 'one' });
    expect(orchestrator.coordinators.config.getConfig('one')).toEqual({ maxTurns: 4 });
    await saveUser('configProviders: [[./team.mjs, { turns: 5 }]]\n');
    await orchestrator.chat('hello', { sessionId: 'one' });
    expect(orchestrator.coordinators.config.getConfig('one')).toEqual({ maxTurns: 5 });
  });

  it('workflows', async () => {
    const { orchestrator, save } = await live('');
    await save('.victorrc', 'workflows: { greet: { steps: [{ prompt: hello }] } }\n');
    const events = await collect(orchestrator.runWorkflow('greet', ''));
    expect(ofType(events, 'turn-end')).toHaveLength(1);
  });

  it('what no running process can swap is announced for the next start', async () => {
    const { orchestrator, saveUser, home, changes } = await live('', { user: '' });
    await writeFile(join(home, 'mode.mjs'), `throw new Error('must not be loaded');`);
    await saveUser('coordinators: { mode: ./mode.mjs }\n');
    await orchestrator.chat('hello');
    expect(changes()).toMatchObject([{ key: 'coordinators.mode', effect: 'after-restart' }]);
    expect(orchestrator.coordinators.mode.current()).toBe('ask');
  });

  it("a user's own coordinator that takes no new options keeps them until a restart", async () => {
    const files = {
      'prompt.mjs': `export const create = () => ({ buildSystemPrompt: async () => 'Mine.' });`,
    };
    const { orchestrator, save, changes } = await live('coordinators: { prompt: ./prompt.mjs }\n', { files });
    await save('.victorrc', 'coordinators: { prompt: ./prompt.mjs }\nprompt: { append: x }\nmaxTurns: 3\n');
    await orchestrator.chat('hello');
    expect(changes()).toMatchObject([
      { key: 'maxTurns', effect: 'now' },
      { key: 'prompt.append', effect: 'after-restart' },
    ]);
  });
});

describe('what a swap leaves alone', () => {
  it('a running turn keeps the settings it started with, and the session its messages and approvals', async () => {
    const { orchestrator, save } = await live('', { user: '' });
    const { context } = orchestrator.coordinators;
    const running = orchestrator.stream('hello', { sessionId: 'slow' });
    for await (const event of running) {
      if (event.type !== 'turn-start') continue;
      await save(
        '.victorrc',
        'contributors: [base]\ncompaction: { strategy: none }\nprompt: { append: New end. }\n',
      );
      await orchestrator.chat('meanwhile', { sessionId: 'other' });
      expect(orchestrator.settings.prompt.append).toBe('New end.');
      const { prompt } = orchestrator.coordinators;
      expect(await prompt.buildSystemPrompt({ sessionId: 'slow' })).not.toContain('New end.');
      expect(await prompt.buildSystemPrompt({ sessionId: 'other' })).toContain('New end.');
    }
    const { prompt } = orchestrator.coordinators;
    expect(await prompt.buildSystemPrompt({ sessionId: 'slow' })).toContain('New end.');
    expect(context.getContext('slow').messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  it('no secret reaches an event', async () => {
    const { orchestrator, saveUser, events } = await live('', { user: '' });
    const secret = 'sk-very-secret-value-1234';
    await saveUser(
      `exporters: [[file, { path: ./x.jsonl }]]\nprompt: { context: { apiKey: ${secret}, where: 'https://a.b/c?token=${secret}' } }\n`,
    );
    await orchestrator.chat('hello');
    expect(ofType(events, 'config-change').map(({ key }) => key)).toContain('prompt.context.apiKey');
    expect(JSON.stringify(events)).not.toContain(secret);
  });
});

describe('what a project may not change in a running process by itself', () => {
  const contributor = (text: string) => `export const create = () => ({ getContribution: () => '${text}' });`;

  it('a new extension by path waits for /reload, and the rest of the file applies', async () => {
    const files = { 'mine.mjs': contributor('Mine.') };
    const { orchestrator, save, changes, notices } = await live('maxTurns: 9\n', { files });
    await save('.victorrc', 'maxTurns: 8\ncontributors: [base, ./mine.mjs]\n');
    await orchestrator.chat('hello');
    expect(changes().map(({ key }) => key)).toEqual(['maxTurns']);
    expect(notices().join('\n')).toMatch(/\/reload.*contributors \(\.victorrc:2\)/);
    const { prompt } = orchestrator.coordinators;
    expect(await prompt.buildSystemPrompt({})).not.toContain('Mine.');
    expect(await orchestrator.reload({ confirm: true })).toMatchObject({
      changes: [{ key: 'contributors' }],
      waiting: [],
    });
    expect(await prompt.buildSystemPrompt({})).toContain('Mine.');
  });

  it('the commands of a workflow do, and an approval that is taken out, while its prompts apply at once', async () => {
    const steps = (...list: string[]) => `workflows: { ship: { steps: [${list.join(', ')}] } }\n`;
    const approval = '{ approval: Sure? }';
    const { orchestrator, save, notices } = await live(steps('{ command: echo a }', approval), {
      flags: { permissions: { mode: 'yolo' } },
    });
    await save('.victorrc', steps('{ command: touch pwned }'));
    const events = await collect(orchestrator.runWorkflow('ship', ''));
    expect(ofType(events, 'tool-call').map(({ title }) => title)).toEqual(['echo a']);
    expect(ofType(events, 'workflow-end')).toMatchObject([{ outcome: 'waiting' }]);
    expect(notices().join('\n')).toMatch(/\/reload.*workflows\.ship/);
    await orchestrator.reload({ confirm: true });
    const after = await collect(orchestrator.runWorkflow('ship', ''));
    expect(ofType(after, 'tool-call').map(({ title }) => title)).toEqual(['touch pwned']);
    await save('.victorrc', steps('{ prompt: hello }'));
    const prompts = await collect(orchestrator.runWorkflow('ship', ''));
    expect(ofType(prompts, 'turn-end')).toHaveLength(1);
  });

  it('changed code of a loaded extension waits too', async () => {
    const files = { 'mine.mjs': contributor('One.') };
    const { orchestrator, save, changes, notices } = await live('contributors: [base, ./mine.mjs]\n', {
      files,
    });
    const { prompt } = orchestrator.coordinators;
    await save('mine.mjs', contributor('Two, which is longer.'));
    await save('.victorrc', 'contributors: [base, ./mine.mjs]\nmaxTurns: 4\n');
    await orchestrator.chat('hello');
    expect(await prompt.buildSystemPrompt({})).toContain('One.');
    expect(notices().join('\n')).toContain('mine.mjs');
    await orchestrator.reload({ confirm: true });
    expect(await prompt.buildSystemPrompt({})).toContain('Two, which');
    expect(changes().map(({ key }) => key)).toEqual(['maxTurns', 'contributors']);
  });

  it("changed code of the user's own extension outside the workspace applies at once", async () => {
    const { orchestrator, saveUser, home } = await live('', { user: '' });
    const { prompt } = orchestrator.coordinators;
    await writeFile(join(home, 'mine.mjs'), contributor('One.'));
    await saveUser('contributors: [base, ./mine.mjs]\n');
    await orchestrator.chat('hello');
    expect(await prompt.buildSystemPrompt({})).toContain('One.');
    await writeFile(join(home, 'mine.mjs'), contributor('Two, which is longer.'));
    await orchestrator.chat('hello');
    expect(await prompt.buildSystemPrompt({})).toContain('Two, which');
  });

  it('built-ins need no confirmation, whatever their kind', async () => {
    const { orchestrator, save, changes } = await live('');
    await save(
      '.victorrc',
      'contributors: [base, environment]\ncompaction: { strategy: [summarize, { keepLast: 4 }] }\ntoolSelection: { strategy: keyword }\n',
    );
    expect((await orchestrator.reload()).waiting).toEqual([]);
    expect(changes().map(({ to }) => to)).toEqual([
      '["summarize",{"keepLast":4}]',
      'keyword',
      '["base","environment"]',
    ]);
  });

  it.each([
    ['an address', 'provider: openai\nbaseURL: http://127.0.0.1:9/v1\n', ['provider', 'baseURL']],
    ['a model of another provider', 'model: openai/gpt-4.1\n', ['model']],
    ['a provider that would be asked instead', 'fallback: [openai/gpt-4.1]\n', ['fallback']],
    ['exporters', 'exporters: [[file, { path: ./x.jsonl }]]\n', ['exporters']],
    ['config providers', 'configProviders: [./team.mjs]\n', ['configProviders']],
    ['tools', 'tools: [./tool.mjs]\n', ['tools']],
    ['a strategy by path', 'compaction: { strategy: ./mine.mjs }\n', ['compaction.strategy']],
  ])('%s', async (_, text, keys) => {
    const { orchestrator, save, changes } = await live('');
    await save('.victorrc', text);
    const { waiting } = await orchestrator.reload();
    expect(waiting.map(({ key }) => key)).toEqual(keys);
    expect(changes()).toEqual([]);
    expect(orchestrator.coordinators.provider.current().provider).toBe('offline');
  });

  it('its own rules go on to hold when they are taken out of the file, or the file away', async () => {
    const { orchestrator, cwd, save, notices } = await live('permissions: { deny: [Grep], mode: plan }\n');
    await save('.victorrc', 'permissions: { deny: [Glob] }\n');
    await orchestrator.chat('hello');
    expect([...orchestrator.settings.permissions.deny].sort()).toEqual(['Glob', 'Grep']);
    expect(orchestrator.coordinators.mode.current()).toBe('plan');
    expect(notices().join('\n')).toMatch(/permissions\.deny.*permissions\.mode/);
    await rm(join(cwd, '.victorrc'));
    await orchestrator.chat('hello');
    expect([...orchestrator.settings.permissions.deny].sort()).toEqual(['Glob', 'Grep']);
    await orchestrator.reload({ confirm: true });
    expect(orchestrator.settings.permissions.deny).toEqual([]);
    expect(orchestrator.coordinators.mode.current()).toBe('ask');
  });

  it('its own limits of a turn go on to hold when they are raised in the file or taken out, until the user confirms', async () => {
    const { orchestrator, save, notices } = await live(
      'maxToolCalls: 5\nmaxTotalTokens: 90000\nmaxMinutes: 2\n',
    );
    await save('.victorrc', 'maxToolCalls: 6\nmaxMinutes: 1\n');
    await orchestrator.chat('hello');
    const held = { maxToolCalls: 5, maxTotalTokens: 90_000, maxMinutes: 1 };
    expect(orchestrator.settings).toMatchObject(held);
    expect(notices().join('\n')).toMatch(/\/reload.*maxToolCalls.*maxTotalTokens/);
    await orchestrator.reload({ confirm: true });
    expect(orchestrator.settings).toMatchObject({ maxToolCalls: 6, maxMinutes: 1 });
    expect(orchestrator.settings.maxTotalTokens).toBeUndefined();
  });

  it('its own budgets of a day and of the project go on to hold until the user confirms', async () => {
    const { orchestrator, save, notices } = await live('maxDayUsd: 5\nmaxProjectUsd: 50\n');
    await save('.victorrc', 'maxDayUsd: 6\n');
    await orchestrator.chat('hello');
    expect(orchestrator.settings).toMatchObject({ maxDayUsd: 5, maxProjectUsd: 50 });
    expect(notices().join('\n')).toMatch(/\/reload.*maxDayUsd.*maxProjectUsd/);
    await orchestrator.reload({ confirm: true });
    expect(orchestrator.settings.maxDayUsd).toBe(6);
    expect(orchestrator.settings.maxProjectUsd).toBeUndefined();
  });

  it('settings that are code do not run until the user confirms them', async () => {
    const { orchestrator, cwd, save, notices } = await live('');
    await rm(join(cwd, '.victorrc'));
    const ran = join(cwd, 'ran');
    await save(
      '.victorrc.mjs',
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(ran)}, ''); export default { maxTurns: 3 };`,
    );
    await orchestrator.chat('hello');
    expect(existsSync(ran)).toBe(false);
    expect(notices().join('\n')).toContain('.victorrc.mjs');
    await orchestrator.reload({ confirm: true });
    expect(orchestrator.settings.maxTurns).toBe(3);
  });

  it('C07: an untrusted folder stays as restricted as it was, also with /reload', async () => {
    const files = { 'mine.mjs': `throw new Error('must not run');` };
    const { orchestrator, save, notices } = await live('', { trust: false, files });
    await save('.victorrc', 'provider: openai\ncontributors: [./mine.mjs]\npermissions: { deny: [Grep] }\n');
    await orchestrator.reload({ confirm: true });
    expect(orchestrator.coordinators.provider.current().provider).toBe('offline');
    expect(orchestrator.settings.permissions.deny).toEqual(['Grep']);
    expect(notices().join('\n')).toContain('victor trust');
  });
});
