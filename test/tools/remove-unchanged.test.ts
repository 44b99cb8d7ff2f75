import promises, { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { removeUnchanged } from '../../src/tools/remove-unchanged.js';
import { contentHash } from '../../src/tools/text-file.js';
import { makeWorkspace } from '../helpers/workspace.js';

const expectedHash = contentHash(Buffer.from('ours\n'));

/** Somebody else acts at the last moment: when the file is about to be moved aside, or when it is to be put back. */
function meanwhile(name: 'rename' | 'link', act: () => Promise<unknown>): void {
  const call = promises[name] as (...given: unknown[]) => Promise<void>;
  const set = (to: unknown) => {
    (promises as unknown as Record<string, unknown>)[name] = to;
    syncBuiltinESMExports();
  };
  set(async (...given: unknown[]) => {
    set(call);
    await act();
    return call(...given);
  });
  onTestFinished(() => set(call));
}

describe('removing a file that is unchanged', () => {
  it('removes it, and leaves nothing else behind', async () => {
    const cwd = await makeWorkspace({ 'a.txt': 'ours\n', 'b.txt': '' });
    await removeUnchanged({ path: join(cwd, 'a.txt'), expectedHash });
    expect(await readdir(cwd)).toEqual(['b.txt']);
  });

  it.each([
    ['changed', 'theirs\n'],
    ['empty', ''],
  ])('leaves one that is %s', async (_how, content) => {
    const cwd = await makeWorkspace({ 'a.txt': content });
    const path = join(cwd, 'a.txt');
    await expect(removeUnchanged({ path, expectedHash })).rejects.toMatchObject({ problem: 'changed' });
    expect(await readFile(path, 'utf8')).toBe(content);
    expect(await readdir(cwd)).toEqual(['a.txt']);
  });

  it('leaves a link and what it leads to', async () => {
    const cwd = await makeWorkspace({ 'real.txt': 'ours\n' });
    await symlink(join(cwd, 'real.txt'), join(cwd, 'a.txt'));
    await expect(removeUnchanged({ path: join(cwd, 'a.txt'), expectedHash })).rejects.toMatchObject({
      problem: 'changed',
    });
    expect((await readdir(cwd)).sort()).toEqual(['a.txt', 'real.txt']);
  });

  it('puts back what came in its place after the last look at it', async () => {
    const cwd = await makeWorkspace({ 'a.txt': 'ours\n' });
    const path = join(cwd, 'a.txt');
    meanwhile('rename', () => writeFile(path, 'theirs\n'));
    await expect(removeUnchanged({ path, expectedHash })).rejects.toMatchObject({ problem: 'changed' });
    expect(await readFile(path, 'utf8')).toBe('theirs\n');
    expect(await readdir(cwd)).toEqual(['a.txt']);
  });

  it('keeps both where yet another file appears while it is put back, and names the one that was moved', async () => {
    const cwd = await makeWorkspace({ 'a.txt': 'ours\n' });
    const path = join(cwd, 'a.txt');
    meanwhile('rename', () => writeFile(path, 'theirs\n'));
    meanwhile('link', () => writeFile(path, 'a third\n'));
    const error = await removeUnchanged({ path, expectedHash }).catch((reason: unknown) => reason);
    const kept = (await readdir(cwd)).find((name) => name !== 'a.txt')!;
    expect(error).toMatchObject({ problem: 'changed', advice: expect.stringContaining(kept) });
    expect(await readFile(path, 'utf8')).toBe('a third\n');
    expect(await readFile(join(cwd, kept), 'utf8')).toBe('theirs\n');
  });
});
