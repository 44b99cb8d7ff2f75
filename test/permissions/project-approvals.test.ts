import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeptApprovals } from '../../src/config/kept-approvals.js';
import type { Approval } from '../../src/core/decision.js';
import type { ApprovalRequest, OrchestratorOptions } from '../../src/orchestrator.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { share } from '../helpers/campaign.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

type Scope = Approval['scope'];

/** A folder and a place for approvals; each `run` is a new session of a new orchestrator, as after a restart. */
async function project(files: Readonly<Record<string, string>> = {}) {
  const cwd = await makeWorkspace(files);
  const approvalsDirectory = join(await makeWorkspace(), 'approvals');
  const kept = (folder = cwd) => new KeptApprovals(folder, { approvalsDirectory });
  /** The titles that were asked about, in order; each is answered with yes, for this long. */
  const run = async (
    steps: readonly ScriptStep[],
    scope: Scope = 'once',
    options: OrchestratorOptions & { onRequest?: (request: ApprovalRequest) => void } = {},
  ): Promise<string[]> => {
    const asked: string[] = [];
    const { orchestrator } = await scriptedOrchestrator([...steps, { text: 'done' }], {
      cwd,
      environment: { PATH: process.env.PATH },
      approvals: kept(),
      onApproval: async (request) => {
        asked.push(request.title);
        options.onRequest?.(request);
        return { allowed: true, scope };
      },
      ...options,
    });
    const { reason } = await orchestrator.chat('go');
    expect(reason).toBe('end');
    await orchestrator.close();
    return asked;
  };
  return { cwd, approvalsDirectory, kept, run };
}

const bash = (command: string) => toolCall('Bash', { command });
const write = (path: string, content = 'x') => toolCall('Write', { path, content });

describe('an approval for the project', () => {
  it('holds for exactly that command in every session of the folder, also after a restart', async () => {
    const { run, kept } = await project();
    expect(await run([bash('touch made'), bash('touch made')], 'project')).toEqual(['touch made']);
    expect(await run([bash('touch made'), bash('touch made ')])).toEqual(['touch made ']);
    expect(kept().list()).toMatchObject([{ tool: 'Bash', what: 'touch made', scripts: [] }]);
  });

  it('says in the decision that it is the reason', async () => {
    const { cwd, run, kept } = await project();
    await run([bash('touch made')], 'project');
    const again = await scriptedOrchestrator([bash('touch made')], { cwd, approvals: kept() });
    const [decided] = ofType(await collect(again.orchestrator.stream('go')), 'tool-decision');
    expect(decided?.decision).toEqual({
      verdict: 'allow',
      reason: 'You allowed this for every session in this folder.',
    });
  });

  it('does not hold in another folder, nor in another one in its place', async () => {
    const { cwd, run, kept } = await project();
    await run([bash('touch made')], 'project');
    const other = await makeWorkspace();
    expect(await run([bash('touch made')], 'once', { cwd: other, approvals: kept(other) })).toHaveLength(1);
    await rename(cwd, `${cwd}-moved`);
    await mkdir(cwd);
    expect(await run([bash('touch made')])).toHaveLength(1);
    await rename(cwd, `${cwd}-second`);
    await rename(`${cwd}-moved`, cwd);
    expect(await run([bash('touch made')])).toEqual([]);
    await rename(`${cwd}-second`, join(cwd, 'second'));
  });

  it('is kept outside the folder, in files and folders that only the user may open', async () => {
    const { cwd, run, approvalsDirectory } = await project();
    await run([bash('touch made')], 'project');
    expect(readdirSync(cwd)).toEqual(['made']);
    const paths = readdirSync(approvalsDirectory, { recursive: true, withFileTypes: true });
    const modes = paths.map((one) => [one.isFile(), statSync(join(one.parentPath, one.name)).mode & 0o777]);
    expect(modes).toEqual([
      [false, 0o700],
      [true, 0o600],
    ]);
    expect(statSync(approvalsDirectory).mode & 0o777).toBe(0o700);
  });

  it('K01: a password in the command is nowhere in clear', async () => {
    const { run, approvalsDirectory } = await project();
    const command = 'true --header "Authorization: Bearer abcdefghijklmnop1234"';
    await run([bash(command)], 'project');
    const [name] = readdirSync(approvalsDirectory);
    const folder = join(approvalsDirectory, name!);
    const text = readdirSync(folder).map((one) => one + readFileSync(join(folder, one), 'utf8'));
    expect(text.join()).toContain('Bearer [redacted]');
    expect(text.join()).not.toContain('abcdefghijklmnop1234');
    expect(await run([bash(command)])).toEqual([]);
  });

  it('does not count when others may write its file', async () => {
    const { run, kept } = await project();
    await run([bash('touch made')], 'project');
    const { file } = kept().list()[0]!;
    chmodSync(file, 0o666);
    expect(await run([bash('touch made')])).toHaveLength(1);
    expect(kept().list()).toMatchObject([{ tool: '?', what: `${file} can be written by other users` }]);
  });

  it('that is forgotten meanwhile asks again, in a session that runs too', async () => {
    const { run, kept } = await project();
    const forget = () => {
      for (const { file } of kept().list()) kept().forget(file);
    };
    let next = 0;
    const steps = [bash('touch one'), bash('touch two'), bash('touch one')];
    const asked = await run(steps, 'project', { onRequest: () => next++ === 1 && forget() });
    expect(asked).toEqual(['touch one', 'touch two', 'touch one']);
  });

  it('that cannot be kept holds for the session, and a notice says why', async () => {
    const { cwd, kept, approvalsDirectory } = await project();
    await writeFile(approvalsDirectory, 'a file in its place');
    let asked = 0;
    const { orchestrator } = await scriptedOrchestrator([bash('touch a'), bash('touch a'), { text: 'x' }], {
      cwd,
      approvals: kept(),
      onApproval: async () => {
        asked += 1;
        return { allowed: true, scope: 'project' };
      },
    });
    const notices: string[] = [];
    orchestrator.subscribe((event) => event.type === 'notice' && notices.push(event.text));
    expect((await orchestrator.chat('go')).denials).toEqual([]);
    expect(asked).toBe(1);
    await expect
      .poll(() => notices)
      .toEqual([expect.stringMatching(/for the session only, because it cannot be kept.*cannot be written/)]);
  });

  it('a store of the user that throws, or answers nonsense, allows nothing', async () => {
    const stores = [
      {
        has: () => {
          throw new Error('no disk');
        },
        add() {},
      },
      { has: () => 'yes' as never, add() {} },
    ];
    const { run } = await project();
    for (const approvals of stores)
      expect(await run([bash('touch made')], 'once', { approvals })).toHaveLength(1);
  });

  it('without a store it is shared by the sessions of one orchestrator', async () => {
    let asked = 0;
    const { orchestrator } = await scriptedOrchestrator(
      [bash('touch made'), { text: 'ok' }, bash('touch made'), { text: 'ok' }],
      {
        onApproval: async () => {
          asked += 1;
          return { allowed: true, scope: 'project' };
        },
      },
    );
    await orchestrator.chat('go', { sessionId: 'one' });
    await orchestrator.chat('go', { sessionId: 'two' });
    expect(asked).toBe(1);
  });
});

