import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { searchPlaces } from '../../src/config/find.js';
import { loadConfig } from '../../src/config/load.js';
import { settings } from '../../src/config/schema.js';
import { findWorkspaceRoot } from '../../src/config/workspace-root.js';
import { CommandSandbox } from '../../src/sandbox/command-sandbox.js';
import { createBashTool } from '../../src/tools/bash.js';
import { createGitStatusTool } from '../../src/tools/git.js';
import { it } from '../helpers/sampled.js';
import { type BundledProgram, bundle } from '../tools/run-bundled.js';
import { workspace } from '../tools/workspace.js';

/** A folder, and the Bash tool as a session has it there. */
function place(files: Readonly<Record<string, string>> = {}) {
  const { root, context, path, write } = workspace();
  for (const [name, text] of Object.entries(files)) write(name, text);
  const confinement = new CommandSandbox({
    settings: settings({ sandbox: 'require' }),
    environment: process.env,
    cwd: root,
    workspaceRoot: root,
    paths: { configDirectory: '/nonexistent', dataDirectory: '/nonexistent' },
  });
  const tool = createBashTool({ confinement });
  const run = async (command: string) =>
    (await tool.execute({ command, timeoutMs: 20_000 }, context)).content;
  return { root, context, path, run };
}

/** The same, as a git repository with one commit. */
function repository(files: Readonly<Record<string, string>> = {}) {
  const made = place({ 'package.json': '{"name":"x","version":"1.0.0"}\n', ...files });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: made.root,
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' },
      encoding: 'utf8',
    });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@b');
  git('add', '.');
  git('commit', '-qm', 'one');
  return { ...made, git };
}

/** What was in a folder at any moment until `stop`, as a program that looks again and again sees it. */
function watchFiles(root: string) {
  const seen = new Set<string>();
  const look = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (
        entry.isDirectory() &&
        /^(?:\.config|\.git|\.agents|\.claude|\.victor.*|victor\.config\..*)$/.test(entry.name)
      ) {
        try {
          look(path);
        } catch {
          // Gone meanwhile.
        }
      } else if (!entry.isDirectory()) seen.add(path.slice(root.length + 1));
    }
  };
  const timer = setInterval(() => look(root), 2);
  return () => {
    clearInterval(timer);
    look(root);
    return [...seen];
  };
}

const until = async (holds: () => boolean) => {
  const deadline = Date.now() + 120_000;
  while (!holds() && Date.now() < deadline) await sleep(5);
  expect(holds()).toBe(true);
};

/** In a command: until the test has looked. */
const untilGo = 'until [ -e go ]; do sleep 0.05; done';

const names = [
  ...searchPlaces.filter((name) => name !== 'package.json'),
  ...['.victor', '.agents', '.claude', '.config', '.config/config.json', '.config/config.js'],
];
const ways: readonly (readonly [way: string, script: (name: string) => string])[] = [
  ['written', (name) => `echo x > ${name}`],
  ['renamed onto', (name) => `echo x > made; mv -fT made ${name}; mv -f made ${name}`],
  ['linked', (name) => `echo x > made; ln -T made ${name}`],
  ['linked symbolically', (name) => `echo x > made; ln -sT made ${name}`],
  ['made a folder with a file', (name) => `mkdir -p ${name}; echo x > ${name}/file`],
  ['made after what keeps it is moved', (name) => `mv -T ${name} away; rm -rf ${name}; echo x > ${name}`],
  [
    'made after a change of mode',
    (name) => `chmod 777 ${name}; echo x > ${name}/file; rm -rf ${name}; echo x > ${name}`,
  ],
];

