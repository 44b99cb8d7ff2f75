import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VictorPaths } from '../../src/config/paths.js';
import { type PartialSettings, settings } from '../../src/config/schema.js';
import { CommandSandbox } from '../../src/sandbox/command-sandbox.js';
import { createBashTool } from '../../src/tools/bash.js';
import { runProcess } from '../../src/tools/run-process.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { recordCount } from '../helpers/record-count.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { workspace } from '../tools/workspace.js';

const nowhere: Pick<VictorPaths, 'configDirectory' | 'dataDirectory'> = {
  configDirectory: '/nonexistent',
  dataDirectory: '/nonexistent',
};

function sandboxIn(root: string, given: PartialSettings = {}, environment = process.env): CommandSandbox {
  return new CommandSandbox({
    settings: settings({ sandbox: 'require', ...given }),
    environment,
    cwd: root,
    workspaceRoot: root,
    paths: nowhere,
  });
}

/** Where every program but bubblewrap is. */
function pathWithoutBubblewrap(root: string): string {
  const programs = join(root, '..', 'programs');
  mkdirSync(programs);
  for (const name of ['bash', 'touch', 'mkfifo', 'cat'])
    symlinkSync(`/usr/bin/${name}`, join(programs, name));
  return programs;
}

describe('a command in the sandbox', () => {
  it('reports output, exit code and working directory as outside, and its stderr in order', async () => {
    const { root, context, path } = workspace();
    const tool = createBashTool({ confinement: sandboxIn(root) });
    const command = 'pwd; echo one; echo two >&2; echo three > /dev/stderr; echo kept > file; exit 3';
    const { content } = await tool.execute({ command }, context);
    expect(content).toMatch(/^Exit code 3/);
    expect(content).toContain(`${root}\none\ntwo\nthree\n`.trimEnd());
    expect(content).toContain('no network');
    expect(readFileSync(path('file'), 'utf8')).toBe('kept\n');
  });

  it('leaves nothing of the protection in a folder without a repository', async () => {
    const { root, context } = workspace();
    const tool = createBashTool({ confinement: sandboxIn(root) });
    const calls = ['true', 'sleep 0.2', 'git init'].map((command) => tool.execute({ command }, context));
    const [, , init] = await Promise.all(calls);
    expect(init?.isError).toBe(true);
    expect(readdirSync(root)).toEqual([]);
  });

  it('T10, T11: a timeout ends what ignores SIGTERM, what left the group, and a daemon that holds the output', async () => {
    const { root } = workspace();
    const script =
      'trap "" TERM; (setsid sleep 1234.5 &); ((setsid bash -c "trap \\"\\" TERM; sleep 1234.6") &); sleep 1234.7';
    const result = await runProcess({
      command: script,
      cwd: root,
      environment: process.env,
      timeoutMs: 500,
      graceMs: 200,
      confinement: sandboxIn(root),
    });
    expect(result).toMatchObject({ timedOut: true, survivors: [] });
    const running = () =>
      readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes('sleep\x001234.'));
    // The kernel takes a moment to end what is killed.
    await expect.poll(running).toEqual([]);
  });

  it('works in a git repository: status, add and commit', async () => {
    const { root, context } = workspace();
    await runProcess({ command: 'git init -q', cwd: root, environment: process.env, timeoutMs: 5_000 });
    const tool = createBashTool({ confinement: sandboxIn(root) });
    const command =
      'echo x > a && git add a && git -c user.name=a -c user.email=a@b commit -qm one && git status --short && git log --oneline';
    const result = await tool.execute({ command }, context);
    expect(result.content).toMatch(/^Exit code 0[\s\S]* one/);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])(
    'with sandboxNetwork %s a server on this machine is reached %i times',
    async (sandboxNetwork, expected) => {
      const { root, context } = workspace();
      let reached = 0;
      const server = createServer((socket) => {
        socket.on('data', () => {
          reached += 1;
          socket.destroy();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const tool = createBashTool({ confinement: sandboxIn(root, { sandboxNetwork }) });
      await tool.execute({ command: `exec 3<>/dev/tcp/127.0.0.1/${port}; echo hello >&3; cat <&3` }, context);
      server.close();
      expect(reached).toBe(expected);
    },
  );
});

describe('the setting sandbox', () => {
  it('require without a backend fails closed: nothing runs, and the answer says what to do', async () => {
    const { root, context } = workspace();
    const environment = { PATH: pathWithoutBubblewrap(root) };
    const tool = createBashTool({ environment, confinement: sandboxIn(root, {}, environment) });
    const result = await tool.execute({ command: 'touch ran' }, context);
    expect(result).toMatchObject({ isError: true, summary: 'sandbox' });
    expect(result.content).toMatch(/require.*bubblewrap.*not found.*Install the package bubblewrap/);
    recordCount({ row: 'sandbox required', tried: 1, found: readdirSync(root).length });
    expect(readdirSync(root)).toEqual([]);
  });

  it('require with a backend that does not work fails closed: it is found out by running it', async () => {
    const { root, context } = workspace();
    const programs = pathWithoutBubblewrap(root);
    writeFileSync(join(programs, 'bwrap'), '#!/usr/bin/bash\necho no permission >&2; exit 1\n', {
      mode: 0o755,
    });
    const environment = { PATH: programs };
    const tool = createBashTool({ environment, confinement: sandboxIn(root, {}, environment) });
    const result = await tool.execute({ command: 'touch ran' }, context);
    expect(result.content).toContain('bubblewrap does not work here (no permission)');
    recordCount({ row: 'sandbox required', tried: 1, found: readdirSync(root).length });
    expect(readdirSync(root)).toEqual([]);
  });

  it('auto without a backend runs, and says so once', async () => {
    const { root, context } = workspace();
    const environment = { PATH: pathWithoutBubblewrap(root) };
    const tool = createBashTool({
      environment,
      confinement: sandboxIn(root, { sandbox: 'auto' }, environment),
    });
    const first = await tool.execute({ command: 'touch ran' }, context);
    const second = await tool.execute({ command: 'touch ran' }, context);
    expect(first.content).toContain(
      'Commands run without a sandbox: bubblewrap (bwrap) was not found on PATH.',
    );
    expect(second.content).not.toContain('sandbox');
    expect(readdirSync(root)).toEqual(['ran']);
  });

  it('off confines nothing and says nothing', async () => {
    const { root, context } = workspace();
    const tool = createBashTool({ confinement: sandboxIn(root, { sandbox: 'off' }) });
    const { content } = await tool.execute({ command: 'touch ../seen; exit 1' }, context);
    expect(content).not.toContain('sandbox');
    expect(existsSync(join(root, '../seen'))).toBe(true);
  });

  it('C08: victor ask runs the commands of a model in the sandbox, and a trusted project cannot turn it off', async () => {
    const cwd = temporaryDirectory();
    const outside = join(temporaryDirectory(), 'canary');
    writeFileSync(join(cwd, '.victorrc'), 'sandbox: off\nsandboxNetwork: true\n');
    const command = `echo inside > mine; echo x > ${outside}; ls /proc/[0-9]*/comm | wc -l`;
    const { ask, toolResults } = await scriptedModel(
      { toolCalls: [{ name: 'Bash', input: { command } }] },
      { text: 'Done.' },
    );
    const { code, stderr } = await ask(['go', '--trust', '--permission-mode', 'yolo'], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'mine'), 'utf8')).toBe('inside\n');
    expect(existsSync(outside)).toBe(false);
    expect(toolResults().at(-1)).toMatch(/Exit code 0/);
    expect(stderr).toMatch(/sandbox/);
  });

  it('victor doctor says how commands are confined here', async () => {
    const { stdout } = await runVictor(['doctor'], { cwd: temporaryDirectory() });
    expect(stdout).toMatch(/ok +sandbox: bubblewrap; commands write only the workspace, no network/);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
