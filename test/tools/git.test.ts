import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGitDiffTool, createGitStatusTool } from '../../src/tools/git.js';
import { runGit } from '../../src/tools/git-command.js';
import { type Workspace, workspace } from './workspace.js';

const status = createGitStatusTool();
const diff = createGitDiffTool();

const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

/** A repository with one commit of two files. */
function repository(): Workspace {
  const folder = workspace();
  folder.write('a.txt', 'one\ntwo\n');
  folder.write('sub/b.txt', 'b\n');
  git(folder.root, 'init', '-q', '-b', 'main');
  git(folder.root, 'add', '.');
  git(folder.root, 'commit', '-q', '-m', 'first');
  return folder;
}

/** Makes git look into the file again although nothing about it seems to have changed. */
function touch(path: string): void {
  utimesSync(path, 1_000_000_000, 1_000_000_000);
}

describe('GitStatus and GitDiff', () => {
  it('show branch and changed, staged, renamed, untracked and oddly named files', async () => {
    const { root, run, write } = repository();
    write('a.txt', 'one\n2\n');
    git(root, 'mv', 'sub/b.txt', 'sub/c.txt');
    write('new\nfile', '');
    const result = await run(status, {});
    expect(result.content).toBe("## main\n M a.txt\nR  sub/c.txt (was sub/b.txt)\n?? $'new\\nfile'");
    expect(result.summary).toBe('3 changed files');
    const changes = await run(diff, {});
    expect(changes.content).toContain('--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2');
    expect((await run(diff, { staged: true })).content).toContain('rename to sub/c.txt');
    expect((await run(diff, { path: 'sub' })).content).toBe(
      '[No changes. Try with staged: true for the others.]',
    );
    expect((await run(diff, { path: 'a.txt' })).content).toContain('+2');
  });

  it('say when nothing changed, and work in a folder below the top and on a deleted file', async () => {
    const { root, write, context } = repository();
    const below = { ...context, cwd: join(root, 'sub') };
    expect((await status.execute({}, below)).content).toBe('## main\n[Nothing changed.]');
    rmSync(join(root, 'sub/b.txt'));
    write('a.txt', 'changed outside of sub\n');
    expect((await status.execute({}, below)).content).toBe('## main\n D sub/b.txt');
    expect((await diff.execute({ path: 'b.txt' }, below)).content).toContain('-b');
    expect((await diff.execute({ path: '../a.txt' }, below)).content).toContain('changed outside of sub');
  });

  it('take a path literally and never as an option or a magic pattern', async () => {
    const { run, write } = repository();
    write('a.txt', 'x\n');
    for (const path of ['--output=canary', ':(top)a.txt', '*.txt', ':/']) {
      const result = await run(diff, { path });
      expect(result.content).toContain('No changes');
    }
    expect((await run(diff, { path: '../outside' })).content).toContain('outside the git repository');
    expect((await run(diff, { path: 'a\0' })).content).toContain('NUL');
  });

  it('say what to do where there is no repository', async () => {
    const { run } = workspace();
    expect((await run(status, {})).content).toBe(
      'This is not a git repository.\nUse List, Glob and Grep instead.',
    );
  });

  it('T18: a missing git and a broken configuration are named', async () => {
    const { run, root, path } = repository();
    const before = process.env.PATH;
    mkdirSync(path('empty'));
    process.env.PATH = path('empty');
    try {
      expect((await run(status, {})).content).toMatch(/^git was not found on PATH/);
    } finally {
      process.env.PATH = before;
    }
    writeFileSync(join(root, '.git/config'), 'not a config');
    expect((await run(status, {})).content).toMatch(/^git failed: .*bad config line 1/);
  });

  it('work in a linked worktree and in a submodule', async () => {
    const { root } = repository();
    const { context } = workspace();
    const linked = join(root, '..', 'linked');
    git(root, 'worktree', 'add', '-q', linked);
    writeFileSync(join(linked, 'a.txt'), 'in the worktree\n');
    expect((await diff.execute({}, { ...context, cwd: linked })).content).toContain('+in the worktree');
    const outer = repository();
    git(outer.root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', root, 'module');
    writeFileSync(outer.path('module/a.txt'), 'in the submodule\n');
    const inner = { ...context, cwd: outer.path('module') };
    expect((await diff.execute({}, inner)).content).toContain('+in the submodule');
    expect((await status.execute({}, outer.context)).content).toContain('A  module');
  });

  it('P23: refuse a .git that leads to somebody else’s repository', async () => {
    const other = repository();
    const { run, path, write, context } = workspace();
    write('.git', `gitdir: ${other.path('.git')}\n`);
    expect((await run(status, {})).content).toContain('leads to a repository that is not this folder');
    rmSync(path('.git'));
    symlinkSync(other.path('.git'), path('.git'));
    expect((await run(diff, {})).content).toContain('leads to a repository that is not this folder');
    rmSync(path('.git'));
    git(path('.'), 'init', '-q');
    write('.git/commondir', other.path('.git'));
    expect((await run(diff, { staged: true })).content).toContain(
      'leads to a repository that is not this folder',
    );
    expect((await diff.execute({}, { ...context, cwd: other.root })).isError).toBeUndefined();
  });

  it('P23: a work tree that the configuration puts elsewhere is not the one that is shown', async () => {
    const { root, run, write } = repository();
    write('../secrets/a.txt', 'secret\n');
    git(root, 'config', 'core.worktree', join(root, '..', 'secrets'));
    expect(git(root, 'diff')).toContain('secret');
    expect((await run(diff, {})).content).not.toContain('secret');
  });
});

describe('S16: a program that the repository names does not run', () => {
  /** Each makes a repository that gives a plain git the canary's command to run. */
  const vectors: Record<string, { arrange(folder: Workspace, canary: string): void; plain: string[] }> = {
    'a file system monitor': {
      arrange: ({ root }, canary) => git(root, 'config', 'core.fsmonitor', canary),
      plain: ['status'],
    },
    'a hook': {
      arrange: ({ write, path }, canary) => {
        write('.git/hooks/post-index-change', `#!/bin/sh\n${canary}\n`);
        chmodSync(path('.git/hooks/post-index-change'), 0o755);
        touch(path('a.txt'));
      },
      plain: ['status'],
    },
    'an external diff': {
      arrange: ({ root, write }, canary) => {
        git(root, 'config', 'diff.external', canary);
        write('a.txt', 'x\n');
      },
      plain: ['diff'],
    },
    'a diff driver': {
      arrange: ({ root, write }, canary) => {
        git(root, 'config', 'diff.evil.command', canary);
        write('.gitattributes', '* diff=evil\n');
        write('a.txt', 'x\n');
      },
      plain: ['diff'],
    },
    'a text conversion': {
      arrange: ({ root, write }, canary) => {
        git(root, 'config', 'diff.evil.textconv', canary);
        write('.gitattributes', '* diff=evil\n');
        write('a.txt', 'x\n');
      },
      plain: ['diff'],
    },
    'a clean filter': {
      arrange: ({ root, write, path }, canary) => {
        git(root, 'config', 'filter.evil.clean', canary);
        write('.gitattributes', '* filter=evil\n');
        touch(path('a.txt'));
      },
      plain: ['status'],
    },
    'a filter process': {
      arrange: ({ root, write, path }, canary) => {
        git(root, 'config', 'filter.evil.process', canary);
        git(root, 'config', 'filter.evil.required', 'true');
        write('.gitattributes', '* filter=evil\n');
        touch(path('a.txt'));
      },
      plain: ['diff'],
    },
    'a filter with an odd name from an included file': {
      arrange: ({ root, write, path }, canary) => {
        write('.git/more', `[filter "a=b.c"]\n\tclean = ${canary}\n`);
        git(root, 'config', 'include.path', 'more');
        write('.git/info/attributes', '*.txt filter=a=b.c\n');
        touch(path('a.txt'));
      },
      plain: ['status'],
    },
    'a filter of a submodule': {
      arrange: ({ root, path }, canary) => {
        const inner = path('module');
        mkdirSync(inner);
        git(inner, 'init', '-q');
        writeFileSync(join(inner, 'f.txt'), 'x\n');
        git(inner, 'add', '.');
        git(inner, 'commit', '-q', '-m', 'inner');
        git(root, '-c', 'advice.addEmbeddedRepo=false', 'add', 'module');
        git(root, 'commit', '-q', '-m', 'module');
        git(inner, 'config', 'filter.evil.clean', canary);
        writeFileSync(join(inner, '.git/info/attributes'), '* filter=evil\n');
        touch(join(inner, 'f.txt'));
      },
      plain: ['status'],
    },
    'a remote that missing objects come from': {
      arrange: ({ root, write }, canary) => {
        const id = git(root, 'rev-parse', 'HEAD:a.txt').trim();
        rmSync(join(root, '.git/objects', id.slice(0, 2), id.slice(2)), { force: true });
        git(root, 'config', 'core.repositoryFormatVersion', '1');
        git(root, 'config', 'extensions.partialClone', 'origin');
        git(root, 'config', 'remote.origin.url', join(root, '..', 'elsewhere'));
        git(root, 'config', 'remote.origin.promisor', 'true');
        git(root, 'config', 'remote.origin.uploadpack', canary);
        git(join(root, '..'), 'init', '-q', 'elsewhere');
        write('a.txt', 'x\n');
      },
      plain: ['diff'],
    },
  };

  it.each(Object.entries(vectors))('%s', async (_, { arrange, plain }) => {
    const folder = repository();
    const canaryFile = join(folder.root, '..', 'canary');
    const canary = join(folder.root, '..', 'canary.sh');
    writeFileSync(canary, `#!/bin/sh\necho ran >> '${canaryFile}'\n`, { mode: 0o755 });
    arrange(folder, canary);
    // A plain git runs it, so the trap is a real one; the copy leaves the index of the repository as it is.
    const copy = join(folder.root, '..', 'copy');
    execFileSync('cp', ['-a', folder.root, copy]);
    spawnSync('git', plain, { cwd: copy, env: environment });
    expect(existsSync(canaryFile)).toBe(true);
    rmSync(canaryFile);

    await folder.run(status, {});
    await folder.run(diff, {});
    await folder.run(diff, { staged: true });
    await folder.run(diff, { path: 'a.txt' });
    await runGit({ command: 'log', options: ['--format=%H', '-p', '-n3'], top: folder.root });
    await runGit({ command: 'show', options: ['HEAD'], top: folder.root });
    expect(existsSync(canaryFile)).toBe(false);
  });

  it('a signature program named for log and show', async () => {
    const { root, write, path } = repository();
    const canaryFile = join(root, '..', 'canary');
    write(
      '../canary.sh',
      `#!/bin/sh\ncat > /dev/null\necho ran >> '${canaryFile}'\necho '[GNUPG:] SIG_CREATED ' >&2\necho '-----BEGIN PGP SIGNATURE-----'\n`,
    );
    chmodSync(path('../canary.sh'), 0o755);
    git(root, 'config', 'gpg.program', path('../canary.sh'));
    git(root, 'config', 'log.showSignature', 'true');
    git(root, 'config', 'user.signingKey', 'x');
    spawnSync('git', ['commit', '-q', '-S', '--allow-empty', '-m', 'signed'], {
      cwd: root,
      env: environment,
    });
    expect(git(root, 'cat-file', 'commit', 'HEAD')).toContain('gpgsig');
    rmSync(canaryFile);
    spawnSync('git', ['log'], { cwd: root, env: environment });
    expect(existsSync(canaryFile)).toBe(true);
    rmSync(canaryFile);
    const log = await runGit({ command: 'log', options: ['--format=%s'], top: root });
    expect(log.output.head.toString()).toBe('signed\nfirst\n');
    await runGit({ command: 'show', options: ['HEAD'], top: root });
    expect(existsSync(canaryFile)).toBe(false);
  });

  it('a configuration in a folder that only looks like a repository', async () => {
    const { root, context, path, write } = repository();
    const canaryFile = join(root, '..', 'canary');
    write('../canary.sh', `#!/bin/sh\necho ran >> '${canaryFile}'\n`);
    chmodSync(path('../canary.sh'), 0o755);
    git(root, 'init', '-q', '--bare', 'bare');
    git(path('bare'), 'config', 'core.bare', 'false');
    git(path('bare'), 'config', 'core.worktree', root);
    git(path('bare'), 'config', 'core.fsmonitor', path('../canary.sh'));
    spawnSync('git', ['status'], { cwd: path('bare'), env: environment });
    expect(existsSync(canaryFile)).toBe(true);
    rmSync(canaryFile);
    const result = await status.execute({}, { ...context, cwd: path('bare') });
    expect(result.content).toContain('## main');
    expect(existsSync(canaryFile)).toBe(false);
  });

  it('the index is not written, not even refreshed', async () => {
    const { root, run, path } = repository();
    touch(path('a.txt'));
    const before = readFileSync(join(root, '.git/index'));
    await run(status, {});
    expect((await run(diff, {})).content).toContain('[No changes.');
    expect(readFileSync(join(root, '.git/index')).equals(before)).toBe(true);
    renameSync(path('a.txt'), path('z.txt'));
    expect((await run(status, {})).summary).toBe('2 changed files');
  });
});