describe('P16 what is missing under a protected name, and a command of the sandbox', () => {
  it.each(ways)('is never there, not even for a moment: %s', async (_, script) => {
    const { root, run } = place();
    const stop = watchFiles(root);
    const content = await run(`${names.map(script).join('\n')}\nsleep 0.1; exit 1`);
    const own = (name: string) => name === 'made' || name === 'away';
    expect(stop().filter((name) => !own(name))).toEqual([]);
    expect(readdirSync(root).filter((name) => !own(name))).toEqual([]);
    expect(content).toContain('A command cannot make or change the settings of Victor');
    expect(content).not.toContain('moved to');
  });

  it.each([
    [
      'config.worktree',
      'echo x > .git/config.worktree; rm -f .git/config.worktree; mv -f made .git/config.worktree',
    ],
    [
      'commondir',
      'echo ../evil > .git/commondir; rm -f .git/commondir; mv -fT made .git/commondir; mv .git old',
    ],
  ])('is never there, not even for a moment: .git/%s', async (name, script) => {
    const { path, run } = repository();
    const seen = new Set<string>();
    const timer = setInterval(
      () => existsSync(path(`.git/${name}`)) && seen.add(readFileSync(path(`.git/${name}`), 'utf8')),
      2,
    );
    await run(`echo x > made; ${script}; sleep 0.2`);
    clearInterval(timer);
    // What git reads as if nothing were there.
    expect([...seen]).toEqual([name === 'commondir' ? '.\n' : '']);
    expect(existsSync(path(`.git/${name}`))).toBe(false);
  });

  it('still moves aside, and keeps, what has a name that only looks like one', async () => {
    const { root, run } = place();
    expect(await run('echo "maxTurns: 3" > .victorrc.old; echo x > .VICTORRC')).toContain(
      'must not be made by a command',
    );
    const kept = readdirSync(root);
    expect(kept.every((name) => name.startsWith('from-command-'))).toBe(true);
    expect(kept.map((name) => readFileSync(join(root, name), 'utf8')).sort()).toEqual([
      'maxTurns: 3\n',
      'x\n',
    ]);
  });

  it('leaves a folder .config that is there to what else a command puts there', async () => {
    const { root, run } = place({ '.config/own.toml': '' });
    const content = await run('echo x > .config/tools.json && ls -A .config; echo x > .config/config.js');
    expect(content).toMatch(/config\.js: Is a directory/);
    expect(readdirSync(join(root, '.config')).sort()).toEqual(['own.toml', 'tools.json']);
  });

  it('leaves an empty folder that was there before as it was', async () => {
    const { root, path, run } = place();
    for (const name of ['.victor', '.config', '.git']) mkdirSync(path(name));
    const before = readdirSync(root).map((name) => lstatSync(path(name)).mode);
    await run('echo x > .victor/x; git init; echo x > .config/config.js');
    expect(readdirSync(root).sort()).toEqual(['.config', '.git', '.victor']);
    expect(readdirSync(root).map((name) => lstatSync(path(name)).mode)).toEqual(before);
    expect(readdirSync(root, { recursive: true }).length).toBe(3);
  });
});

describe('P16 agents and skills of a project, and a command of the sandbox', () => {
  it('can be read and not changed, behind links too', async () => {
    const files = { '.agents/skills/a/SKILL.md': 'a\n', 'kept/agents/b.md': 'b\n', '.agents/c.md': 'c\n' };
    const { path, run } = place(files);
    symlinkSync('kept', path('.claude'));
    const content = await run(
      [
        'cat .agents/skills/a/SKILL.md .claude/agents/b.md',
        'for one in .agents/skills/a/SKILL.md .claude/agents/b.md kept/agents/b.md; do echo x >> $one; rm -f $one; done',
        'mv .agents/skills gone; mv .agents gone; mv kept gone; rm -rf .agents/skills; echo d >> .agents/c.md',
        'rm .claude; mkdir -p .claude/agents; echo x > .claude/agents/x.md; echo x > .agents/skills/new',
      ].join('\n'),
    );
    expect(content).toMatch(/^a\nb\n/m);
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(path(name), 'utf8')).toBe(name === '.agents/c.md' ? 'c\nd\n' : text);
    expect(existsSync(path('.claude/agents'))).toBe(false);
    expect(readdirSync(path('.agents/skills'))).toEqual(['a']);
  });

  it.each(['.agents', '.claude'])(
    'are missing in %s: the folder is left to what else a command puts there',
    async (name) => {
      const { root, path, run } = place({ [`${name}/notes.md`]: '' });
      const stop = watchFiles(root);
      const content = await run(
        `cd ${name}; echo x > own; mkdir -p agents skills/x; echo x > agents/x.md; echo x > skills/x/SKILL.md; cd ..; mv ${name} old; mkdir -p ${name}/agents; echo x > ${name}/agents/y.md; ls ${name}; exit 1`,
      );
      expect(stop().sort()).toEqual([`${name}/notes.md`, `${name}/own`]);
      expect(readdirSync(path(name)).sort()).toEqual(['notes.md', 'own']);
      expect(content).toContain('agents and skills');
    },
  );
});

