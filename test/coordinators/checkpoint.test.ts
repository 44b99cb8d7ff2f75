import {
  chmod,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { RestoreRequest } from '../../src/core/restore.js';
import type { Tool } from '../../src/core/tool.js';
import type { AgentOrchestrator } from '../../src/orchestrator.js';
import { coreTools } from '../../src/tools/index.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const settings = { permissions: { mode: 'accept-edits' as const } };
const read = toolCall('Read', { path: 'a.txt' });
const edit = (oldText: string, newText: string) => toolCall('Edit', { path: 'a.txt', oldText, newText });
const done = { text: 'done' };

/** Previews and applies, and answers what became of each file. */
async function take({ coordinators, sessionId }: AgentOrchestrator, request: RestoreRequest) {
  const { checkpoint } = coordinators;
  const plan = await checkpoint.preview!(sessionId, request);
  const { restored, left } = await checkpoint.apply!(plan);
  return { restored: restored.map(({ kind, path }) => `${kind} ${path}`), left };
}

const undo = (orchestrator: AgentOrchestrator) => take(orchestrator, { action: 'undo' });
const redo = (orchestrator: AgentOrchestrator) => take(orchestrator, { action: 'redo' });

describe('checkpoints', () => {
  it('undo an edit: content and mode come back as they were', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([read, edit('one', 'two'), done], {
      files: { 'a.txt': 'one\r\n' },
      settings,
    });
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

  it('undo a turn of several edits in one go, and the turn before it with the next', async () => {
    const script = [read, edit('one', 'two'), edit('two', 'three'), done, edit('three', 'four'), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    await orchestrator.chat('edit twice');
    await orchestrator.chat('and once more');
    expect(await undo(orchestrator)).toEqual({ restored: [`content ${file}`], left: [] });
    expect(await readFile(file, 'utf8')).toBe('three\n');
    await undo(orchestrator);
    expect(await readFile(file, 'utf8')).toBe('one\n');
    expect(await undo(orchestrator)).toEqual({ restored: [], left: [] });
    for (const expected of ['three\n', 'four\n']) {
      await redo(orchestrator);
      expect(await readFile(file, 'utf8')).toBe(expected);
    }
    expect(await redo(orchestrator)).toEqual({ restored: [], left: [] });
    await undo(orchestrator);
    expect(await readFile(file, 'utf8')).toBe('three\n');
  });

  it('a file left alone in an undone turn does not bring back its other files with the next undo', async () => {
    const script = [toolCall('Write', { path: 'b.txt', content: 'made\n' }), read, edit('one', 'two'), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    await orchestrator.chat('edit both');
    await writeFile(file, 'mine\n');
    expect((await undo(orchestrator)).restored).toEqual([`remove ${join(cwd, 'b.txt')}`]);
    await writeFile(file, 'two\n');
    expect((await undo(orchestrator)).restored).toEqual([`content ${file}`]);
    await expect(readFile(join(cwd, 'b.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('what was undone cannot be brought back over a new edit of the agent', async () => {
    const script = [read, edit('one', 'two'), done, read, edit('one', 'other'), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    await orchestrator.chat('edit');
    await undo(orchestrator);
    await orchestrator.chat('edit otherwise');
    expect(await redo(orchestrator)).toEqual({ restored: [], left: [] });
    await undo(orchestrator);
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
  });

  it('undo a new file by removing it, and redo by making it again', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Write', { path: 'new/b.txt', content: 'made' }), done],
      { settings },
    );
    const file = join(cwd, 'new/b.txt');
    await orchestrator.chat('make');
    const { mode } = await stat(file);
    expect(await undo(orchestrator)).toEqual({ restored: [`remove ${file}`], left: [] });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await redo(orchestrator)).toEqual({ restored: [`create ${file}`], left: [] });
    expect(await readFile(file, 'utf8')).toBe('made');
    expect((await stat(file)).mode).toBe(mode);
  });

  it("never harm an edit of the user's made since, or between two edits", async () => {
    const script = [read, edit('one', 'two'), done, read, edit('two', 'three'), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    await orchestrator.chat('edit');
    await writeFile(file, 'two\nmine\n');
    const changed = await undo(orchestrator);
    expect(changed.left).toEqual([
      { path: file, reason: expect.stringContaining('no longer what Victor wrote') },
    ]);
    await orchestrator.chat('edit on');
    expect(await readFile(file, 'utf8')).toBe('three\nmine\n');
    expect((await undo(orchestrator)).restored).toEqual([`content ${file}`]);
    expect(await readFile(file, 'utf8')).toBe('two\nmine\n');
    const between = await undo(orchestrator);
    expect(between).toEqual({
      restored: [],
      left: [{ path: file, reason: expect.stringContaining('changed between two edits') }],
    });
    expect(await readFile(file, 'utf8')).toBe('two\nmine\n');
  });

  it.each([
    ['deleted', (file: string) => unlink(file), 'deleted since'],
    [
      'replaced by a link',
      (file: string) => rename(file, `${file}.x`).then(() => symlink(`${file}.x`, file)),
      'link',
    ],
    ['replaced by a folder', (file: string) => unlink(file).then(() => mkdir(file)), 'directory'],
  ])('a file that the user has %s is left alone, and named with the reason', async (_how, act, reason) => {
    const { orchestrator, cwd } = await scriptedOrchestrator([read, edit('one', 'two'), done], {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    await orchestrator.chat('edit');
    await act(file);
    expect(await undo(orchestrator)).toEqual({
      restored: [],
      left: [{ path: file, reason: expect.stringContaining(reason) }],
    });
  });

  it('a folder that is a link by now is not written through', async () => {
    const script = [toolCall('Write', { path: 'in/b.txt', content: 'made\n' }), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, { settings });
    await orchestrator.chat('make');
    await rename(join(cwd, 'in'), join(cwd, 'elsewhere'));
    await symlink(join(cwd, 'elsewhere'), join(cwd, 'in'));
    const { restored, left } = await undo(orchestrator);
    expect(restored).toEqual([]);
    expect(left).toHaveLength(1);
    expect(await readFile(join(cwd, 'elsewhere/b.txt'), 'utf8')).toBe('made\n');
  });

  it('a file that was reached through a linked folder can be undone', async () => {
    const script = [toolCall('Write', { path: 'in/b.txt', content: 'made\n' }), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, { settings });
    await mkdir(join(cwd, 'real'));
    await symlink(join(cwd, 'real'), join(cwd, 'in'));
    await orchestrator.chat('make');
    expect(await undo(orchestrator)).toEqual({ restored: [`remove ${join(cwd, 'real/b.txt')}`], left: [] });
  });

  it("a mode that the user has set stays, and a new file with another mode is the user's", async () => {
    const script = [read, edit('one', 'two'), toolCall('Write', { path: 'b.sh', content: 'true\n' }), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    await orchestrator.chat('edit');
    await chmod(join(cwd, 'a.txt'), 0o700);
    await chmod(join(cwd, 'b.sh'), 0o755);
    expect(await undo(orchestrator)).toEqual({
      restored: [`content ${join(cwd, 'a.txt')}`],
      left: [{ path: join(cwd, 'b.sh'), reason: expect.stringContaining('its mode was changed') }],
    });
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
    expect((await stat(join(cwd, 'a.txt'))).mode & 0o777).toBe(0o700);
  });

  it("a user's tool that deletes, renames and changes modes is undone and redone as well", async () => {
    const tool: Tool<{ paths: string[] }> = {
      name: 'Shuffle',
      description: 'Renames the first to the second, deletes the third, makes the fourth executable.',
      kind: 'edit',
      schema: z.object({ paths: z.array(z.string()) }),
      paths: ({ paths }) => paths,
      describe: () => 'shuffle',
      async execute({ paths }, { cwd }) {
        const [from, to, gone, run] = paths.map((path) => join(cwd, path)) as [
          string,
          string,
          string,
          string,
        ];
        await rename(from, to);
        await rm(gone);
        await chmod(run, 0o755);
        return { content: 'shuffled' };
      },
    };
    const files = { 'from.txt': 'moved\n', 'gone.txt': 'gone\n', 'run.sh': 'true\n' };
    const paths = ['from.txt', 'to.txt', 'gone.txt', 'run.sh'];
    const { orchestrator, cwd } = await scriptedOrchestrator([toolCall('Shuffle', { paths }), done], {
      files,
      settings,
      tools: [...coreTools(), tool as Tool],
    });
    await chmod(join(cwd, 'run.sh'), 0o644);
    const look = () =>
      Promise.all(
        paths.map((path) =>
          stat(join(cwd, path)).then(
            async ({ mode }) => `${await readFile(join(cwd, path), 'utf8')}${(mode & 0o777).toString(8)}`,
            () => 'none',
          ),
        ),
      );
    const before = await look();
    await orchestrator.chat('shuffle');
    const after = await look();
    expect(after).toEqual(['none', before[0], 'none', 'true\n755']);
    expect((await undo(orchestrator)).restored.map((one) => one.replace(`${cwd}/`, ''))).toEqual([
      'create from.txt',
      'remove to.txt',
      'create gone.txt',
      'mode run.sh',
    ]);
    expect(await look()).toEqual(before);
    await redo(orchestrator);
    expect(await look()).toEqual(after);
  });

  it('what another session wrote since is left alone, and what it undoes can be undone again', async () => {
    const script = [read, edit('one', 'two'), done, read, edit('two', 'three'), done];
    const { orchestrator, cwd } = await scriptedOrchestrator(script, {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    await orchestrator.chat('edit');
    await orchestrator.chat('edit on', { sessionId: 'other' });
    expect((await undo(orchestrator)).left).toEqual([
      { path: file, reason: expect.stringContaining('no longer what Victor wrote') },
    ]);
    const { checkpoint } = orchestrator.coordinators;
    await checkpoint.apply!(await checkpoint.preview!('other', { action: 'undo' }));
    expect(await readFile(file, 'utf8')).toBe('two\n');
    expect((await undo(orchestrator)).restored).toEqual([`content ${file}`]);
    expect(await readFile(file, 'utf8')).toBe('one\n');
  });

  it('an edit that was given up on, and wrote all the same, is left alone and named', async () => {
    let goOn = () => {};
    const turnEnded = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let wrote = () => {};
    const written = new Promise<void>((resolve) => {
      wrote = resolve;
    });
    const tool: Tool<{ path: string }> = {
      name: 'Slow',
      description: 'Writes late.',
      kind: 'edit',
      schema: z.object({ path: z.string() }),
      paths: ({ path }) => [path],
      describe: ({ path }) => path,
      async execute({ path }, { cwd }) {
        await turnEnded;
        await writeFile(join(cwd, path), 'late\n');
        wrote();
        return { content: 'written' };
      },
    };
    const { orchestrator, cwd } = await scriptedOrchestrator([toolCall('Slow', { path: 'a.txt' }), done], {
      files: { 'a.txt': 'one\n' },
      settings,
      tools: [...coreTools(), tool as Tool],
      toolTimeoutMs: 20,
    });
    await orchestrator.chat('write');
    goOn();
    await written;
    expect(await undo(orchestrator)).toEqual({
      restored: [],
      left: [{ path: join(cwd, 'a.txt'), reason: expect.stringContaining('nobody can tell') }],
    });
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('late\n');
  });

  it('an edit that failed leaves nothing to undo, and nothing in the store', async () => {
    const { orchestrator } = await scriptedOrchestrator([read, edit('absent', 'two'), done], {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    await orchestrator.chat('edit');
    expect(await orchestrator.coordinators.checkpoint.list(orchestrator.sessionId)).toEqual([]);
    expect(await undo(orchestrator)).toEqual({ restored: [], left: [] });
    expect(await orchestrator.store.checkpoints.contentBytes()).toBe(0);
  });

  it('what the user saved in the moment before an edit was written is not taken for what was there', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([edit('one', 'two'), done], {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    // As late as a user can be: the pre-image is kept, and the tool has not looked yet.
    const { checkpoints } = orchestrator.store;
    const save = checkpoints.saveCheckpoint;
    checkpoints.saveCheckpoint = async (...given) => {
      await save(...given);
      await writeFile(file, 'one\nmine\n');
    };
    const notices = ofType(await collect(orchestrator.stream('edit')), 'notice');
    expect(notices.map(({ text }) => text)).toEqual([
      `This edit cannot be undone: ${file} changed in the moment before it was written.`,
    ]);
    checkpoints.saveCheckpoint = save;
    expect((await undo(orchestrator)).restored).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe('two\nmine\n');
  });

  it('what the user saved in the moment after an edit was written is not taken for what Victor wrote', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([read, edit('one', 'two'), done], {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    const file = join(cwd, 'a.txt');
    const { checkpoints } = orchestrator.store;
    const get = checkpoints.getCheckpoint;
    checkpoints.getCheckpoint = async (id) => {
      await writeFile(file, 'two\nmine\n');
      return get(id);
    };
    await orchestrator.chat('edit');
    checkpoints.getCheckpoint = get;
    expect((await undo(orchestrator)).left).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe('two\nmine\n');
  });

  it('what is kept no longer is left alone, and said to be gone', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([read, edit('one', 'two'), done], {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    await orchestrator.chat('edit');
    orchestrator.store.checkpoints.readContent = async () => undefined;
    expect((await undo(orchestrator)).left).toEqual([
      { path: join(cwd, 'a.txt'), reason: expect.stringContaining('is kept no longer') },
    ]);
    const [file] = await orchestrator.coordinators.checkpoint.diff!(orchestrator.sessionId);
    expect(file?.notes).toEqual(['what was there before is kept no longer']);
  });

  it('a file that cannot be kept is not edited, and the model learns why', async () => {
    const { orchestrator, cwd, requests } = await scriptedOrchestrator(
      [toolCall('Write', { path: 'big.bin', content: 'x' }), done],
      { files: { 'big.bin': '' }, settings },
    );
    await truncate(join(cwd, 'big.bin'), 3 * 1_024 ** 3);
    expect((await orchestrator.chat('overwrite')).reason).toBe('end');
    const result = requests[1]!.messages.at(-1)!;
    expect(result).toMatchObject({ role: 'tool', isError: true });
    // Only what can be written back is kept, so the limit is that of the tools.
    expect(result.content).toMatch(
      /could not be made undoable: .*big\.bin has .*; files over 16\.0 MB are not changed/,
    );
    expect((await stat(join(cwd, 'big.bin'))).size).toBe(3 * 1_024 ** 3);
  });

  it('an edit whose checkpoint cannot be completed stays done, is said to be not undoable, and is left alone', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([read, edit('one', 'two'), done], {
      files: { 'a.txt': 'one\n' },
      settings,
    });
    orchestrator.store.checkpoints.sealCheckpoint = () => Promise.reject(new Error('the disk is full'));
    const events = await collect(orchestrator.stream('edit'));
    expect(ofType(events, 'notice').map(({ text }) => text)).toEqual([
      'This edit cannot be undone: the disk is full',
    ]);
    expect(ofType(events, 'turn-end')[0]?.content).toBe('done');
    expect((await undo(orchestrator)).left).toEqual([
      { path: join(cwd, 'a.txt'), reason: expect.stringContaining('stopped while it wrote') },
    ]);
    expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('two\n');
  });
});

describe('what a session changed', () => {
  it('is told file by file against how each was first, whoever changed it since', async () => {
    const script = [
      read,
      edit('one', 'two'),
      toolCall('Write', { path: 'new.txt', content: 'new\n' }),
      done,
      edit('two', 'three'),
      done,
    ];
    const files = { 'a.txt': 'one\n', 'b.txt': 'not touched\n' };
    const { orchestrator, cwd } = await scriptedOrchestrator(script, { files, settings });
    await orchestrator.chat('first');
    await orchestrator.chat('second');
    const { checkpoint } = orchestrator.coordinators;
    const diff = () => checkpoint.diff!(orchestrator.sessionId);
    expect(await diff()).toEqual([
      { path: join(cwd, 'a.txt'), before: 'one\n', after: 'three\n', notes: [] },
      { path: join(cwd, 'new.txt'), before: null, after: 'new\n', notes: [] },
    ]);
    await writeFile(join(cwd, 'a.txt'), 'three\nmine\n');
    await rm(join(cwd, 'new.txt'));
    expect(await diff()).toEqual([
      {
        path: join(cwd, 'a.txt'),
        before: 'one\n',
        after: 'three\nmine\n',
        notes: ['somebody else changed it too; the diff has both'],
      },
    ]);
  });
});
