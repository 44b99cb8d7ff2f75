import { chmod, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const settings = { permissions: { mode: 'accept-edits' as const } };
const edit = (oldText: string, newText: string) => toolCall('Edit', { path: 'a.txt', oldText, newText });

describe('checkpoints', () => {
  it('undo an edit: content and mode come back as they were', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), edit('one', 'two'), { text: 'done' }],
      { files: { 'a.txt': 'one\r\n' }, settings },
    );
    await chmod(join(cwd, 'a.txt'), 0o750);
    await orchestrator.chat('edit');
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('two\r\n');
    const { checkpoint } = orchestrator.coordinators;
    const [latest] = await checkpoint.list(orchestrator.sessionId);
    expect(await checkpoint.restore(latest!.id)).toMatchObject({ restored: true });
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('one\r\n');
    expect((await stat(join(cwd, 'a.txt'))).mode & 0o777).toBe(0o750);
    expect(await checkpoint.restore(latest!.id)).toMatchObject({
      restored: false,
      reason: 'It was undone already.',
    });
  });

  it('undo several edits, newest first, back to the start', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), edit('one', 'two'), edit('two', 'three'), { text: 'done' }],
      { files: { 'a.txt': 'one\n' }, settings },
    );
    await orchestrator.chat('edit twice');
    const { checkpoint } = orchestrator.coordinators;
    for (const { id } of await checkpoint.list(orchestrator.sessionId)) await checkpoint.restore(id);
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
  });

  it('undo a new file by removing it', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Write', { path: 'new/b.txt', content: 'made' }), { text: 'done' }],
      { settings },
    );
    await orchestrator.chat('make');
    const { checkpoint } = orchestrator.coordinators;
    const [latest] = await checkpoint.list(orchestrator.sessionId);
    expect(await checkpoint.restore(latest!.id)).toMatchObject({
      restored: true,
      reason: 'Removed the new file.',
    });
    await expect(readFile(join(cwd, 'new/b.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it("never harm an edit of the user's made since", async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), edit('one', 'two'), { text: 'done' }],
      { files: { 'a.txt': 'one\n' }, settings },
    );
    await orchestrator.chat('edit');
    await writeFile(join(cwd, 'a.txt'), 'mine\n');
    const { checkpoint } = orchestrator.coordinators;
    const [latest] = await checkpoint.list(orchestrator.sessionId);
    const result = await checkpoint.restore(latest!.id);
    expect(result.restored).toBe(false);
    expect(result.reason).toContain('no longer what Victor wrote');
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('mine\n');
  });

  it('an edit that failed leaves nothing to undo', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), edit('absent', 'two'), { text: 'done' }],
      { files: { 'a.txt': 'one\n' }, settings },
    );
    await orchestrator.chat('edit');
    expect(await orchestrator.coordinators.checkpoint.list(orchestrator.sessionId)).toEqual([]);
  });

  it('a file that cannot be kept is not edited, and the model learns why', async () => {
    const { orchestrator, cwd, requests } = await scriptedOrchestrator(
      [toolCall('Write', { path: 'big.bin', content: 'x' }), { text: 'done' }],
      { files: { 'big.bin': '' }, settings },
    );
    await truncate(join(cwd, 'big.bin'), 3 * 1_024 ** 3);
    expect((await orchestrator.chat('overwrite')).reason).toBe('end');
    const result = requests[1]!.messages.at(-1)!;
    expect(result).toMatchObject({ role: 'tool', isError: true });
    expect(result.content).toContain('could not be made undoable: big.bin is larger than 64 MB');
    expect((await stat(join(cwd, 'big.bin'))).size).toBe(3 * 1_024 ** 3);
  });

  it('an edit whose checkpoint cannot be completed stays done and is said to be not undoable', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), edit('one', 'two'), { text: 'done' }],
      { files: { 'a.txt': 'one\n' }, settings },
    );
    orchestrator.store.checkpoints.sealCheckpoint = () => Promise.reject(new Error('the disk is full'));
    const events = await collect(orchestrator.stream('edit'));
    expect(ofType(events, 'notice').map(({ text }) => text)).toEqual([
      'This edit cannot be undone: the disk is full',
    ]);
    expect(ofType(events, 'turn-end')[0]?.content).toBe('done');
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('two\n');
  });
});
