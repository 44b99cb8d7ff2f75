import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Approval } from '../../src/core/decision.js';
import type { VictorEvent } from '../../src/core/event.js';
import type { Tool, ToolResult } from '../../src/core/tool.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const files = { 'a.txt': 'one\ntwo\nthree\n' };
const yes: Approval = { allowed: true, scope: 'once' };

/** One turn with this call; what was asked, what happened and what the model got. */
async function turnWith(
  call: ReturnType<typeof toolCall>,
  options: {
    readonly permissions?: Record<string, unknown>;
    readonly tools?: readonly Tool[];
    readonly answer?: (request: ApprovalRequest, cwd: string) => Promise<Approval>;
    readonly prepare?: (cwd: string) => Promise<unknown>;
  } = {},
) {
  const asked: ApprovalRequest[] = [];
  let directory = '';
  const made = await scriptedOrchestrator([call, { text: 'done' }], {
    files,
    settings: { permissions: { mode: 'ask', ...options.permissions } },
    ...(options.tools ? { tools: options.tools } : {}),
    onApproval: async (request: ApprovalRequest) => {
      asked.push(request);
      return (await options.answer?.(request, directory)) ?? yes;
    },
  });
  directory = made.cwd;
  await options.prepare?.(made.cwd);
  const events = (await collect(made.orchestrator.stream('do it'))) as VictorEvent[];
  const [result] = ofType(events, 'tool-result');
  const [request] = ofType(events, 'approval-request');
  const content = await readFile(join(made.cwd, 'a.txt'), 'utf8');
  return { asked, result, request, content, events };
}

const edit = (oldText: string, newText: string, path = 'a.txt') =>
  toolCall('Edit', { path, oldText, newText });

