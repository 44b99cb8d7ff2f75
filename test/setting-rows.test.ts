import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../src/create-orchestrator.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { initialState } from '../src/state.js';
import { commands } from '../src/ui/commands/registry.js';
import { runCommand } from '../src/ui/commands/run-command.js';
import { runVictor } from './helpers/run-victor.js';
import { makeWorkspace } from './helpers/workspace.js';

const text = `maxTurns: 7
provider: [ollama, { apiKeyVariable: TEAM_KEY, headers: { authorization: Bearer of-great-secrecy } }]
configProviders: [./session.mjs]
`;
const provider = `export const create = () => ({
  getConfig: (id) => (id === 'other' ? { maxTurns: 3, prompt: { append: 'Be brief.' } } : {}) });`;

async function open() {
  const home = await makeWorkspace();
  const cwd = await makeWorkspace({ '.victorrc': text, 'session.mjs': provider });
  const environment = { VICTOR_HOME: home, VICTOR_MODEL: 'small', PATH: process.env.PATH ?? '' };
  const orchestrator = await createOrchestrator({ cwd, environment, trust: true, flags: { maxTokens: 99 } });
  onTestFinished(() => orchestrator.close());
  return { orchestrator, cwd, environment };
}

describe('the settings of a session with their origins', () => {
  it('are those of victor config show --origin, secrets masked', async () => {
    const { orchestrator, cwd, environment } = await open();
    const shown = await runVictor(['config', 'show', '--origin', '--trust', '-C', cwd], { env: environment });
    const { sessionId } = orchestrator;
    const context = {
      port: orchestrator,
      sessionId,
      state: initialState(),
      commands,
      columns: 80,
      cwd: '/nowhere',
      hint: () => {},
      send: () => {},
      copy: async () => [],
      switchSession: async () => [],
      changeMode: () => true,
      show() {},
      choose: async () => undefined,
      setInput() {},
      quit: () => {},
    };
    const [block] = await runCommand('/config', context, false);
    const lines = (block as { text: string }).text.split('\n');
    expect(lines).toContain(`maxTurns = 7  # project ${cwd}/.victorrc:1`);
    expect(lines).toContain('model = "small"  # environment VICTOR_MODEL');
    expect(lines).toContain('maxTokens = 99  # flags');
    expect(lines.join('\n')).toContain('"authorization":"…recy"');
    expect(lines.join('\n')).not.toContain('great');
    const others = (all: readonly string[]) => all.filter((line) => !line.startsWith('maxTokens'));
    expect(others(lines)).toEqual(others(shown.stdout.trimEnd().split('\n')));
  });

  it('name what a config provider said for just this session', async () => {
    const { orchestrator } = await open();
    await orchestrator.coordinators.config.loadConfig('other');
    const rows = orchestrator.settingRows('other');
    expect(rows).toContainEqual({ key: 'maxTurns', value: 3, origin: { layer: 'session' } });
    expect(rows).toContainEqual({ key: 'prompt.append', value: 'Be brief.', origin: { layer: 'session' } });
    expect(rows).toContainEqual({
      key: 'model',
      value: 'small',
      origin: { layer: 'environment', variable: 'VICTOR_MODEL' },
    });
    expect(orchestrator.settingRows()).toContainEqual(expect.objectContaining({ key: 'maxTurns', value: 7 }));
  });

  it('are those of now after a reload', async () => {
    const { orchestrator, cwd } = await open();
    await orchestrator.openSession();
    await writeFile(join(cwd, '.victorrc'), `\n${text.replace('7', '9')}`);
    await orchestrator.reload({ confirm: true });
    expect(orchestrator.settingRows()).toContainEqual({
      key: 'maxTurns',
      value: 9,
      origin: { layer: 'project', file: join(cwd, '.victorrc'), line: 2 },
    });
  });

  it('of an orchestrator made from settings are those settings', async () => {
    const orchestrator = new AgentOrchestrator({ settings: { maxTurns: 4 } });
    const rows = orchestrator.settingRows();
    expect(rows).toContainEqual({ key: 'maxTurns', value: 4, origin: { layer: 'program' } });
    expect(rows).toContainEqual({ key: 'maxTokens', value: 8192, origin: { layer: 'defaults' } });
    await orchestrator.close();
  });
});
