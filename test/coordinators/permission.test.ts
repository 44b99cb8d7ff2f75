import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Mode } from '../../src/core/coordinator.js';
import type { Approval } from '../../src/core/decision.js';
import { sessionOutputDirectory } from '../../src/core/session-output-directory.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const write = { ...toolCall('Write', { path: 'new.txt', content: 'made' }) };
const command = { ...toolCall('Bash', { command: 'echo ran > ran.txt' }) };
const read = { ...toolCall('Read', { path: 'a.txt' }) };

async function run(
  step: typeof write,
  permissions: Record<string, unknown>,
  onApproval?: () => Promise<Approval>,
) {
  const made = await scriptedOrchestrator([step, { text: 'done' }], {
    files: { 'a.txt': 'hello\n' },
    settings: { permissions },
    ...(onApproval ? { onApproval } : {}),
  });
  const response = await made.orchestrator.chat('do it');
  const exists = (name: string) => readFile(join(made.cwd, name)).then(Boolean, () => false);
  return { ...made, response, wrote: await exists('new.txt'), ran: await exists('ran.txt') };
}

describe('modes', () => {
  const table: [Mode, wrote: boolean, ran: boolean][] = [
    ['ask', false, false],
    ['accept-edits', true, false],
    ['plan', false, false],
    ['read-only', false, false],
    ['yolo', true, true],
  ];
  it.each(table)('mode %s with nobody to ask: an edit happens %s, a command %s', async (mode, wrote, ran) => {
    const edit = await run(write, { mode });
    expect(edit.wrote).toBe(wrote);
    expect(edit.response.denials).toHaveLength(wrote ? 0 : 1);
    expect((await run(command, { mode })).ran).toBe(ran);
    expect((await run(read, { mode })).response.denials).toEqual([]);
  });

  it('refuses tools but never removes them from what the model is offered', async () => {
    const { requests, orchestrator } = await run(write, { mode: 'plan' });
    orchestrator.setMode('yolo');
    await orchestrator.chat('again');
    const offered = requests.map(({ tools }) => tools.map(({ name }) => name).join());
    expect(new Set(offered).size).toBe(1);
    expect(offered[0]).toContain('Write');
  });

  it('setMode changes one session, tells it as an event, and leaves the others', async () => {
    const { orchestrator } = await scriptedOrchestrator([]);
    const seen: unknown[] = [];
    orchestrator.subscribe((event) => event.type === 'mode-change' && seen.push([event.from, event.to]));
    orchestrator.setMode('plan', 'one');
    expect(orchestrator.coordinators.mode.current('one')).toBe('plan');
    expect(orchestrator.coordinators.mode.current('two')).toBe('ask');
    await expect.poll(() => seen).toEqual([['ask', 'plan']]);
  });
});

describe('rules', () => {
  it('deny wins over ask and allow, whatever the mode', async () => {
    const { wrote, response } = await run(write, {
      mode: 'yolo',
      allow: ['Write'],
      ask: ['Write'],
      deny: ['Write'],
    });
    expect(wrote).toBe(false);
    expect(response.denials[0]).toMatchObject({ tool: 'Write', title: 'new.txt' });
    expect(response.denials[0]?.reason).toContain('A rule denies Write');
  });

  it('ask wins over allow', async () => {
    expect((await run(write, { mode: 'accept-edits', allow: ['Write'], ask: ['Write'] })).wrote).toBe(false);
  });

  it('allow lets a tool run that the mode would ask about, but not one the mode refuses', async () => {
    expect((await run(command, { allow: ['Bash'] })).ran).toBe(true);
    expect((await run(command, { mode: 'plan', allow: ['Bash'] })).ran).toBe(false);
  });
});

describe('approvals', () => {
  it('shows the whole command and why it asks, and runs what was allowed', async () => {
    const asked: ApprovalRequest[] = [];
    const made = await scriptedOrchestrator([command, { text: 'done' }], {
      onApproval: async (request) => {
        asked.push(request);
        return { allowed: true, scope: 'once' };
      },
    });
    const events = await collect(made.orchestrator.stream('go'));
    expect(asked[0]).toMatchObject({ title: 'echo ran > ran.txt', decision: { verdict: 'ask' } });
    expect(asked[0]?.decision.reason).toContain('Mode ask');
    expect(ofType(events, 'approval-request')).toHaveLength(1);
    expect(await readFile(join(made.cwd, 'ran.txt'), 'utf8')).toBe('ran\n');
  });

  it('gives the model what the user said instead', async () => {
    const feedback = 'use the npm script';
    const { requests, ran } = await run(command, {}, async () => ({
      allowed: false,
      scope: 'once',
      feedback,
    }));
    expect(ran).toBe(false);
    expect(requests[1]!.messages.at(-1)!.content).toContain(feedback);
  });

  const answers: [string, () => Promise<Approval>][] = [
    [
      'throws',
      () => {
        throw new Error('the screen is gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the screen is gone'))],
    ['answers nothing', () => Promise.resolve(undefined as never)],
    ['answers something else', () => Promise.resolve({ allowed: 'yes' } as never)],
  ];
  it.each(answers)('a handler that %s counts as no', async (_, onApproval) => {
    const { ran, response } = await run(command, {}, onApproval);
    expect(ran).toBe(false);
    expect(response).toMatchObject({ reason: 'end', content: 'done' });
  });

  it('a session approval of a command covers exactly that command, in that session only', async () => {
    let asked = 0;
    const other = toolCall('Bash', { command: 'touch other' });
    const { orchestrator } = await scriptedOrchestrator(
      [command, command, other, { text: 'done' }, command, { text: 'done' }],
      {
        onApproval: async () => {
          asked += 1;
          return { allowed: true, scope: 'session' };
        },
      },
    );
    await orchestrator.chat('go');
    expect(asked).toBe(2);
    await orchestrator.chat('go', { sessionId: 'another' });
    expect(asked).toBe(3);
  });
});

