import { chown, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ancestors, findWorkspaceRoot, isInside } from '../../src/config/workspace-root.js';
import { makeWorkspace } from '../helpers/workspace.js';

describe('findWorkspaceRoot', () => {
  it('is the repository around, also when .git is a file as in worktrees, else the folder itself', async () => {
    const root = await realpath(
      await makeWorkspace({
        'a/.git/HEAD': '',
        'a/b/c/x': '',
        'w/.git': 'gitdir: /elsewhere',
        'w/d/x': '',
        'n/x': '',
      }),
    );
    expect(findWorkspaceRoot(join(root, 'a/b/c'))).toBe(join(root, 'a'));
    expect(findWorkspaceRoot(join(root, 'a'))).toBe(join(root, 'a'));
    expect(findWorkspaceRoot(join(root, 'w/d'))).toBe(join(root, 'w'));
    expect(findWorkspaceRoot(join(root, 'n'))).toBe(join(root, 'n'));
  });

  it.runIf(process.getuid?.() === 0)(
    'C17: a repository that a stranger put around our folder does not count',
    async () => {
      const root = await realpath(await makeWorkspace({ '.git/HEAD': '', 'mine/x': '', 'theirs/x': '' }));
      await chown(join(root, '.git'), 1234, 1234);
      expect(findWorkspaceRoot(join(root, 'mine'))).toBe(join(root, 'mine'));
      await chown(join(root, 'theirs'), 1234, 1234);
      expect(findWorkspaceRoot(join(root, 'theirs'))).toBe(root);
    },
  );
});

describe('isInside', () => {
  it.each([
    ['/w/proj', '/w/proj', true],
    ['/w/proj/a', '/w/proj', true],
    ['/w/proj/..a', '/w/proj', true],
    ['/w/proj-evil', '/w/proj', false],
    ['/w', '/w/proj', false],
    ['/', '/w', false],
    ['/w', '/', true],
  ])('%s in %s: %s', (path, root, inside) => {
    expect(isInside(path, root)).toBe(inside);
  });

  it('lists a folder and what is above it up to the root', async () => {
    expect(ancestors('/a/b/c', '/a')).toEqual(['/a/b/c', '/a/b', '/a']);
    expect(ancestors('/a/b')).toEqual(['/a/b', '/a', '/']);
    const root = await makeWorkspace({ 'a/x': '' });
    await symlink(join(root, 'a'), join(root, 'link'));
    expect(findWorkspaceRoot(await realpath(join(root, 'link')))).toBe(await realpath(join(root, 'a')));
  });
});
