import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../src/create-orchestrator.js';
import type { HealthCheck } from '../src/health.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { makeWorkspace } from './helpers/workspace.js';

/** The health of an orchestrator on these settings of the user, with these files beside them. */
async function healthOf(
  configuration: Record<string, unknown>,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly HealthCheck[]> {
  const home = await makeWorkspace({ ...files, 'config.json': JSON.stringify(configuration) });
  const orchestrator = await createOrchestrator({
    cwd: await makeWorkspace(),
    environment: { VICTOR_HOME: home },
  });
  onTestFinished(() => orchestrator.close());
  return orchestrator.health();
}

const broken = (checks: readonly HealthCheck[]) =>
  checks.filter(({ ok }) => !ok).map(({ kind, name, detail }) => [kind, name.replace(/.*\//, ''), detail]);

describe('health', () => {
  it('asks the store, each of the fifteen coordinators and each extension that settings name', async () => {
    const checks = await healthOf({});
    expect(broken(checks)).toEqual([]);
    expect(checks.filter(({ kind }) => kind === 'coordinator')).toHaveLength(15);
    expect(checks).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'store',
          detail: expect.stringMatching(/victor\.db, intact and writable/),
        }),
        expect.objectContaining({ kind: 'contributor', name: 'base' }),
        expect.objectContaining({ kind: 'contributor', name: 'project-files' }),
        expect.objectContaining({ kind: 'compaction', name: 'recent', detail: 'answers' }),
        expect.objectContaining({ kind: 'tool-selection', detail: 'answers' }),
      ]),
    );
  });

  it('one coordinator that is broken, and one that hangs, hide no other', async () => {
    const orchestrator = new AgentOrchestrator({});
    orchestrator.coordinators.workflow.list = () => {
      throw new Error('broken on purpose');
    };
    orchestrator.coordinators.analytics.getSessionAnalytics = () => new Promise(() => {});
    const checks = await orchestrator.health();
    expect(checks.filter(({ kind }) => kind === 'coordinator')).toHaveLength(15);
    expect(broken(checks)).toEqual([
      ['coordinator', 'analytics', 'no answer within 7000 ms'],
      ['coordinator', 'workflow', 'broken on purpose'],
    ]);
    await orchestrator.close();
  });

  it('an orchestrator in memory says so', async () => {
    const orchestrator = new AgentOrchestrator({});
    expect((await orchestrator.health())[0]).toEqual({
      kind: 'store',
      name: 'store',
      ok: true,
      detail: 'in memory',
    });
    await orchestrator.close();
  });

  it.each([
    [
      'contributor',
      { contributors: ['./x.mjs'] },
      '{ getContribution() { throw new Error("no luck"); } }',
      'no luck',
    ],
    ['contributor', { contributors: ['./x.mjs'] }, '{ getContribution: () => 7 }', /returned number/],
    ['contributor', { contributors: ['./x.mjs'] }, '{}', 'has no method getContribution()'],
    ['config-provider', { configProviders: ['./x.mjs'] }, '{ getConfig: () => null }', /returned null/],
    [
      'config-provider',
      { configProviders: ['./x.mjs'] },
      '{ getConfig: () => ({}), check: async () => { throw new Error("no database"); } }',
      'no database',
    ],
    ['compaction', { compaction: { strategy: './x.mjs' } }, '{ compact: () => ({}) }', /no messages/],
    ['tool-selection', { toolSelection: { strategy: './x.mjs' } }, '{ score: () => [] }', /one score/],
    ['exporter', { exporters: ['./x.mjs'] }, '{}', 'has no method export()'],
    ['exporter', { exporters: ['./x.mjs'] }, '{ export() {}, check() { throw new Error("down"); } }', 'down'],
    ['tool', { tools: ['./x.mjs'] }, '{ name: "Deploy", describe() {}, execute() {} }', 'has no kind'],
  ])(
    'an extension that does not keep its contract is named alone: %s %j %s',
    async (kind, settings, made, detail) => {
      const found = broken(await healthOf(settings, { 'x.mjs': `export const create = () => (${made});` }));
      expect(found.filter(([what]) => what !== 'coordinator')).toEqual([
        [kind, 'x.mjs', expect.stringMatching(detail)],
      ]);
    },
  );

  it('an extension that did not load is named with what serves instead, beside those that did', async () => {
    const checks = await healthOf({ contributors: ['base', './gone.mjs'] });
    expect(broken(checks)).toEqual([
      [
        'contributor',
        'gone.mjs',
        expect.stringMatching(/there is no file .* Instead: the prompt without it/),
      ],
    ]);
    expect(checks).toContainEqual(expect.objectContaining({ kind: 'contributor', name: 'base', ok: true }));
  });

  it('asks an exporter what it says of itself', async () => {
    const made = '{ export: () => ({ success: true, exportedCount: 0 }), check: () => "warehouse is open" }';
    const checks = await healthOf(
      { exporters: ['./x.mjs'] },
      { 'x.mjs': `export const create = () => (${made});` },
    );
    expect(checks).toContainEqual(expect.objectContaining({ kind: 'exporter', detail: 'warehouse is open' }));
  });
});
