import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const settings = { permissions: { mode: 'yolo' as const } };
const done = { text: 'done' };
const write = (path: string) => toolCall('Write', { path, content: 'x\n' });

/** A turn for each group of files, and what takes the last one back. */
async function afterTurns(...turns: readonly (readonly string[])[]) {
  const script = turns.flatMap((paths) => [...paths.map(write), done]);
  const { orchestrator, cwd } = await scriptedOrchestrator(script, { settings });
  for (const _ of turns) await orchestrator.chat('go on');
  const take = async (action: 'undo' | 'redo') => {
    const { changes } = orchestrator;
    await changes.apply(await changes.preview({ action }), { files: true, conversation: false });
  };
  const at = (path: string) => join(cwd, path);
  return { take, at, has: (path: string) => existsSync(at(path)) };
}

describe('the folders that a change made', () => {
  it('go with it when nothing is in them, however deep, and come back with it', async () => {
    const { take, has } = await afterTurns(['a/b/c/one.txt', 'a/b/two.txt', 'd/three.txt']);
    await take('undo');
    expect([has('a'), has('d')]).toEqual([false, false]);
    await take('redo');
    expect([has('a/b/c/one.txt'), has('a/b/two.txt'), has('d/three.txt')]).toEqual([true, true, true]);
    await take('undo');
    expect([has('a'), has('d')]).toEqual([false, false]);
  });

  it('stay as far as something of anybody else is in them', async () => {
    const { take, at, has } = await afterTurns(['a/b/c/one.txt']);
    writeFileSync(at('a/b/mine.txt'), 'mine\n');
    await take('undo');
    expect([has('a/b/c'), has('a/b/mine.txt')]).toEqual([false, true]);
  });

  it('stay when an earlier step made them, until that is taken back too', async () => {
    const { take, has } = await afterTurns(['a/one.txt'], ['a/two.txt', 'a/b/three.txt']);
    await take('undo');
    expect([has('a/b'), has('a/one.txt')]).toEqual([false, true]);
    await take('undo');
    expect(has('a')).toBe(false);
  });

  it('are no others: empty ones that were there before, and one that was made anew since, stay', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [write('old/one.txt'), write('new/two.txt'), done],
      { settings },
    );
    mkdirSync(join(cwd, 'old'));
    await orchestrator.chat('go on');
    const { changes } = orchestrator;
    const plan = await changes.preview({ action: 'undo' });
    rmSync(join(cwd, 'new'), { recursive: true });
    mkdirSync(join(cwd, 'new'));
    writeFileSync(join(cwd, 'new/two.txt'), 'x\n');
    await changes.apply(plan, { files: true, conversation: false });
    expect([existsSync(join(cwd, 'old')), existsSync(join(cwd, 'old/one.txt'))]).toEqual([true, false]);
    expect([existsSync(join(cwd, 'new')), existsSync(join(cwd, 'new/two.txt'))]).toEqual([true, false]);
  });
});
