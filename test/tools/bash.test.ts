import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createBashTool } from '../../src/tools/bash.js';
import { workspace } from './workspace.js';

const bash = createBashTool({ graceMs: 300 });

/** The output without the line that says how the command ended. */
function outputOf(content: string): string {
  return content.slice(content.indexOf('\n') + 1);
}

/** Whether a process still runs; one that has ended but was not waited for does not count. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/\) [ZX]/.test(stat);
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 3_000 && isRunning(pid); tries += 1) await sleep(20);
  return !isRunning(pid);
}

describe('Bash', () => {
  it('runs in the working directory and says how the command ended before its output', async () => {
    const { run, root } = workspace();
    const result = await run(bash, { command: 'pwd; echo done', description: 'where am I' });
    expect(result.content).toMatch(/^Exit code 0, after \d+\.\d s\.\n/);
    expect(outputOf(result.content)).toBe(`${root}\ndone`);
    expect(result.isError).toBeUndefined();
    expect(bash.describe({ command: 'pwd', description: 'harmless' })).toBe('pwd');
  });

  it('keeps stdout and stderr in the order in which they were written, also through /dev/stderr', async () => {
    const { run } = workspace();
    const command = 'for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; echo dev $i > /dev/stderr; done';
    const lines = outputOf((await run(bash, { command })).content).split('\n');
    expect(lines).toEqual([1, 2, 3, 4, 5].flatMap((i) => [`out ${i}`, `err ${i}`, `dev ${i}`]));
  });

  it.each([
    ['exit 1', 'Exit code 1'],
    ['exit 255', 'Exit code 255'],
    ['no-such-program-here', 'Exit code 127'],
    ['touch f; ./f', 'Exit code 126'],
    ['kill -SEGV $$', 'Ended by SIGSEGV'],
    ['kill -KILL $$', 'Ended by SIGKILL'],
    ['bash -c "kill -TERM \\$\\$"; exit', 'Exit code 143'],
    ['if', 'Exit code 2'],
  ])('T14: %s is reported exactly, as a result', async (command, ending) => {
    const { run } = workspace();
    const result = await run(bash, { command });
    expect(result.content.startsWith(`${ending}, after`)).toBe(true);
    expect(result.isError).toBe(true);
    expect(result.summary).toContain(ending.toLowerCase());
  });

  it('T14: a command that ends while a child of it still writes is reported, with the child', async () => {
    const { run } = workspace();
    const result = await run(bash, { command: '(sleep 30; echo late) & echo $!; exit 3' });
    expect(result.content).toMatch(/^Exit code 3, .*\nStill running: \d process/);
    const pid = Number(result.content.trimEnd().split('\n').at(-1));
    expect(result.content).toContain(`  ${pid} `);
    process.kill(pid, 'SIGKILL');
  });

  it('T14: a child that is left in the background does not die of writing to nobody', async () => {
    const { run, path } = workspace();
    const loop = 'for i in $(seq 20); do echo $i; sleep 0.02; done; echo $? > survived';
    await run(bash, { command: `(${loop}) & true` });
    // The shell makes the file before it writes into it.
    await expect
      .poll(() => existsSync(path('survived')) && readFileSync(path('survived'), 'utf8'))
      .toBe('0\n');
  });

  it('T10: a command that never ends is ended at its timeout, with all of its group', async () => {
    const { run, path } = workspace();
    const command =
      'sleep 300 & echo $! > child; echo begun; trap "echo asked; exit" TERM; while :; do sleep 0.01; done';
    const result = await run(bash, { command, timeoutMs: 2_000 });
    expect(result.content).toMatch(/^Timed out at 2\.0 s and was ended, after/);
    expect(result.content).toContain('begun');
    expect(result.content).toContain('asked');
    expect(result.isError).toBe(true);
    expect(await untilGone(Number(readFileSync(path('child'), 'utf8')))).toBe(true);
  });

  it('T11: one that ignores SIGTERM is killed after the grace', async () => {
    const { run } = workspace();
    const command = 'trap "" TERM INT HUP; echo $$; while :; do sleep 0.05; done';
    const result = await run(bash, { command, timeoutMs: 2_000 });
    expect(result.content).not.toContain('Still running');
    const pid = Number(outputOf(result.content).split('\n')[0]);
    expect(pid).toBeGreaterThan(1);
    expect(await untilGone(pid)).toBe(true);
  });

  it('T11: a daemon in a session of its own that holds the output is listed, and the call returns', async () => {
    const { run, path } = workspace();
    const daemon = 'setsid bash -c "trap \\"\\" TERM; echo \\$\\$ > pid; while :; do sleep 0.1; done"';
    const result = await run(bash, { command: `(${daemon} &) ; sleep 60`, timeoutMs: 2_000 });
    const pid = Number(readFileSync(path('pid'), 'utf8'));
    expect(result.content).toMatch(/Still running: \d process/);
    expect(result.content).toContain(`  ${pid} bash`);
    process.kill(-pid, 'SIGKILL');
  });

  it('an abort asks the command to end and answers with what there was', async () => {
    const { run, path } = workspace();
    const controller = new AbortController();
    const command = 'trap "echo > asked; exit" TERM; echo begun; echo > ready; while :; do sleep 0.005; done';
    const running = run(bash, { command }, controller.signal);
    while (!existsSync(path('ready'))) await sleep(5);
    controller.abort();
    const result = await running;
    expect(result.content).toMatch(/^Interrupted, after.*begun/s);
    expect(result.isError).toBe(true);
    while (!existsSync(path('asked'))) await sleep(5);
  });

  it('an abort answers while what ignores it still runs, and kills that afterwards', async () => {
    const { run, path } = workspace();
    const patient = createBashTool({ graceMs: 1_500 });
    const controller = new AbortController();
    const command = 'trap "" TERM; echo $$ > pid; echo > ready; while :; do sleep 0.05; done';
    const running = run(patient, { command }, controller.signal);
    while (!existsSync(path('ready'))) await sleep(5);
    controller.abort();
    const result = await running;
    const pid = Number(readFileSync(path('pid'), 'utf8'));
    expect(isRunning(pid)).toBe(true);
    expect(result.content).toMatch(/^Interrupted, after/);
    expect(await untilGone(pid)).toBe(true);
  });

  it('a call whose turn was aborted before starts nothing', async () => {
    const { run, path } = workspace();
    const result = await run(bash, { command: 'touch ran' }, AbortSignal.abort());
    expect(result.content).toContain('Interrupted');
    expect(existsSync(path('ran'))).toBe(false);
  });

  it('T12: a flood on both streams, without line feeds and with, costs little memory; head, tail and a private file remain', async () => {
    const command = 'head -c 80000000 /dev/zero | tr "\\0" x; yes 0123456789 | head -c 80000000 >&2';
    const { run, outputDirectory } = workspace();
    const before = process.memoryUsage().rss;
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 10);
    const result = await run(bash, { command: `echo first; ${command}; echo last` });
    clearInterval(timer);
    expect((peak - before) / 1e6).toBeLessThan(64);
    const output = outputOf(result.content);
    expect(output.length).toBeLessThan(31_000);
    expect(output.startsWith('first\n')).toBe(true);
    expect(output.endsWith('last')).toBe(true);
    const file = /first 64\.0 MB are in (\S+)\]/.exec(output)?.[1] ?? '';
    expect(file.startsWith(outputDirectory)).toBe(true);
    expect(statSync(file).size).toBe(64_000_000);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(outputDirectory).mode & 0o777).toString(8)).toBe('700');
  });

  it('T12: an output that just does not fit is whole on disk', async () => {
    const { run } = workspace();
    const result = await run(bash, { command: 'seq 1 10000' });
    const file = /the whole is in (\S+)\]/.exec(result.content)?.[1] ?? '';
    expect(readFileSync(file, 'utf8')).toBe(
      Array.from({ length: 10_000 }, (_, index) => `${index + 1}\n`).join(''),
    );
    const small = await run(bash, { command: 'seq 1 1000' });
    expect(small.content).not.toContain('left out');
    expect(outputOf(small.content).split('\n')).toHaveLength(1_000);
  });

  it('T13: nothing can wait for a person: no stdin, no terminal, no pager, no editor, no password', async () => {
    const { run } = workspace();
    const command = [
      'cat; echo "cat $?"',
      'read -r line; echo "read $?"',
      '(: < /dev/tty) 2> /dev/null; echo "tty $?"',
      'ps -o tty= -p $$',
      'git init -q . && git -c user.name=a -c user.email=a@b commit --allow-empty 2> /dev/null; echo "commit $?"',
      'echo "$PAGER $GIT_PAGER $EDITOR $GIT_TERMINAL_PROMPT $TERM $NO_COLOR"',
      'test "$(ps -o sid= -p $$ | tr -d " ")" = $$ && echo own session',
    ].join('\n');
    const lines = outputOf((await run(bash, { command, timeoutMs: 20_000 })).content).split('\n');
    expect(lines).toEqual([
      'cat 0',
      'read 1',
      'tty 1',
      '?',
      'commit 1',
      'cat cat false 0 dumb 1',
      'own session',
    ]);
  });

  it('T15: output is decoded once and cleaned: split characters, invalid bytes, NUL, escapes', async () => {
    const { run } = workspace();
    const command =
      "printf '\\xc3'; sleep 0.05; printf '\\xa4 \\xff \\0 \\033[31mred\\033[0m \\033]0;t\\007end'";
    expect(outputOf((await run(bash, { command })).content)).toBe('ä \ufffd  red end');
  });

  it('T15: a cut never makes half a character', async () => {
    const { run } = workspace();
    for (const shift of ['', 'x', 'xx', 'xxx']) {
      const command = `printf '${shift}'; for i in $(seq 2500); do printf '日本語ä🙂'; done`;
      expect((await run(bash, { command })).content).not.toContain('\ufffd');
    }
  });

  it('T16: a command or an environment that is too long is an answer', async () => {
    const { run } = workspace();
    const long = await run(bash, { command: `: ${'x'.repeat(3_000_000)}` });
    expect(long.content).toMatch(/longer than the system takes.*\nPut|longer than the system takes.*Put/);
    const wide = createBashTool({ environment: { ...process.env, CFLAGS: 'x'.repeat(300_000) } });
    expect((await run(wide, { command: 'true' })).content).toContain('longer than the system takes');
    expect((await run(bash, { command: 'echo a\0b' })).content).toContain('NUL');
  });

  it('T18: a missing bash and a missing working directory are said to be missing', async () => {
    const { run, root, path } = workspace();
    const empty = path('empty');
    mkdirSync(empty);
    const without = createBashTool({ environment: { PATH: empty } });
    expect((await run(without, { command: 'true' })).content).toMatch(/^bash was not found on PATH/);
    rmSync(root, { recursive: true });
    expect((await run(bash, { command: 'true' })).content).toContain(
      `The working directory ${root} is not there`,
    );
  });

  it('T18: an empty PATH means the system directories, and no mkfifo costs only the order', async () => {
    const { run, path, root } = workspace();
    const bare = createBashTool({ environment: {} });
    expect(outputOf((await run(bare, { command: 'echo here' })).content)).toBe('here');
    const tools = join(root, '..', 'tools');
    mkdirSync(tools);
    writeFileSync(join(tools, 'bash'), '#!/bin/sh\nexec /bin/bash "$@"\n', { mode: 0o755 });
    const withoutFifo = createBashTool({ environment: { PATH: tools } });
    const result = await run(withoutFifo, { command: 'echo out; echo err >&2; exit 4' });
    expect(result.content).toMatch(/^Exit code 4/);
    expect(outputOf(result.content).split('\n').sort()).toEqual(['err', 'out']);
    expect(existsSync(path('bash'))).toBe(false);
  });

  it('S11: a bash that the workspace brings is not the one that runs', async () => {
    const { run, path } = workspace();
    for (const folder of ['bin', 'node_modules/.bin']) {
      mkdirSync(path(folder), { recursive: true });
      writeFileSync(path(`${folder}/bash`), '#!/bin/sh\ntouch canary\n', { mode: 0o755 });
    }
    const search = [path('bin'), path('node_modules/.bin'), '.', 'bin', '', process.env.PATH].join(':');
    const tool = createBashTool({ environment: { PATH: search } });
    expect(outputOf((await run(tool, { command: 'echo real' })).content)).toBe('real');
    expect(existsSync(path('canary'))).toBe(false);
  });

  it('K07: secrets and hijacking variables do not reach the command, ordinary ones do', async () => {
    const { run, path } = workspace();
    writeFileSync(path('evil.sh'), 'touch canary\n');
    const environment = {
      PATH: process.env.PATH,
      HOME: '/home/me',
      LANG: 'C.UTF-8',
      CI: 'yes',
      ANTHROPIC_API_KEY: 'sk-ant-1',
      openai_api_key: 'sk-2',
      GITHUB_TOKEN: 'ghp_3',
      MY_SECRET_THING: '4',
      DB_PASSWORD: '5',
      AWS_SECRET_ACCESS_KEY: '6',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.pager',
      GIT_CONFIG_VALUE_0: 'touch canary',
      LD_PRELOAD: '/nothing.so',
      NODE_OPTIONS: '--require=/nothing.js',
      BASH_ENV: path('evil.sh'),
      ENV: path('evil.sh'),
      PROMPT_COMMAND: 'touch canary',
      'BASH_FUNC_echo%%': '() { touch canary; }',
      SHELLOPTS: 'xtrace',
      PS4: '$(touch canary)',
      FORCE_COLOR: '1',
    };
    const tool = createBashTool({ environment });
    const result = await run(tool, { command: 'env; echo "$-"' });
    const names = outputOf(result.content)
      .split('\n')
      .map((line) => line.split('=')[0] ?? '');
    expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'LANG', 'CI', 'NO_COLOR', 'TERM']));
    expect(
      names.filter((name) =>
        /KEY|TOKEN|SECRET|PASSWORD|GIT_CONFIG|LD_|NODE_OPT|BASH_|^ENV$|PROMPT_COMMAND|SHELLOPTS|PS4|FORCE/i.test(
          name,
        ),
      ),
    ).toEqual([]);
    expect(result.content).not.toMatch(/sk-|ghp_/);
    expect(existsSync(path('canary'))).toBe(false);
  });

  it('T17: many calls at once give each its own output', async () => {
    const { run } = workspace();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        run(bash, { command: `sleep 0.0${index % 5}; echo call ${index}` }),
      ),
    );
    expect(results.map((result) => outputOf(result.content))).toEqual(
      Array.from({ length: 20 }, (_, index) => `call ${index}`),
    );
  });
});