describe('what an approval for longer than once covers is said with the question', () => {
  /** What is said of each of these calls. */
  async function said(steps: readonly ScriptStep[], files: Readonly<Record<string, string>> = {}) {
    const { cwd, run } = await project(files);
    const covers: ApprovalRequest['covers'][] = [];
    await run(steps, 'once', { onRequest: (request) => covers.push(request.covers) });
    return { cwd, covers };
  }

  it('for a command: exactly it, and the scripts that it depends on', async () => {
    const { covers } = await said(
      [
        bash('touch made'),
        bash('npm test'),
        bash('sh a.sh && sh b.sh && sh c.sh && sh d.sh'),
        bash('pytest'),
      ],
      { 'package.json': '{}', 'a.sh': 'true', 'b.sh': 'true', 'c.sh': 'true', 'd.sh': 'true' },
    );
    const both = (words: string) => ({ session: words, project: words });
    expect(covers).toEqual([
      both('exactly this command'),
      both('exactly this command, while package.json stays as it is'),
      both('exactly this command, while a.sh, b.sh, c.sh and 1 more stay as they are'),
      // What it runs is nowhere named.
      { session: 'exactly this command' },
    ]);
  });

  it('for an edit: what is not protected in the workspace, or the one file that is, and the folder by its name', async () => {
    const outside = join(await makeWorkspace(), 'y');
    const { cwd, covers } = await said([write('a.txt'), write('.git/hooks/pre-commit'), write(outside)]);
    expect(covers).toEqual([
      {
        session: 'every Write of what is not protected in the workspace',
        project: `every Write of what is not protected in ${cwd}`,
      },
      { session: `every Write of ${join(cwd, '.git/hooks/pre-commit')}` },
      { session: `every Write of ${outside}`, project: `every Write of ${outside}` },
    ]);
  });

  it('for a search outside of the workspace: exactly that one', async () => {
    const outside = await makeWorkspace();
    const { covers } = await said([toolCall('Grep', { pattern: 'x', path: outside })]);
    const words = `exactly this Grep of ${outside}`;
    expect(covers).toEqual([{ session: words, project: words }]);
  });
});