describe('what keeps the names, seen by other programs', () => {
  it('is passed over by git, ls, rg, tar, cp and npm pack inside, and git clean and stash work', async () => {
    const { run, git } = repository();
    const content = await run(
      [
        'set -e',
        'git status --porcelain',
        'echo new > new; git add -A; git commit -qm two; git show --stat --format= HEAD',
        'echo u > untracked; git clean -fdq; test ! -e untracked',
        'echo u > untracked; git stash -uq; test ! -e untracked; git stash pop -q >/dev/null; test -e untracked; rm untracked',
        'git status --porcelain',
        'ls -A > /tmp/list; rg --hidden -l . -g "!.git" | sort',
        'tar cf /tmp/all.tar .; cp -r . /tmp/copy',
        'npm_config_cache=/tmp npm pack --dry-run --json 2>/dev/null | grep \'"path"\'',
        'echo finished',
      ].join('\n'),
    );
    expect(content).toMatch(/^Exit code 0/);
    expect(content.split('\n').slice(1)).toEqual([
      ' new | 1 +',
      ' 1 file changed, 1 insertion(+)',
      'new',
      'package.json',
      ...[/"path": "new"/, /"path": "package.json"/].map((name) => expect.stringMatching(name)),
      'finished',
    ]);
    expect(git('status', '--porcelain', '--ignored')).toBe('');
  });

  it('is passed over by git outside while a command runs, and by the tools and the loader of Victor', async () => {
    const { root, context, path, run, git } = repository({ 'sub/.gitkeep': '' });
    const running = run(`echo begun > begun; ${untilGo}; rm begun go`);
    await until(() => existsSync(path('begun')) && existsSync(path('.git/commondir')));
    expect(git('status', '--porcelain')).toBe('?? begun\n');
    expect(git('worktree', 'list')).toContain('[main]');
    expect((await createGitStatusTool().execute({}, context)).content).toContain('begun');
    expect(findWorkspaceRoot(join(root, 'sub'))).toBe(root);
    writeFileSync(path('go'), '');
    await running;
    expect(git('status', '--porcelain', '--ignored')).toBe('');
    expect(readdirSync(path('.git')).filter((name) => /commondir|config\.worktree|held/.test(name))).toEqual(
      [],
    );
  });

  it('of a repository further up does not hide it from what runs in a folder below', async () => {
    const { root, git } = repository({ 'sub/.gitkeep': '' });
    const sub = join(root, 'sub');
    const { content } = await (async () => {
      const confinement = new CommandSandbox({
        settings: settings({ sandbox: 'require' }),
        environment: process.env,
        cwd: sub,
        workspaceRoot: root,
        paths: { configDirectory: '/nonexistent', dataDirectory: '/nonexistent' },
      });
      const { context } = workspace();
      const tool = createBashTool({ confinement });
      const running = tool.execute(
        { command: `touch begun; ${untilGo}; rm go; git rev-parse --show-toplevel` },
        { ...context, cwd: sub },
      );
      await until(() => existsSync(join(sub, 'begun')));
      expect(existsSync(join(sub, '.git'))).toBe(true);
      expect(findWorkspaceRoot(sub)).toBe(root);
      expect((await createGitStatusTool().execute({}, { ...context, cwd: sub })).content).toContain('begun');
      writeFileSync(join(sub, 'go'), '');
      return running;
    })();
    expect(content).toContain(`\n${root}`);
    expect(git('status', '--porcelain')).toBe('?? sub/begun\n');
  });

  it('P15 a folder without a repository gets none with hooks, and one that a command makes below is its own', async () => {
    const { root, path, run } = place();
    expect(await run('git init . ; mkdir -p .git/hooks; echo x > .git/hooks/pre-commit')).toMatch(
      /^Exit code 1/,
    );
    expect(readdirSync(root)).toEqual([]);
    expect(await run('git init -q below')).toMatch(/^Exit code 0/);
    expect(existsSync(path('below/.git/HEAD'))).toBe(true);
  });
});

