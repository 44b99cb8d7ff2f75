import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../src/create-orchestrator.js';
import { AgentOrchestrator } from '../src/orchestrator.js';
import { temporaryDirectory } from './helpers/run-victor.js';
import { scriptedOrchestrator, toolCall } from './helpers/scripted-orchestrator.js';

it('each rule that holds is told with where it comes from: files, flags, a program', async () => {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  writeFileSync(join(cwd, '.victorrc'), 'permissions:\n  deny:\n    - Bash(git push:*)\n');
  const orchestrator = await createOrchestrator({
    cwd,
    environment: { VICTOR_HOME: home },
    persist: false,
    disallowedTools: ['Write'],
    allowedTools: ['Bash(make)'],
  });
  onTestFinished(() => orchestrator.close());
  expect(orchestrator.permissionRules()).toEqual([
    {
      list: 'deny',
      rule: 'Bash(git push:*)',
      origin: expect.objectContaining({ layer: 'project', line: 3 }),
    },
    { list: 'deny', rule: 'Write', origin: { layer: 'flags' } },
    { list: 'allow', rule: 'Bash(make)', origin: { layer: 'flags' } },
  ]);
  const program = new AgentOrchestrator({ settings: { permissions: { ask: ['Read'] } } });
  onTestFinished(() => program.close());
  expect(program.permissionRules()).toEqual([{ list: 'ask', rule: 'Read', origin: { layer: 'program' } }]);
});

it('what was allowed for a session is told in words, for that session and no other', async () => {
  const steps = [
    toolCall('Write', { path: 'a.txt', content: 'x' }),
    toolCall('Bash', { command: 'true && echo ok > b' }),
  ];
  const { orchestrator } = await scriptedOrchestrator([...steps, { text: 'Done.' }], {
    onApproval: async () => ({ allowed: true, scope: 'session' }),
  });
  expect(orchestrator.sessionApprovals()).toEqual([]);
  await orchestrator.chat('go');
  expect(orchestrator.sessionApprovals()).toEqual([
    { tool: 'Write', what: 'what is not protected in the workspace' },
    { tool: 'Bash', what: 'true && echo ok > b' },
  ]);
  expect(orchestrator.sessionApprovals('another')).toEqual([]);
});