describe('what an approval for the project does not cover', () => {
  it('rules: a deny rule refuses, and an ask rule asks once in each session, whatever was allowed before', async () => {
    const { cwd, run } = await project();
    await run([bash('touch made')], 'project');
    const permissions = { deny: ['Bash(touch:*)'] };
    const denied = await scriptedOrchestrator([bash('touch made')], { cwd, settings: { permissions } });
    expect((await denied.orchestrator.chat('go')).denials).toHaveLength(1);
    const settings = { permissions: { ask: ['Bash(touch:*)'] } };
    const scopes: unknown[] = [];
    const twice = [bash('touch made'), bash('touch made')];
    const options = { settings, onRequest: (request: ApprovalRequest) => scopes.push(request.scopes) };
    for (let session = 0; session < 2; session += 1)
      expect(await run(twice, 'project', options)).toEqual(['touch made']);
    expect(scopes).toEqual([
      ['once', 'session'],
      ['once', 'session'],
    ]);
  });

  it('modes: plan refuses what was allowed for the project', async () => {
    const { cwd, run, kept } = await project();
    await run([bash('touch made'), write('a.txt')], 'project');
    const { orchestrator } = await scriptedOrchestrator([bash('touch made'), write('b.txt'), { text: 'x' }], {
      cwd,
      approvals: kept(),
      settings: { permissions: { mode: 'plan' } },
    });
    expect((await orchestrator.chat('go')).denials).toHaveLength(2);
  });

  it.each(['.git/hooks/pre-commit', '.victorrc', '.github/workflows/ci.yml', 'package.json', '.env', '.ENV'])(
    'P15: edits allowed for the project do not open %s, and an approval of it holds for the session at most',
    async (path) => {
      const { cwd, run, kept } = await project();
      expect(await run([write('one.txt'), write('deep/two.txt')], 'project')).toEqual(['one.txt']);
      const scopes: unknown[] = [];
      const onRequest = (request: ApprovalRequest) => scopes.push(request.scopes);
      const content = '{"scripts":{"test":"id"}}';
      expect(await run([write(path, content)], 'project', { onRequest })).toEqual([path]);
      rmSync(join(cwd, path)); // What was not read in a session is not overwritten.
      expect(await run([write(path, content)])).toEqual([path]);
      expect(scopes).toEqual([['once', 'session']]);
      expect(kept().list()).toMatchObject([
        { tool: 'Write', what: 'what is not protected in this folder', scripts: [] },
      ]);
    },
  );

  it('folders that are added to a session: an approval of edits is of the folder itself', async () => {
    const added = await makeWorkspace();
    const { run } = await project();
    const settings = { additionalDirectories: [added] };
    await run([write('a.txt')], 'project', { settings });
    const outside = join(added, 'b.txt');
    expect(await run([write(outside)], 'project', { settings })).toEqual([outside]);
    expect(await run([write(outside), write(join(added, 'c.txt'))], 'once', { settings })).toEqual([
      join(added, 'c.txt'),
    ]);
  });

  it.each(['session', 'project'] as const)(
    'P05: a path outside that is allowed for the %s is the one it led to, not what its link leads to later',
    async (scope) => {
      const outside = await makeWorkspace({ one: 'harmless', two: 'other' });
      const { cwd, run } = await project();
      symlinkSync(join(outside, 'one'), join(cwd, 'link'));
      const read = toolCall('Read', { path: 'link' });
      const swap = `ln -sfn ${join(outside, 'two')} link`;
      expect(await run([read, read, bash(swap), read], scope)).toEqual(['link', swap, 'link']);
    },
  );

  it('S21: a command of too many words to look for its scripts is allowed once at most', async () => {
    const { run } = await project();
    const scopes: unknown[] = [];
    const many = `touch ${'made '.repeat(1_000)}`;
    const cds = `${Array.from({ length: 9 }, (_, at) => `cd ${at}`).join('; ')}; touch made`;
    const onRequest = (request: ApprovalRequest) => scopes.push(request.scopes);
    expect(await run([bash(many), bash(many), bash(cds), bash(cds)], 'project', { onRequest })).toHaveLength(
      4,
    );
    expect(scopes).toEqual(Array(4).fill(['once']));
  });
});

const files = {
  'build.sh': '#!/bin/sh\n',
  'tool.js': '',
  'x.mk': 'all:\n',
  'x.awk': '{}\n',
  'package.json': '{"scripts":{"test":"true"}}',
  'sub/package.json': '{"scripts":{"test":"true"}}',
};