describe('paths', () => {
  it('P01, P02: reading outside the workspace asks, and is refused when nobody can be asked', async () => {
    for (const path of ['/etc/hostname', '../secret', 'sub/../../secret']) {
      const { response } = await run(toolCall('Read', { path }), {});
      expect(response.denials[0]?.reason).toContain('outside the workspace');
    }
  });

  it('P03: a sibling folder with the same prefix is outside', async () => {
    const cwd = await makeWorkspace({ 'a.txt': 'in' });
    const { orchestrator } = await scriptedOrchestrator([toolCall('Read', { path: `${cwd}-evil/x` })], {
      cwd,
    });
    expect((await orchestrator.chat('read')).denials).toHaveLength(1);
  });

  it('P05, P07: a link is judged by where it leads, also when its target does not exist yet', async () => {
    const outside = await makeWorkspace({ secret: 'outside' });
    const cwd = await makeWorkspace();
    await symlink(join(outside, 'secret'), join(cwd, 'link'));
    await symlink(join(outside, 'not-yet'), join(cwd, 'dangling'));
    for (const step of [
      toolCall('Read', { path: 'link' }),
      toolCall('Write', { path: 'dangling', content: 'x' }),
    ]) {
      const { orchestrator } = await scriptedOrchestrator([step], {
        cwd,
        settings: { permissions: { mode: 'accept-edits' } },
      });
      expect((await orchestrator.chat('go')).denials[0]?.reason).toContain('outside the workspace');
    }
    await expect(readFile(join(outside, 'not-yet'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('the full text of an output that was cut may be read, but not written', async () => {
    const outputDirectory = await makeWorkspace();
    const own = sessionOutputDirectory(outputDirectory, 'mine');
    const path = join(own, 'long.txt');
    await mkdir(own);
    await writeFile(path, 'the rest');
    const steps = [toolCall('Read', { path }), toolCall('Write', { path, content: 'x' }), { text: 'done' }];
    const { orchestrator } = await scriptedOrchestrator(steps, {
      outputDirectory,
      sessionId: 'mine',
      settings: { permissions: { mode: 'accept-edits' } },
    });
    expect((await orchestrator.chat('read it')).denials.map(({ tool }) => tool)).toEqual(['Write']);
  });

  it('a directory that the user added counts as inside', async () => {
    const added = await makeWorkspace({ 'b.txt': 'more' });
    const { orchestrator } = await scriptedOrchestrator([toolCall('Read', { path: join(added, 'b.txt') })], {
      settings: { additionalDirectories: [added] },
    });
    expect((await orchestrator.chat('read')).denials).toEqual([]);
  });
});

describe('a tool of the user', () => {
  const base = {
    kind: 'read' as const,
    description: 'Does things.',
    execute: async () => ({ content: 'did' }),
  };
  const odd = {
    ...base,
    name: 'Odd',
    schema: z.object({}),
    describe: () => {
      throw new Error('no words');
    },
    paths: () => {
      throw new Error('no paths');
    },
  };

  it('that cannot say what it touches asks, and one that throws breaks no turn', async () => {
    const { orchestrator } = await scriptedOrchestrator([toolCall('Odd', {}), { text: 'done' }], {
      tools: [odd],
    });
    const response = await orchestrator.chat('go');
    expect(response.content).toBe('done');
    expect(response.denials[0]?.reason).toContain('Nobody can tell what Odd would touch');
  });

  it('whose schema cannot be published is not offered, and is named', async () => {
    const schema = z.custom(() => true).transform(String);
    const tools = [
      { ...odd, name: 'Broken', schema },
      { ...odd, name: 'Whole' },
    ];
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], { tools });
    const events = await collect(orchestrator.stream('hi'));
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(['Whole']);
    expect(ofType(events, 'extension-failure')[0]?.failure).toMatchObject({ kind: 'tool', name: 'Broken' });
  });
});