describe('before the user is asked', () => {
  it('an edit is tried on the real file, and the question carries what it would change', async () => {
    const { asked, request, content } = await turnWith(edit('two', '2'));
    expect(asked).toHaveLength(1);
    expect(request?.change).toEqual({ path: 'a.txt', before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\n' });
    expect(content).toBe('one\n2\nthree\n');
  });

  it('nothing is written: the file is as it was while the question stands', async () => {
    let during = '';
    const answer = async (_: ApprovalRequest, cwd: string) => {
      during = await readFile(join(cwd, 'a.txt'), 'utf8');
      return { allowed: false, scope: 'once' } as const;
    };
    const { content, result } = await turnWith(edit('two', '2'), { answer });
    expect(during).toBe(files['a.txt']);
    expect(content).toBe(files['a.txt']);
    expect(result?.denied).toBe(true);
  });

  it.each([
    ['text that is not there', edit('four', '4'), 'was not found'],
    ['text that is there twice', edit('t', 'T'), 'occurs 2 times'],
    ['a file that is not there', edit('one', '1', 'b.txt'), 'does not exist'],
    ['a file that was not read', toolCall('Write', { path: 'a.txt', content: 'x' }), 'was not read'],
  ])('an edit that cannot apply is answered at once, and nobody is asked: %s', async (_, call, said) => {
    const { asked, result, content } = await turnWith(call);
    expect(asked).toEqual([]);
    expect(result).toMatchObject({ denied: false, result: { isError: true } });
    expect(result?.result.content).toContain(said);
    expect(content).toBe(files['a.txt']);
  });

  it('a new file is shown whole', async () => {
    const { request } = await turnWith(toolCall('Write', { path: 'new.txt', content: 'hi\nthere\n' }));
    expect(request?.change).toEqual({ path: 'new.txt', before: null, after: 'hi\nthere\n' });
  });

  it('nothing is looked at outside the workspace, also through a link: the question comes without a change', async () => {
    const elsewhere = await makeWorkspace({ 'secret.txt': 'a secret\n' });
    const outside = join(elsewhere, 'secret.txt');
    const no = async () => ({ allowed: false, scope: 'once' }) as const;
    const direct = await turnWith(edit('nothing like it', 'x', outside), { answer: no });
    expect(direct.asked).toHaveLength(1);
    expect(direct.request?.change).toBeUndefined();
    const linked = await turnWith(edit('nothing like it', 'x', 'link.txt'), {
      answer: no,
      prepare: (cwd) => symlink(outside, join(cwd, 'link.txt')),
    });
    expect(linked.asked).toHaveLength(1);
    expect(JSON.stringify([direct.events, linked.events])).not.toContain('a secret');
  });

  it.each([{ deny: ['Read'] }, { ask: ['Read'] }])(
    'nothing is looked at where a rule stands before reading: %j',
    async (rules) => {
      const no = async () => ({ allowed: false, scope: 'once' }) as const;
      const { asked, request, result } = await turnWith(edit('thre', 'x'), {
        permissions: rules,
        answer: no,
      });
      expect(asked).toHaveLength(1);
      expect(request?.change).toBeUndefined();
      expect(result?.result.content).not.toContain('three');
    },
  );

  it('what was allowed is checked again: a file that no longer fits is not changed', async () => {
    const answer = async (_: ApprovalRequest, cwd: string) => {
      await writeFile(join(cwd, 'a.txt'), 'something else\n');
      return yes;
    };
    const { result, content } = await turnWith(edit('two', '2'), { answer });
    expect(result?.result.isError).toBe(true);
    expect(content).toBe('something else\n');
  });

  it.each<readonly [string, () => Promise<unknown>]>([
    ['hangs', () => new Promise(() => {})],
    ['throws', () => Promise.reject(new Error('broken'))],
    ['answers nonsense', async () => ({ change: { after: 7 } })],
    ['answers nonsense as its change', async () => ({ content: '', change: { before: 1, after: 'x' } })],
  ])('a tool whose preview %s asks as one without', async (_, preview) => {
    const tool: Tool<{ path: string }> = {
      name: 'Stamp',
      description: 'Stamps a file.',
      kind: 'edit',
      schema: z.strictObject({ path: z.string() }),
      paths: ({ path }) => [path],
      describe: ({ path }) => path,
      preview: preview as () => Promise<ToolResult>,
      execute: async () => ({ content: 'stamped' }),
    };
    const { asked, request, result } = await turnWith(toolCall('Stamp', { path: 'a.txt' }), {
      tools: [tool as Tool],
    });
    expect(asked).toHaveLength(1);
    expect(request?.change).toBeUndefined();
    expect(result?.result.content).toBe('stamped');
  });
});

describe('calls of one message that would be asked about one after the other', () => {
  const touch = (name: string) => ({ name: 'Bash', input: { command: `touch ${name}` } });

  async function turnOf(
    calls: readonly { readonly name: string; readonly input: Record<string, unknown> }[],
    answer: (request: ApprovalRequest, asked: number, cwd: string) => Promise<Approval> | Approval,
    permissions: Record<string, unknown> = {},
  ) {
    const asked: ApprovalRequest[] = [];
    let directory = '';
    const { orchestrator, cwd } = await scriptedOrchestrator([{ toolCalls: calls }, { text: 'done' }], {
      files,
      settings: { permissions: { mode: 'ask', ...permissions } },
      onApproval: async (request) => {
        asked.push(request);
        return answer(request, asked.length, directory);
      },
    });
    directory = cwd;
    const events = await collect(orchestrator.stream('do it'));
    const behind = asked.map((one) => (one.behind ?? []).map(({ input }) => input.command ?? input.path));
    return { asked, behind, denied: ofType(events, 'tool-result').map((one) => one.denied) };
  }

  it('come with the first question, each of them, and one yes may be for all', async () => {
    const { asked, behind, denied } = await turnOf([touch('x'), touch('y'), touch('z')], () => ({
      ...yes,
      together: true,
    }));
    expect(asked).toHaveLength(1);
    expect(behind).toEqual([['touch y', 'touch z']]);
    expect(denied).toEqual([false, false, false]);
  });

  it('are asked about one by one after a plain yes or no', async () => {
    const { behind, denied } = await turnOf([touch('x'), touch('y'), touch('z')], (_, asked) => ({
      allowed: asked !== 2,
      scope: 'once',
    }));
    expect(behind).toEqual([['touch y', 'touch z'], ['touch z'], []]);
    expect(denied).toEqual([false, true, false]);
  });

  it('are of one tool and asked about for one reason: what a rule denies, allows or asks about otherwise is not among them', async () => {
    const calls = [
      touch('x'),
      { name: 'Write', input: { path: 'new.txt', content: 'x' } },
      touch('kept'),
      { name: 'Bash', input: { command: 'ls' } },
      touch('y'),
      touch('denied'),
    ];
    const { behind, denied } = await turnOf(calls, () => ({ ...yes, together: true }), {
      ask: ['Bash(touch kept)'],
      deny: ['Bash(touch denied)'],
    });
    expect(behind).toEqual([['touch y'], [], []]);
    expect(denied).toEqual([false, false, false, false, false, true]);
  });

  it('are asked about again where they no longer lead where they led', async () => {
    const outside = await makeWorkspace({ 'x.txt': 'outside\n' });
    const calls = [
      { name: 'Write', input: { path: 'one.txt', content: 'x' } },
      { name: 'Write', input: { path: 'two.txt', content: 'x' } },
    ];
    const { asked } = await turnOf(calls, async (_, count, cwd) => {
      if (count === 1) await symlink(join(outside, 'x.txt'), join(cwd, 'two.txt'));
      return count === 1 ? { ...yes, together: true } : { allowed: false, scope: 'once' };
    });
    expect(asked).toHaveLength(2);
    expect(await readFile(join(outside, 'x.txt'), 'utf8')).toBe('outside\n');
  });

  it('outside of the workspace are asked about by their paths, so each on its own', async () => {
    const outside = await makeWorkspace({ 'x.txt': '', 'y.txt': '' });
    const calls = ['x.txt', 'y.txt'].map((name) => ({ name: 'Read', input: { path: join(outside, name) } }));
    expect((await turnOf(calls, () => yes)).behind).toEqual([[], []]);
  });
});
