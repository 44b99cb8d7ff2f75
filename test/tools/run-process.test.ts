import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../src/tools/find-program.js';
import { type ProcessRequest, runProcess } from '../../src/tools/run-process.js';
import { bundle } from './run-bundled.js';
import { workspace } from './workspace.js';

function request(command: ProcessRequest['command'], more: Partial<ProcessRequest> = {}): ProcessRequest {
  return { command, cwd: '/', environment: process.env, timeoutMs: 20_000, ...more };
}

describe('runProcess', () => {
  it('runs an argument list without a shell and without reading it', async () => {
    const { root } = workspace();
    const args = ['$HOME', '$(touch x)', "it's", '', 'two words', '*'] as const;
    const result = await runProcess(request(['printf', '[%s]', ...args], { cwd: root }));
    expect(result.output.head.toString()).toBe(args.map((one) => `[${one}]`).join(''));
    expect(result).toMatchObject({
      exitCode: 0,
      signal: null,
      timedOut: false,
      aborted: false,
      stopped: false,
      failure: undefined,
      errorOutput: undefined,
      survivors: [],
    });
  });

  it('keeps stderr apart when asked', async () => {
    const result = await runProcess(request('echo out; echo err >&2; exit 3', { separateErrors: true }));
    expect(result.output.head.toString()).toBe('out\n');
    expect(result.errorOutput?.head.toString()).toBe('err\n');
    expect(result.exitCode).toBe(3);
  });

  it('keeps head and tail within the limit and counts what is between', async () => {
    const result = await runProcess(request('seq 1 1000', { maxOutputBytes: 300 }));
    const { head, tail, totalBytes, truncatedBytes, file } = result.output;
    expect(head.length + tail.length).toBe(300);
    expect(head.toString().startsWith('1\n2\n')).toBe(true);
    expect(tail.toString().endsWith('999\n1000\n')).toBe(true);
    expect(totalBytes).toBe(3_893);
    expect(truncatedBytes).toBe(3_593);
    expect(file).toBeUndefined();
  });

  it('ends the command when the reader has had enough', async () => {
    let seen = 0;
    const result = await runProcess(
      request(['yes'], {
        separateErrors: true,
        onOutput(chunk) {
          seen += chunk.length;
          return seen < 100_000;
        },
      }),
    );
    expect(result.stopped).toBe(true);
    expect(result.timedOut).toBe(false);
    expect(result.signal).toBe('SIGTERM');
  });

  it('passes variables on top of the cleaned environment', async () => {
    const environment = { PATH: process.env.PATH, API_KEY: 'x' };
    const result = await runProcess(request(['env'], { environment, variables: { GIT_CONFIG_COUNT: '0' } }));
    const lines = result.output.head.toString().split('\n');
    expect(lines).toContain('GIT_CONFIG_COUNT=0');
    expect(lines.some((line) => line.startsWith('API_KEY'))).toBe(false);
  });

  it('T16, T18: what cannot start is a failure with a code', async () => {
    const missing = await runProcess(request(['no-such-program-here']));
    expect(missing.failure?.code).toBe('ENOENT');
    const long = await runProcess(request(['echo', 'x'.repeat(3_000_000)]));
    expect(long.failure?.code).toBe('E2BIG');
    const nowhere = await runProcess(request(['true'], { cwd: '/no/such/folder' }));
    expect(nowhere.failure?.message).toContain('The working directory /no/such/folder is not there');
    const folder = await runProcess(request(['/etc/passwd']));
    expect(folder.failure?.code).toBe('EACCES');
    const nul = await runProcess(request(['echo', 'a\0b']));
    expect(nul.failure?.code).toBe('EINVAL');
  });

  it('a disk that takes no output costs the file, not the command', async () => {
    const { write } = workspace();
    const file = write('not-a-folder', '');
    const result = await runProcess(request('seq 1 100000; exit 7', { outputDirectory: `${file}/x` }));
    expect(result.exitCode).toBe(7);
    expect(result.output.file).toBeUndefined();
    expect(result.output.totalBytes).toBe(588_895);
  });

  it('U04: no command outlives the program, however it leaves', async () => {
    const { root, path } = workspace();
    const program = await bundle('test/fixtures/tools/leave-with-child.ts');
    try {
      const child = program.start([root]);
      while (!existsSync(path('pid'))) await sleep(10);
      const pid = Number(readFileSync(path('pid'), 'utf8'));
      expect(isRunning(pid)).toBe(true);
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      await expect.poll(() => isRunning(pid)).toBe(false);
    } finally {
      program.remove();
    }
  });
});

describe('findProgram', () => {
  it('finds what PATH has, but not in relative entries, the workspace or node_modules/.bin', () => {
    const { path, write, root } = workspace();
    const other = workspace();
    write('bin/tool', '');
    other.write('tool', '');
    const search = `.:bin::${path('bin')}:/usr/bin`;
    expect(findProgram('env', search, root)).toBe('/usr/bin/env');
    expect(findProgram('tool', search, root)).toBeUndefined();
    expect(findProgram('env', undefined, root)).toMatch(/\/env$/);
    expect(findProgram('env', '', '/')).toMatch(/\/env$/);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
