import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repositoryElsewhere } from '../../src/sandbox/hidden-paths.js';
import { gitIn } from '../helpers/git-in.js';
import { makeSharedWorkspace } from '../helpers/workspace.js';

let base: string;
beforeAll(async () => {
  base = realpathSync(await makeSharedWorkspace({ 'library/l': 'l\n', 'main/a': 'a\n' }));
  for (const name of ['library', 'main']) {
    const git = gitIn(join(base, name));
    git('init', '-q', '-b', 'main', '--template=');
    git('add', '.');
    git('commit', '-qm', 'one');
  }
  const git = gitIn(join(base, 'main'));
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '../library', 'lib');
  git('commit', '-qm', 'module');
  git('worktree', 'add', '-q', '../tree');
  gitIn(join(base, 'tree'))('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
});

describe('the repository elsewhere that commands in the sandbox may read', () => {
  it('P23 is the one that a worktree, a submodule and a submodule of a worktree belong to', () => {
    const repository = join(base, 'main/.git');
    expect(repositoryElsewhere(join(base, 'tree'))).toEqual([repository]);
    expect(repositoryElsewhere(join(base, 'main/lib'))).toEqual([repository]);
    expect(repositoryElsewhere(join(base, 'tree/lib'))).toEqual([join(repository, 'worktrees/tree')]);
  });

  it.each(['modules/lib', 'worktrees/tree', 'worktrees/tree/modules/lib'])(
    "P23 is none where the .git of an archive names somebody else's %s",
    (part) => {
      const folder = join(base, `archive-${part.replaceAll('/', '-')}`);
      mkdirSync(folder);
      const named = join(base, 'main/.git', part);
      expect(existsSync(join(named, 'HEAD'))).toBe(true);
      writeFileSync(join(folder, '.git'), `gitdir: ${named}\n`);
      expect(repositoryElsewhere(folder)).toEqual([]);
    },
  );
});
