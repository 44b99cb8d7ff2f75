import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { ofType } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { calls, hostileServer, offered } from './servers.js';

const hostile = fileURLToPath(new URL('../fixtures/mcp/hostile-server.mjs', import.meta.url));
const until = (holds: () => void) => vi.waitFor(holds, { timeout: 120_000, interval: 20 });

/** An orchestrator as a chat makes it, over files that are saved while it runs. */
async function running(...steps: Parameters<typeof scriptedModel>) {
  const model = await scriptedModel(...steps);
  const [cwd, home] = [await makeWorkspace({}), await makeWorkspace({})];
  const saveUser = (mcpServers: Readonly<Record<string, unknown>>, more = {}) =>
    writeFileSync(join(home, 'config.json'), JSON.stringify({ mcpServers, mcpWaitMs: 45_000, ...more }), {
      mode: 0o600,
    });
  const saveProject = (mcpServers: Readonly<Record<string, unknown>>) =>
    writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers }));
  return {
    ...{ model, cwd, home, saveUser, saveProject },
    async open() {
      const environment = { ...process.env, ...model.env, VICTOR_HOME: home };
      const orchestrator = await createOrchestrator({
        ...{ cwd, environment, trust: true, watch: true, persist: false },
        onApproval: async () => ({ allowed: true, scope: 'once' }),
      });
      onTestFinished(() => orchestrator.close());
      const events: VictorEvent[] = [];
      orchestrator.subscribe((event) => events.push(event));
      const notices = () => ofType(events, 'notice').map(({ text }) => text);
      return {
        orchestrator,
        events,
        notices,
        names: () => orchestrator.toolServers?.list().map(({ name }) => name),
      };
    },
  };
}

it('one that is named while a chat runs is started, and its tools are offered with the next message', async () => {
  const { model, saveUser, open } = await running({ text: 'Nothing yet.' }, calls('mcp__late__do'), {
    text: 'Done.',
  });
  saveUser({});
  const { orchestrator, events, names } = await open();
  await orchestrator.chat('hello');
  expect(names()).toEqual([]);
  saveUser({ late: hostileServer('well') });
  await orchestrator.chat('and now?');
  expect([offered(model, 0), offered(model, 1)]).toEqual([[], ['mcp__late__do', 'mcp__late__other']]);
  expect(model.toolResults().join()).toContain('do was done');
  const changes = ofType(events, 'config-change').filter(({ key }) => key.startsWith('mcpServers'));
  expect(new Set(changes.map(({ effect }) => effect))).toEqual(new Set(['now']));
});

it('one that is taken out ends without a word, its tools go, and the others go on as they are', async () => {
  const { model, cwd, saveUser, open } = await running({ text: 'Yes.' });
  const log = join(cwd, 'log');
  const stays = hostileServer('counts', log);
  saveUser({ stays, goes: hostileServer('leaves-a-child', join(cwd, 'pids')) });
  const { orchestrator, notices, names } = await open();
  await orchestrator.chat('hello');
  const [pid = ''] = readFileSync(join(cwd, 'pids'), 'utf8').split(' ');
  saveUser({ stays });
  await orchestrator.chat('and now?');
  await until(() => expect(existsSync(`/proc/${pid}`)).toBe(false));
  expect(names()).toEqual(['stays']);
  expect(offered(model, 1)).toEqual(['mcp__stays__do', 'mcp__stays__other']);
  expect(readFileSync(log, 'utf8')).toBe('started\n');
  expect(notices()).toEqual([]);
});

it('one whose definition changes is another server: the old one ends, the new one is asked what it has', async () => {
  const { cwd, saveUser, open } = await running({ text: 'Yes.' });
  const log = join(cwd, 'log');
  saveUser({ one: hostileServer('leaves-a-child', join(cwd, 'pids')) });
  const { orchestrator } = await open();
  await orchestrator.chat('hello');
  const [pid = ''] = readFileSync(join(cwd, 'pids'), 'utf8').split(' ');
  saveUser({ one: hostileServer('counts', log) });
  await orchestrator.chat('and now?');
  expect(readFileSync(log, 'utf8')).toBe('started\n');
  await until(() => expect(existsSync(`/proc/${pid}`)).toBe(false));
});

it("a project's server that is new or changed is not started before the user confirms it", async () => {
  const { cwd, saveUser, saveProject, open } = await running({ text: 'Yes.' });
  saveUser({});
  const log = join(cwd, 'log');
  saveProject({ theirs: hostileServer('well') });
  const { orchestrator, notices, names } = await open();
  await orchestrator.chat('hello');
  expect(names()).toEqual(['theirs']);
  saveProject({ theirs: hostileServer('counts', log), more: hostileServer('counts', log) });
  await orchestrator.chat('and now?');
  expect(names()).toEqual(['theirs']);
  expect(existsSync(log)).toBe(false);
  expect(notices().join()).toMatch(/confirm it with \/reload.*mcpServers\.theirs.*mcpServers\.more/);
  await orchestrator.reload({ confirm: true });
  await orchestrator.chat('and now?');
  expect(names()).toEqual(['theirs', 'more']);
  expect(readFileSync(log, 'utf8')).toBe('started\nstarted\n');
});

it("a project's server whose code has changed stays unstarted through other saves, until the user confirms that", async () => {
  const { model, cwd, saveUser, saveProject, open } = await running(
    calls('mcp__theirs__do'),
    { text: 'It died.' },
    calls('mcp__theirs__do'),
    { text: 'It did not start.' },
    calls('mcp__theirs__do'),
    { text: 'It works.' },
  );
  saveUser({});
  const code = join(cwd, 'server.mjs');
  copyFileSync(hostile, code);
  saveProject({ theirs: { command: process.execPath, args: ['./server.mjs', 'dies-once', './died'] } });
  writeFileSync(join(cwd, 'died'), '');
  const { orchestrator } = await open();
  await orchestrator.chat('call it');
  writeFileSync(code, `${readFileSync(hostile, 'utf8')}\n// changed`);
  saveUser({}, { maxTurns: 17 });
  await orchestrator.chat('call it');
  expect(orchestrator.settings.maxTurns).toBe(17);
  expect(model.toolResults().at(-1)).toContain('has changed since you confirmed it');
  await orchestrator.reload({ confirm: true });
  await orchestrator.chat('call it');
  expect(model.toolResults().at(-1)).toContain('back again');
});

it('a name of the user that goes does not let a server of the project in by itself', async () => {
  const { cwd, saveUser, saveProject, open } = await running({ text: 'Yes.' });
  const log = join(cwd, 'log');
  saveUser({ one: hostileServer('well') });
  saveProject({ one: hostileServer('counts', log) });
  const { orchestrator } = await open();
  await orchestrator.chat('hello');
  saveUser({});
  await orchestrator.chat('and now?');
  expect(existsSync(log)).toBe(false);
});
