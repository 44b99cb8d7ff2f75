import { describe, expect, it } from 'vitest';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const workflows = {
  release: {
    description: 'Prepare a release',
    steps: [{ prompt: 'List changes since {{input}}' }, { prompt: 'Write notes' }],
  },
};

describe('workflows', () => {
  it('are listed with their description and number of steps', async () => {
    const { orchestrator } = await scriptedOrchestrator([], { settings: { workflows } });
    const expected = [{ name: 'release', description: 'Prepare a release', steps: 2 }];
    expect(orchestrator.coordinators.workflow.list()).toEqual(expected);
  });

  it('run their steps in order, in one session, with the input filled in as plain text', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'one' }, { text: 'two' }], {
      settings: { workflows },
    });
    const events = await collect(orchestrator.runWorkflow('release', '$& v1.0'));
    expect(ofType(events, 'turn-end').map(({ content }) => content)).toEqual(['one', 'two']);
    const contents = requests[1]?.messages.map(({ content }) => content);
    expect(contents).toEqual(['List changes since $& v1.0', 'one', 'Write notes']);
  });

  it('stop at a step that reached a limit', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => toolCall('List', { path: '.' }), {
      settings: { workflows, maxTurns: 1 },
    });
    const events = await collect(orchestrator.runWorkflow('release', ''));
    expect(ofType(events, 'turn-end').map(({ reason }) => reason)).toEqual(['limit']);
    expect(requests).toHaveLength(1);
  });

  it('an unknown name is an error that lists what exists', async () => {
    const { orchestrator } = await scriptedOrchestrator([], { settings: { workflows } });
    const run = collect(orchestrator.runWorkflow('relaese', ''));
    await expect(run).rejects.toMatchObject({ code: 'config', advice: 'Workflows: release.' });
  });
});