describe('S23: a script that the agent changed since the approval', () => {
  const scripts: [command: string, file: string, changed: string][] = [
    ['./build.sh', 'build.sh', '#!/bin/sh\n# changed\n'],
    ['bash build.sh', 'build.sh', '#!/bin/sh\n# changed\n'],
    ['npm test', 'package.json', '{"scripts":{"test":"echo changed"}}'],
    ['npm --prefix sub test', 'sub/package.json', '{"scripts":{"test":"echo changed"}}'],
    ['npm --prefix=sub test', 'sub/package.json', '{"scripts":{"test":"echo changed"}}'],
    ['cd sub && npm test', 'sub/package.json', '{"scripts":{"test":"echo changed"}}'],
    ['node tool.js', 'tool.js', '// changed'],
    ['make -f x.mk', 'x.mk', 'all:\n\ttrue\n'],
    ['make -fx.mk', 'x.mk', 'all:\n\ttrue\n'],
    ['make --file=x.mk', 'x.mk', 'all:\n\ttrue\n'],
    ['awk -f x.awk tool.js', 'x.awk', '{ print }\n'],
    ['sed -i -f x.awk tool.js', 'x.awk', 'p\n'],
  ];
  const both = scripts.flatMap(([command, file, changed]) =>
    (['session', 'project'] as const).map((scope) => ({ command, file, changed, scope })),
  );
  it.each(share(both, 3))(
    'S23: $command, allowed for the $scope, asks again',
    async ({ command, file, changed, scope }) => {
      const { cwd, run, kept } = await project(files);
      await chmod(join(cwd, 'build.sh'), 0o755);
      const change = [toolCall('Read', { path: file }), write(file, changed)];
      const steps = [bash(command), bash(command), ...change, bash(command)];
      const asked = await run(steps, scope);
      expect(readFileSync(join(cwd, file), 'utf8')).toBe(changed);
      expect(asked.filter((title) => title !== file)).toEqual([command, command]);
      const [first] = kept()
        .list()
        .filter(({ tool }) => tool === 'Bash');
      if (scope === 'project')
        expect(first).toMatchObject({ what: command, scripts: expect.arrayContaining([file]) });
      else expect(first).toBeUndefined();
    },
  );

  it.each(['python3 -m t', 'task', 'pytest', 'cd sub && pytest -q'])(
    'S23: %s runs files that nobody names, so it may be allowed for a session at most',
    async (command) => {
      const scopes: string[] = [];
      const { run, kept } = await project(files);
      await run([bash(command), bash(command)], 'project', {
        onRequest: (request) => scopes.push(...request.scopes),
      });
      expect(scopes).toEqual(['once', 'session']);
      expect(kept().list()).toEqual([]);
    },
  );

  it('S23: a file that a command only reads or removes is no script of it', async () => {
    const { cwd, run } = await project(files);
    const commands = ['rm -f made x.mk', 'cat x.awk && rm -f made'];
    await run(commands.map(bash), 'project');
    await writeFile(join(cwd, 'x.mk'), 'changed');
    await writeFile(join(cwd, 'x.awk'), 'changed');
    expect(await run(commands.map(bash))).toEqual([]);
  });

  it('S23: in a new session too, and not when it is again what was approved', async () => {
    const { cwd, run } = await project(files);
    await run([bash('npm test')], 'project');
    await writeFile(join(cwd, 'package.json'), '{"scripts":{"test":"touch evil"}}');
    expect(await run([bash('npm test')])).toEqual(['npm test']);
    await writeFile(join(cwd, 'package.json'), files['package.json']);
    expect(await run([bash('npm test')])).toEqual([]);
  });

  it('S23: a script that was not there when the command was approved asks', async () => {
    const { cwd, run } = await project();
    await run([bash('./later.sh || true')], 'project');
    await writeFile(join(cwd, 'later.sh'), '#!/bin/sh\ntouch evil\n', { mode: 0o755 });
    expect(await run([bash('./later.sh || true')])).toHaveLength(1);
    expect(existsSync(join(cwd, 'evil'))).toBe(true);
  });

  it('S23: a program too large to be read is known by when it was changed', async () => {
    const { cwd, run } = await project();
    const large = `#!/bin/sh\nexit 0\n${'#'.repeat(5_000_001)}`;
    await writeFile(join(cwd, 'large'), large, { mode: 0o755 });
    await run([bash('./large')], 'project');
    expect(await run([bash('./large')])).toEqual([]);
    await writeFile(join(cwd, 'large'), large.replace('exit 0', 'exit 1'));
    expect(await run([bash('./large')])).toHaveLength(1);
  });
});
