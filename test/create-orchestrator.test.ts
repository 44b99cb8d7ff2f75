import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOrchestrator } from '../src/create-orchestrator.js';
import { collect, ofType } from './helpers/scripted-orchestrator.js';
import { makeWorkspace } from './helpers/workspace.js';

const extensions = {
  'parts/contributor.mjs': `export const create = ({ region }) => ({
    name: 'compliance', priority: 80, getContribution: () => 'Rules of ' + region });`,
  'parts/compaction.mjs': `export const create = () => ({
    name: 'last-one', compact: ({ messages, metadata }) => ({ messages: messages.slice(-1), metadata }) });`,
  'parts/selection.mjs': `export const create = () => ({
    name: 'alphabet', score: (_, tools) => tools.map(({ name }) => ({ name, score: name < 'M' ? 1 : 0, reason: 'letter' })) });`,
  'parts/config.mjs': `export const create = () => ({ name: 'fixed', getConfig: () => ({ prompt: { context: { team: 'red' } } }) });`,
  'parts/provider.mjs': `export const create = () => ({ name: 'parrot', async *stream(request) {
    yield { type: 'text-delta', text: request.system };
    yield { type: 'end', stopReason: 'end', usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, totalTokens: 2 } };
  } });`,
  'parts/mode.mjs': `export const create = () => ({ current: () => 'plan', set() {}, allows: () => ({ verdict: 'deny', reason: 'No.' }) });`,
};

async function open(configuration: Record<string, unknown>, trust: boolean) {
  const files = { ...extensions, '.victorrc': JSON.stringify(configuration), 'AGENTS.md': 'Use tabs here.' };
  const cwd = await makeWorkspace(files);
  const home = await makeWorkspace();
  const environment = { VICTOR_HOME: home };
  return { orchestrator: await createOrchestrator({ cwd, environment, trust }), cwd, home, environment };
}

describe('createOrchestrator', () => {
  it('loads every kind of extension that a trusted .victorrc names', async () => {
    const { orchestrator, cwd } = await open(
      {
        provider: './parts/provider.mjs',
        contributors: ['base', 'project-files', ['./parts/contributor.mjs', { region: 'eu' }]],
        compaction: { strategy: './parts/compaction.mjs' },
        toolSelection: { strategy: './parts/selection.mjs', maxTools: 8 },
        configProviders: ['./parts/config.mjs'],
        exporters: [['file', { path: './events.jsonl' }]],
        prompt: { append: 'End of prompt.' },
      },
      true,
    );
    const events = await collect(orchestrator.stream('hello'));
    const prompt = ofType(events, 'turn-end')[0]!.content;
    expect(prompt).toContain('You are Victor');
    expect(prompt).toContain('Rules of eu');
    expect(prompt).toContain('Use tabs here.');
    expect(prompt.endsWith('End of prompt.')).toBe(true);
    expect(ofType(events, 'tool-selection')[0]?.selection.strategy).toBe('alphabet');
    expect(ofType(events, 'config-load')[0]?.keys).toEqual(['prompt']);
    await orchestrator.chat('again');
    expect(await orchestrator.compact()).toMatchObject({ strategy: 'last-one', changed: true });
    await orchestrator.close();
    const exported = (await readFile(join(cwd, 'events.jsonl'), 'utf8')).trim().split('\n');
    expect(exported.map((line) => JSON.parse(line).type)).toContain('turn_end');
  });

  it('loads a whole coordinator by path', async () => {
    const files = { ...extensions, 'config.yaml': 'coordinators: { mode: ./parts/mode.mjs }\n' };
    const home = await makeWorkspace(files);
    const cwd = await makeWorkspace();
    const orchestrator = await createOrchestrator({ cwd, environment: { VICTOR_HOME: home } });
    expect(orchestrator.coordinators.mode.current()).toBe('plan');
    await orchestrator.close();
  });

  it('C07: from an untrusted folder nothing of this loads, and a notice says what would', async () => {
    const { orchestrator } = await open(
      {
        provider: './parts/provider.mjs',
        contributors: ['./parts/contributor.mjs'],
        permissions: { deny: ['Grep'] },
      },
      false,
    );
    expect(orchestrator.coordinators.provider.current().provider).toBe('offline');
    expect(orchestrator.settings.permissions.deny).toEqual(['Grep']);
    const notices = orchestrator.notices.join('\n');
    expect(notices).toContain('provider');
    expect(notices).toContain('contributors');
    expect(notices).toContain('victor trust');
    await orchestrator.close();
  });

  it('keeps sessions in the database, and in memory only when asked to', async () => {
    const { orchestrator, environment, cwd } = await open({}, false);
    await orchestrator.chat('hello', { sessionId: 'kept' });
    await orchestrator.close();
    const again = await createOrchestrator({ cwd, environment });
    expect((await again.coordinators.session.list()).map(({ id }) => id)).toEqual(['kept']);
    await again.close();
    const memory = await createOrchestrator({ cwd, environment, persist: false });
    expect(await memory.coordinators.session.list()).toEqual([]);
    await memory.close();
  });

  it('removes outputs of tools that are older than a week, soon after the start', async () => {
    const { orchestrator, home } = await open({}, false);
    const old = join(home, 'output', `output-${randomUUID()}.txt`);
    await mkdir(join(home, 'output'), { recursive: true });
    await writeFile(old, 'old');
    await utimes(old, 0, 0);
    await expect.poll(() => existsSync(old)).toBe(false);
    await orchestrator.close();
  });

  it('an extension that does not exist is an error that lists what does', async () => {
    const advice = expect.stringContaining('base');
    await expect(open({ contributors: ['bsae'] }, true)).rejects.toMatchObject({ code: 'extension', advice });
  });
});
