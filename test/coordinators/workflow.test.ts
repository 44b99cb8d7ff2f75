import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PartialSettings, settings } from '../../src/config/schema.js';
import type { ApprovalRequest } from '../../src/coordinators/permission.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';
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

  it('that name an input are not begun without one', async () => {
    const { orchestrator } = await scriptedOrchestrator([], { settings: { workflows } });
    const run = collect(orchestrator.runWorkflow('release', ' '));
    await expect(run).rejects.toThrow('The workflow release needs an input');
  });

  it('stop at a step that reached a limit', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(() => toolCall('List', { path: '.' }), {
      settings: { workflows, maxTurns: 1 },
    });
    const events = await collect(orchestrator.runWorkflow('release', 'v1'));
    expect(ofType(events, 'turn-end').map(({ reason }) => reason)).toEqual(['limit']);
    expect(requests).toHaveLength(1);
  });

  it('an unknown name is an error that lists what exists', async () => {
    const { orchestrator } = await scriptedOrchestrator([], { settings: { workflows } });
    const run = collect(orchestrator.runWorkflow('relaese', ''));
    await expect(run).rejects.toMatchObject({ code: 'config', advice: 'Workflows: release.' });
  });
});

type Steps = NonNullable<PartialSettings['workflows']>[string]['steps'];

/** Runs without asking whatever no rule denies. */
const yolo = { permissions: { mode: 'yolo' } } as const;
const flow = (steps: Steps) => ({ workflows: { flow: { steps } }, ...yolo });

async function run(steps: Steps, input = '', options: Parameters<typeof scriptedOrchestrator>[1] = {}) {
  const made = await scriptedOrchestrator([], { settings: flow(steps), ...options });
  const events = await collect(made.orchestrator.runWorkflow('flow', input));
  const ends = ofType(events, 'workflow-step').filter(({ status }) => status !== 'started');
  return { ...made, events, ends, outcome: ofType(events, 'workflow-end').at(-1)?.outcome };
}

