import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { scriptedOrchestrator } from './helpers/scripted-orchestrator.js';
import { makeWorkspace } from './helpers/workspace.js';

it('settings given in code name built-ins of every kind, as a file would', async () => {
  const cwd = await makeWorkspace({});
  const { orchestrator, requests } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
    cwd,
    environment: { TEAM_maxTurns: '7' },
    settings: {
      compaction: { strategy: ['task-aware', { keepLast: 2 }] },
      toolSelection: { strategy: 'keyword', maxTools: 3 },
      contributors: ['base', ['language', { language: 'fr' }]],
      prompt: { append: 'Be brief.' },
      exporters: [['file', { path: 'events.jsonl' }]],
      configProviders: [['env', { prefix: 'TEAM_' }]],
    },
  });
  await orchestrator.chat('hello');
  expect(requests[0]?.system).toMatch(/^You are Victor[\s\S]*français[\s\S]*Be brief\.$/);
  expect(orchestrator.coordinators.config.getConfig()).toEqual({ maxTurns: 7 });
  expect((await orchestrator.compact()).strategy).toBe('task-aware');
  const { coordinators } = orchestrator;
  const request = { sessionId: 's', text: 'read', tools: coordinators.tool.list() };
  expect((await coordinators.toolSelection.select(request)).strategy).toBe('keyword');
  await coordinators.analytics.exportAnalytics();
  expect(await readFile(join(cwd, 'events.jsonl'), 'utf8')).toContain('"turn_end"');
});

it('a file or a package in settings given in code is refused by name, with what loads it', () => {
  const made = (settings: object) => () => new AgentOrchestrator({ settings, environment: {} });
  expect(made({ exporters: ['./mine.js'] })).toThrow(/exporters names \.\/mine\.js/);
  expect(made({ compaction: { strategy: 'a-package' } })).toThrow(/compaction\.strategy names a-package/);
  expect(made({ exporters: [['file', { path: 'x', paht: 'y' }]] })).toThrow(/paht/);
});

it('the usual contributors tell of a folder, so that a library gets them only by naming them', async () => {
  const files = { 'AGENTS.md': 'Use tabs.' };
  const plain = await scriptedOrchestrator(() => ({ text: 'ok' }), { files });
  await plain.orchestrator.chat('hello');
  expect(plain.requests[0]?.system).not.toContain('Use tabs.');
  const named = await scriptedOrchestrator(() => ({ text: 'ok' }), {
    files,
    settings: { contributors: ['base', 'project-files'] },
  });
  await named.orchestrator.chat('hello');
  expect(named.requests[0]?.system).toContain('Use tabs.');
});
