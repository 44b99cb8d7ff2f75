import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../src/core/coordinator.js';
import type { Tool } from '../../src/core/tool.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { createApplyPatchTool } from '../../src/tools/apply-patch.js';
import { coreTools } from '../../src/tools/index.js';
import { cachedSession } from '../helpers/cached-session.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const patch = (...lines: string[]) =>
  toolCall('apply_patch', { input: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n') });
const files = { 'a.txt': 'one\n', 'old.txt': 'x\n', 'gone.txt': 'bye\n', 'package.json': '{"scripts":{}}\n' };
const everything = patch(
  '*** Update File: a.txt',
  '-one',
  '+1',
  '*** Update File: old.txt',
  '*** Move to: in/new.txt',
  '*** Delete File: gone.txt',
  '*** Add File: added.txt',
  '+y',
);

async function session(
  steps: Parameters<typeof scriptedOrchestrator>[0],
  permissions: Record<string, unknown> = {},
) {
  const asked: ApprovalRequest[] = [];
  const made = await scriptedOrchestrator(steps, {
    files,
    tools: [...coreTools(), createApplyPatchTool() as Tool],
    settings: { permissions },
    onApproval: async (request) => {
      asked.push(request);
      return { allowed: false, scope: 'once' };
    },
  });
  return { ...made, asked };
}

describe('apply_patch in a session', () => {
  it('is taken back whole by undo, and made again by redo', async () => {
    const { orchestrator, cwd } = await session([everything, { text: 'done' }], { mode: 'accept-edits' });
    const { changes } = orchestrator;
    await orchestrator.chat('go');
    const after = ['a.txt', 'added.txt', 'in', 'package.json'];
    expect(readdirSync(cwd).sort()).toEqual(after);
    const undo = await changes.preview({ action: 'undo' });
    expect((await changes.apply(undo, { files: true, conversation: false })).left).toEqual([]);
    expect(readdirSync(cwd).sort()).toEqual(['a.txt', 'gone.txt', 'old.txt', 'package.json']);
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
    const redo = await changes.preview({ action: 'redo' });
    await changes.apply(redo, { files: true, conversation: false });
    expect(readdirSync(cwd).sort()).toEqual(after);
    expect(readFileSync(join(cwd, 'in/new.txt'), 'utf8')).toBe('x\n');
    expect((await changes.diff()).map(({ path }) => path.slice(cwd.length + 1)).sort()).toEqual([
      'a.txt',
      'added.txt',
      'gone.txt',
      'in/new.txt',
      'old.txt',
    ]);
  });

  it('asks with what it would change in every file, and a no changes none', async () => {
    const { orchestrator, cwd, asked } = await session([everything, { text: 'no then' }]);
    const events = await collect(orchestrator.stream('go'));
    expect(asked.map(({ title }) => title)).toEqual([
      'a.txt, old.txt → in/new.txt, delete gone.txt, add added.txt',
    ]);
    const { change } = ofType(events, 'approval-request')[0]!;
    expect([change, ...(change?.also ?? [])].map((one) => one?.path)).toEqual([
      'a.txt',
      'old.txt → in/new.txt',
      'gone.txt',
      'added.txt',
    ]);
    expect(readdirSync(cwd).sort()).toEqual(['a.txt', 'gone.txt', 'old.txt', 'package.json']);
  });

  it('that cannot apply asks nobody: the model has its answer at once', async () => {
    const { orchestrator, asked, requests } = await session([
      patch('*** Update File: a.txt', '-two', '+2'),
      patch('*** Nonsense'),
      { text: 'oh' },
    ]);
    await orchestrator.chat('go');
    expect(asked).toEqual([]);
    expect(requests[1]!.messages.at(-1)!.content).toContain('this line was not found');
    expect(requests[2]!.messages.at(-1)!.content).toContain('Line 2 of the patch');
  });

  it.each<[string, Mode, Record<string, unknown>, string[], 'ask' | 'deny' | 'allow']>([
    ['one of its paths outside the workspace', 'accept-edits', {}, ['*** Add File: ../out.txt', '+x'], 'ask'],
    [
      'a protected path that it moves to',
      'yolo',
      {},
      ['*** Update File: a.txt', '*** Move to: .git/hooks/pre-commit'],
      'ask',
    ],
    ['a protected path that it deletes', 'accept-edits', {}, ['*** Delete File: .victorrc'], 'ask'],
    [
      'a package.json',
      'accept-edits',
      {},
      ['*** Update File: package.json', '-{"scripts":{}}', '+{"scripts":{"test":"x"}}'],
      'ask',
    ],
    ['a file that may hold secrets', 'accept-edits', {}, ['*** Add File: .env', '+A=1'], 'ask'],
    [
      'a path that a rule denies to Edit',
      'yolo',
      { deny: ['Edit(*.lock)'] },
      ['*** Add File: a.lock', '+x'],
      'deny',
    ],
    [
      'a path that a rule of its own allows',
      'ask',
      { allow: ['apply_patch(src/**)'] },
      ['*** Add File: src/a', '+x'],
      'allow',
    ],
    [
      'a path that a rule allows to Edit alone',
      'ask',
      { allow: ['Edit(src/**)'] },
      ['*** Add File: src/a', '+x'],
      'ask',
    ],
    ['all of Edit denied', 'yolo', { deny: ['Edit'] }, ['*** Add File: b', '+x'], 'deny'],
    ['all of Write denied', 'yolo', { deny: ['Write(*)'] }, ['*** Delete File: a.txt'], 'deny'],
    [
      'all of Write denied, and itself allowed',
      'ask',
      { allow: ['apply_patch'], deny: ['Write'] },
      ['*** Add File: b', '+x'],
      'deny',
    ],
    ['asked about all of Edit', 'yolo', { ask: ['Edit'] }, ['*** Add File: b', '+x'], 'ask'],
    ['all of Edit and Write allowed', 'ask', { allow: ['Edit', 'Write'] }, ['*** Add File: b', '+x'], 'ask'],
    ['mode plan', 'plan', {}, ['*** Add File: b', '+x'], 'deny'],
    ['mode read-only', 'read-only', {}, ['*** Add File: b', '+x'], 'deny'],
    ['nothing in the way', 'accept-edits', {}, ['*** Add File: b', '+x'], 'allow'],
  ])('is decided by each path that it touches: %s', async (_, mode, rules, lines, verdict) => {
    const harmless = ['*** Add File: harmless.txt', '+x'];
    const own = verdict === 'allow' && mode === 'ask' ? [] : harmless;
    const { orchestrator, cwd } = await session([patch(...own, ...lines), { text: 'ok' }], {
      mode,
      ...rules,
    });
    const events = await collect(orchestrator.stream('go'));
    expect(ofType(events, 'tool-decision')[0]!.decision.verdict).toBe(verdict);
    expect(existsSync(join(cwd, 'harmless.txt'))).toBe(verdict === 'allow' && own.length > 0);
  });

  it('is sent to models that were trained on it and to no others, and a change of model moves no other tool', async () => {
    const made = await cachedSession('openai', () => ({ text: 'ok' }), { flags: { model: 'gpt-5' } });
    const names = () => {
      const { tools } = made.server.requests.at(-1)!.body as {
        tools: { name?: string; function?: { name: string } }[];
      };
      return tools.map(({ name, function: own }) => name ?? own?.name);
    };
    await made.orchestrator.chat('one');
    const first = names();
    expect(first).toContain('apply_patch');
    await made.orchestrator.switchProvider('openai/other-model');
    await made.orchestrator.chat('two');
    expect(names()).toEqual(first.filter((name) => name !== 'apply_patch'));
    await made.orchestrator.switchProvider('openai/gpt-5');
    await made.orchestrator.chat('three');
    expect(names()).toEqual(first);
  });
});