describe('command steps', () => {
  it('run as the Bash tool runs them; their exit code and output are told, and they are no part of the conversation', async () => {
    const { ends, outcome, orchestrator, events, requests } = await run([
      { name: 'say', command: 'echo out; echo err >&2' },
      { command: 'cat "$HOME/none" 2>/dev/null || exit 7', onFailure: 'continue' },
    ]);
    expect(ends).toMatchObject([
      { name: 'say', step: 1, steps: 2, kind: 'command', status: 'done', exitCode: 0, output: 'out\nerr\n' },
      { name: '2', status: 'failed', exitCode: 7 },
    ]);
    expect(outcome).toBe('done');
    expect(ofType(events, 'tool-result').map(({ call }) => call.name)).toEqual(['Bash', 'Bash']);
    expect(orchestrator.coordinators.context.getContext().messages).toEqual([]);
    expect(requests).toEqual([]);
  });

  it('take the input and outputs as one word each, whatever is in them, and prompts as labelled data', async () => {
    const input = `a'b"; touch pwned; $(touch pwned)\n# {{steps.one.output}}`;
    const { ends, cwd, requests } = await run(
      [
        { name: 'one', command: "printf '%s\\n' {{input}}" },
        { name: 'two', command: "printf '[%s]' {{steps.one.output}}" },
        { prompt: 'Judge {{steps.two.output}} for {{input}}' },
      ],
      input,
    );
    expect(ends[1]?.output).toBe(`[${input}]`);
    await expect(readFile(join(cwd, 'pwned'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(requests[0]?.messages.at(-1)?.content).toBe(
      `Judge \n<output step="two">\n[${input}]\n</output>\n for ${input}`,
    );
  });

  it('are refused as any command where nobody can be asked, and the run stops', async () => {
    const settings = { ...flow([{ command: 'npm publish' }, { command: 'echo never' }]), permissions: {} };
    const { ends, outcome } = await run([], '', { settings });
    expect(ends).toMatchObject([{ status: 'refused', reason: expect.stringContaining('.') }]);
    expect(outcome).toBe('refused');
  });

  it('are asked about with the command as bash gets it', async () => {
    const asked: ApprovalRequest[] = [];
    const settings = { ...flow([{ command: 'touch {{input}}' }]), permissions: {} };
    const { outcome, cwd } = await run([], "it's", {
      settings,
      onApproval: async (request) => {
        asked.push(request);
        return { allowed: true, scope: 'once' };
      },
    });
    expect(asked.map(({ title }) => title)).toEqual([`touch "it's"`]);
    expect(outcome).toBe('done');
    expect(await readFile(join(cwd, "it's"), 'utf8')).toBe('');
  });

  it('a rule that denies holds for them', async () => {
    const settings = {
      ...flow([{ command: 'touch a' }]),
      permissions: { mode: 'yolo', deny: ['Bash(touch *)'] },
    };
    expect((await run([], '', { settings: settings as PartialSettings })).outcome).toBe('refused');
  });

  it('a time limit of their own ends them without an exit code', async () => {
    const { ends, outcome } = await run([{ command: 'sleep 60', timeoutMs: 50 }]);
    expect(ends).toMatchObject([{ status: 'failed', exitCode: null }]);
    expect(outcome).toBe('failed');
  });

  it('an abort in the middle is an interruption, and no later step runs', async () => {
    const { orchestrator } = await scriptedOrchestrator([], {
      settings: flow([{ command: 'echo begun; sleep 60' }, { command: 'echo never' }]),
    });
    const controller = new AbortController();
    orchestrator.subscribe((event) => {
      if (event.type === 'tool-output') controller.abort();
    });
    const events = await collect(orchestrator.runWorkflow('flow', '', { signal: controller.signal }));
    expect(ofType(events, 'workflow-step').map(({ status }) => status)).toEqual(['started', 'interrupted']);
    expect(ofType(events, 'workflow-end')[0]?.outcome).toBe('interrupted');
  });

  it('an output beyond bounds is kept from both ends', async () => {
    const { ends } = await run([{ name: 'long', command: 'seq 1 20000' }]);
    expect(ends[0]?.output?.length).toBeLessThan(17_000);
    expect(ends[0]?.output).toMatch(/^1\n2\n[\s\S]*are left out[\s\S]*\n20000\n$/);
  });
});

describe('conditions', () => {
  const steps = (code: number): Steps => [
    { name: 'test', command: `exit ${code}` },
    { name: 'fix', prompt: 'Mend it', when: { step: 'test', exitCode: '!0' } },
    { name: 'ship', command: 'echo shipped', when: { step: 'test', exitCode: 0 } },
    { name: 'three', command: 'echo three', when: { step: 'test', exitCode: 3 } },
    { name: 'after', command: 'echo after', when: { exitCode: 0 } },
  ];

  it.each([
    [0, ['test done', 'fix skipped', 'ship done', 'three skipped', 'after skipped']],
    [3, ['test failed', 'fix done', 'ship skipped', 'three done', 'after done']],
    [1, ['test failed', 'fix done', 'ship skipped', 'three skipped', 'after skipped']],
  ])('exit code %i: the steps that it selects run, and the others are skipped', async (code, expected) => {
    const { ends, outcome } = await run(steps(code));
    expect(ends.map(({ name, status }) => `${name} ${status}`)).toEqual(expected);
    expect(outcome).toBe('done');
    expect(ends.find(({ status }) => status === 'skipped')?.reason).toMatch(/step \w+ (ended with|did not)/);
  });

  it('a failure that nobody asks about stops the run; continue goes on', async () => {
    const stopped = await run([{ command: 'exit 2' }, { command: 'echo never' }]);
    expect(stopped.ends).toMatchObject([{ status: 'failed', exitCode: 2 }]);
    expect(stopped.outcome).toBe('failed');
    const going = await run([{ command: 'exit 2', onFailure: 'continue' }, { command: 'echo on' }]);
    expect(going.ends.map(({ status }) => status)).toEqual(['failed', 'done']);
  });

  it('stop holds also where a later step asks for the exit code', async () => {
    const { ends } = await run([
      { name: 'a', command: 'exit 2', onFailure: 'stop' },
      { command: 'echo never', when: { step: 'a', exitCode: 2 } },
    ]);
    expect(ends).toHaveLength(1);
  });
});

describe('approvals', () => {
  const steps: Steps = [
    { command: 'echo built' },
    { name: 'ship', approval: 'Ship {{input}}?' },
    { command: 'echo shipped' },
  ];

  it('ask the user, once, with the question and where it stands', async () => {
    const asked: ApprovalRequest[] = [];
    const { outcome } = await run(steps, '1.0', {
      onApproval: async (request) => {
        asked.push(request);
        return { allowed: true, scope: 'project' };
      },
    });
    expect(asked).toMatchObject([
      { title: 'Ship 1.0?', scopes: ['once'], decision: { reason: expect.stringContaining('Step 2 of 3') } },
    ]);
    expect(outcome).toBe('done');
  });

  it('a no ends the run with what the user says', async () => {
    const { ends, outcome } = await run(steps, 'v1', {
      onApproval: async () => ({ allowed: false, scope: 'once', feedback: 'not on a Friday' }),
    });
    expect(ends.at(-1)).toMatchObject({ name: 'ship', status: 'refused', reason: 'not on a Friday' });
    expect(outcome).toBe('refused');
  });

  it.each([
    ['throws', () => Promise.reject(new Error('broken'))],
    ['answers nonsense', async () => 'yes' as never],
  ])('whoever %s has not said yes', async (_how, onApproval) => {
    expect((await run(steps, 'v1', { onApproval })).outcome).toBe('refused');
  });

  it('wait where nobody can be asked, and go on with a yes by name', async () => {
    const { orchestrator, ends, outcome } = await run(steps, '2.0');
    expect(ends.at(-1)).toMatchObject({ name: 'ship', status: 'waiting', text: 'Ship 2.0?' });
    expect(outcome).toBe('waiting');
    const approve = { resume: 'unchanged', approve: ['ship'] } as const;
    const events = await collect(orchestrator.runWorkflow('flow', '', approve));
    expect(ofType(events, 'workflow-start')).toMatchObject([{ finished: ['1'], input: '2.0' }]);
    const commands = ofType(events, 'tool-result').map(({ call }) => call.input);
    expect(commands).toEqual([{ command: 'echo shipped' }]);
  });

  it('a yes for a step that there is not is an error that lists the steps', async () => {
    const { orchestrator } = await run(steps, '2.0');
    const again = collect(orchestrator.runWorkflow('flow', 'v1', { approve: ['shop'] }));
    await expect(again).rejects.toMatchObject({ code: 'config', advice: 'Its steps are 1, ship, 3.' });
  });
});

describe('going on with a run', () => {
  const steps: Steps = [
    { name: 'first', command: 'echo first >> log.txt; cat log.txt' },
    { name: 'gate', command: 'test -e ready' },
    { name: 'last', prompt: 'Said: {{steps.first.output}}' },
  ];

  async function stopped() {
    const store = createMemoryStore();
    const made = await run(steps, 'x', { store });
    expect(made.outcome).toBe('failed');
    /** Another process: nothing but the store is the same. */
    const next = (list = steps) =>
      scriptedOrchestrator([{ text: 'Thanks.' }], {
        ...{ settings: flow(list), store, cwd: made.cwd, sessionId: made.orchestrator.sessionId },
      });
    return { ...made, next };
  }

  it('runs the step that stopped it again and what is behind, with the outputs of before', async () => {
    const { cwd, next } = await stopped();
    const { orchestrator, requests } = await next();
    await orchestrator.runCommand('touch ready');
    const events = await collect(orchestrator.runWorkflow('flow', '', { resume: 'unchanged' }));
    expect(ofType(events, 'workflow-step').map(({ name, status }) => `${name} ${status}`)).toEqual([
      'gate started',
      'gate done',
      'last started',
      'last done',
    ]);
    expect(await readFile(join(cwd, 'log.txt'), 'utf8')).toBe('first\n');
    expect(requests[0]?.messages.at(-1)?.content).toContain('<output step="first">\nfirst\n</output>');
    const done = collect(orchestrator.runWorkflow('flow', '', { resume: 'unchanged' }));
    await expect(done).rejects.toMatchObject({ message: expect.stringContaining('is done') });
  });

  it('is refused where the steps have changed, and goes on where the user accepts that', async () => {
    const { next } = await stopped();
    const changed = [steps[0]!, { name: 'gate', command: 'true' }, steps[2]!];
    const { orchestrator } = await next(changed);
    const refused = collect(orchestrator.runWorkflow('flow', '', { resume: 'unchanged' }));
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('have changed'),
      advice: expect.stringContaining('--accept-changes'),
    });
    const events = await collect(orchestrator.runWorkflow('flow', '', { resume: 'changed' }));
    expect(ofType(events, 'workflow-start')).toMatchObject([{ finished: ['first'] }]);
    expect(ofType(events, 'workflow-end')).toMatchObject([{ outcome: 'done' }]);
  });

  it('another input, or a session without a run, is an error', async () => {
    const { next } = await stopped();
    const { orchestrator } = await next();
    const other = collect(orchestrator.runWorkflow('flow', 'y', { resume: 'unchanged' }));
    await expect(other).rejects.toMatchObject({ message: expect.stringContaining('another input') });
    const options = { resume: 'unchanged', sessionId: 'elsewhere' } as const;
    const none = collect(orchestrator.runWorkflow('flow', '', options));
    await expect(none).rejects.toMatchObject({ message: expect.stringContaining('no run of the workflow') });
  });

  it('a command that was begun and whose end nobody has told is not run again unasked, however often it is gone on with', async () => {
    const store = createMemoryStore();
    const list: Steps = [{ name: 'deploy', command: 'echo deployed >> log.txt' }];
    const { orchestrator, cwd } = await scriptedOrchestrator([], { settings: flow(list), store });
    const killed = orchestrator.runWorkflow('flow', '')[Symbol.asyncIterator]();
    await killed.next();
    expect((await killed.next()).value).toMatchObject({ type: 'workflow-step', status: 'started' });
    const next = (approve: string[] = []) =>
      collect(orchestrator.runWorkflow('flow', '', { resume: 'unchanged', approve }));
    for (const _ of [1, 2]) {
      expect(ofType(await next(), 'workflow-step')).toMatchObject([
        { status: 'waiting', text: expect.stringContaining('nobody knows how far it came') },
      ]);
    }
    await expect(readFile(join(cwd, 'log.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(ofType(await next(['deploy']), 'workflow-end')).toMatchObject([{ outcome: 'done' }]);
    expect(await readFile(join(cwd, 'log.txt'), 'utf8')).toBe('deployed\n');
  });
});

describe('steps that cannot be right', () => {
  it.each<[Steps, string, RegExp]>([
    [[{ prompt: 'a', command: 'b' }], 'steps.0', /exactly one of prompt, command and approval/],
    [[{}], 'steps.0', /exactly one/],
    [
      [
        { name: 'a', prompt: 'x' },
        { name: 'a', prompt: 'y' },
      ],
      'steps.1.name',
      /already/,
    ],
    [[{ name: '1', prompt: 'x' }], 'steps.0.name', /by its place/],
    [[{ prompt: 'a', when: { exitCode: 0 } }], 'steps.0.when', /a command before this step/],
    [
      [
        { name: 'a', prompt: 'x' },
        { prompt: 'b', when: { step: 'a', exitCode: 0 } },
      ],
      'steps.1.when',
      /command before/,
    ],
    [[{ prompt: '{{steps.b.output}}' }, { name: 'b', prompt: 'x' }], 'steps.0.prompt', /before this step/],
    [[{ command: 'echo "{{input}}"' }], 'steps.0.command', /leave them out/],
    [[{ approval: 'sure?', onFailure: 'continue' }], 'steps.0.onFailure', /cannot fail/],
    [[{ prompt: 'a', timeoutMs: 5 }], 'steps.0.timeoutMs', /only a command/],
  ])('%j is told at %s', (steps, key, message) => {
    const made = () => settings(flow(steps));
    expect(made).toThrow(message);
    expect(made).toThrow(expect.objectContaining({ key: expect.stringContaining(`workflows.flow.${key}`) }));
  });
});