describe('what keeps the names, seen by the settings', () => {
  it.each([
    ['a victor key in package.json', { 'package.json': '{"victor":{"maxTurns":7}}' }],
    ['a .victorrc.yaml', { '.victorrc.yaml': 'maxTurns: 7\n' }],
    ['no settings', {}],
  ])('with %s a start of Victor finds the same as without a running command', async (_, files) => {
    const { root, path, run } = place(files);
    const environment = { VICTOR_HOME: path('../home') };
    const load = async () => {
      const {
        settings: found,
        layers,
        notices,
        workspaceRoot,
        unconfirmed,
      } = await loadConfig({ cwd: root, environment, trust: true });
      return {
        found,
        layers: layers.map(({ name, file }) => [name, file]),
        notices,
        workspaceRoot,
        unconfirmed,
      };
    };
    const before = await load();
    const running = run(`touch begun; ${untilGo}`);
    await until(() => existsSync(path('begun')));
    expect(lstatSync(path('.victorrc')).isDirectory()).toBe(true);
    expect(await load()).toEqual(before);
    writeFileSync(path('go'), '');
    await running;
  });
});

describe('several commands at once in one folder', () => {
  let program: BundledProgram;
  beforeAll(async () => {
    program = await bundle('test/fixtures/sandbox/run-command.ts');
  });
  afterAll(() => program.remove());

  const attack =
    'until [ -e go ]; do sleep 0.02; done; for n in 1 2 3 4 5; do echo x > .victorrc; echo x > .victor; echo ../evil > .git/commondir; sleep 0.02; done; exit 1';

  it('in one process: the end of one leaves the other protected', async () => {
    const { root, path, run } = repository();
    const long = run(attack);
    await until(() => existsSync(path('.victorrc')));
    await Promise.all([run('true'), run('true')]);
    const stop = watchFiles(root);
    writeFileSync(path('go'), '');
    expect(await long).not.toContain('moved to');
    expect(stop().filter((name) => /^\.victor/.test(name))).toEqual([]);
    expect(readdirSync(root).sort()).toEqual(['.git', 'go', 'package.json']);
    expect(existsSync(path('.git/commondir'))).toBe(false);
  });

  it('in two processes, whichever began first', async () => {
    const { root, path, run } = repository();
    for (const [first, second] of [
      [() => program.run([root, attack]), () => run('true')],
      [() => run(attack), () => program.run([root, 'true'])],
    ] as const) {
      const long = first();
      await until(() => existsSync(path('.victorrc')));
      expect(await second()).toMatch(/^Exit code 0/);
      const stop = watchFiles(root);
      writeFileSync(path('go'), '');
      const content = await long;
      expect(content).toMatch(/^Exit code 1/);
      expect(content).not.toContain('moved to');
      expect(stop().filter((name) => /^\.victor/.test(name))).toEqual([]);
      expect(readdirSync(root).sort()).toEqual(['.git', 'go', 'package.json']);
      expect(existsSync(path('.git/commondir'))).toBe(false);
    }
  });

  it('use the same folders again, which wait among what Victor keeps', async () => {
    const { root, context, path } = place();
    const state = path('../state');
    mkdirSync(state);
    const confinement = new CommandSandbox({
      settings: settings({ sandbox: 'require' }),
      environment: process.env,
      cwd: root,
      workspaceRoot: root,
      paths: { configDirectory: '/nonexistent', dataDirectory: state },
    });
    const tool = createBashTool({ confinement });
    const spare = () =>
      readdirSync(join(state, 'spare-folders'))
        .map((name) => lstatSync(join(state, 'spare-folders', name)).ino)
        .sort();
    await tool.execute({ command: 'true' }, context);
    const first = spare();
    expect(first.length).toBeGreaterThanOrEqual(names.length - 2);
    await tool.execute({ command: 'true' }, context);
    expect(spare()).toEqual(first);
    await Promise.all(
      [1, 2, 3].map(() => tool.execute({ command: `ls ${state}; echo x > .victorrc` }, context)),
    );
    expect(spare()).toEqual(first);
    expect(readdirSync(root)).toEqual([]);
  });

  it('what a killed Victor left behind is passed over, and removed by the next command', async () => {
    const { root, path, run, git } = repository();
    const killed = program.start([root, 'touch begun; sleep 100']);
    await until(() => existsSync(path('begun')));
    const ended = once(killed, 'exit');
    killed.kill('SIGKILL');
    await ended;
    expect(existsSync(path('.victorrc'))).toBe(true);
    expect(git('status', '--porcelain')).toBe('?? begun\n');
    const { layers, notices } = await loadConfig({
      cwd: root,
      environment: { VICTOR_HOME: path('../home') },
    });
    expect([layers.map(({ name }) => name).includes('project'), notices]).toEqual([false, []]);
    expect(await run('echo x > .victorrc; true')).toMatch(/^Exit code 0/);
    expect(readdirSync(root).sort()).toEqual(['.git', 'begun', 'package.json']);
    expect(readdirSync(path('.git')).filter((name) => /commondir|config\.worktree/.test(name))).toEqual([]);
  });

  it('what the user puts there meanwhile stays, as an ordinary folder', async () => {
    const { path, run } = place();
    const running = run(`touch begun; ${untilGo}`);
    await until(() => existsSync(path('begun')));
    execFileSync('git', ['init', '-q'], { cwd: path('.'), env: { PATH: process.env.PATH } });
    writeFileSync(path('go'), '');
    await running;
    expect(lstatSync(path('.git')).mode & 0o7777).toBe(0o755);
    expect(readdirSync(path('.git'))).not.toContainEqual(expect.stringMatching(/^held/));
    expect(findWorkspaceRoot(path('.'))).toBe(path('.').replace(/\/$/, ''));
    expect(await run('git status')).toMatch(/^Exit code 0/);
  });

  it.each(['.victor/agents/mine.md', '.config/config.json'])(
    '%s that the user writes meanwhile stays where it is, also when another command ends first',
    async (name) => {
      const { root, path, run } = place();
      const running = run('touch begun; until [ -e go ]; do sleep 0.05; done; echo x > .victor/evil');
      await until(() => existsSync(path('begun')));
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), 'mine');
      for (const command of ['true', 'touch go']) expect(await run(command)).toMatch(/^Exit code 0/);
      const content = await running;
      expect(content).not.toContain('moved to');
      const [folder] = name.split('/') as [string];
      expect(readdirSync(root).sort()).toEqual([folder, 'begun', 'go']);
      expect(
        readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()),
      ).toHaveLength(3);
      expect(readFileSync(path(name), 'utf8')).toBe('mine');
      expect(lstatSync(path(folder)).mode & 0o7777).toBe(0o755);
    },
  );

  it('what the user put there before Victor was killed is an ordinary folder from the next command on', async () => {
    const { path, run } = place();
    const killed = program.start([path('.'), 'touch begun; sleep 100']);
    await until(() => existsSync(path('begun')));
    writeFileSync(path('.victor/mine'), 'mine');
    const ended = once(killed, 'exit');
    killed.kill('SIGKILL');
    await ended;
    expect(readdirSync(path('.victor'))).toHaveLength(2);
    expect(await run('cat .victor/mine')).toMatch(/^Exit code 0[^\n]*\nmine/);
    expect(readdirSync(path('.victor'))).toEqual(['mine']);
    expect(lstatSync(path('.victor')).mode & 0o7777).toBe(0o755);
  });

  it('what a command makes where somebody took away what kept the name is still moved aside', async () => {
    const { root, path, run } = place();
    const script = 'mkdir -p .victorrc.json && echo x > .victorrc.json/evil';
    const running = run(`touch begun; until [ -e go ]; do sleep 0.05; done; ${script}`);
    await until(() => existsSync(path('begun')));
    rmdirSync(path('.victorrc.json'));
    writeFileSync(path('go'), '');
    expect(await running).toContain('.victorrc.json must not be made by a command, so it was moved to');
    expect(readdirSync(root).filter((name) => name.startsWith('.victor'))).toEqual([]);
  });
});
