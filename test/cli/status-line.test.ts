import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runStatusLine } from '../../src/cli/status-line/run-status-line.js';
import { settings } from '../../src/config/schema.js';
import type { StatusFacts } from '../../src/ui/index.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

const facts: StatusFacts = {
  version: '1',
  session_id: 's',
  cwd: '/w',
  model: { provider: 'fake', id: 'one' },
  mode: 'ask',
  sandbox: '',
  trusted: false,
  branch: 'main',
  context: { tokens: 5, window: 10 },
  cost: { session_usd: null, today_usd: 1, unpriced: false },
  failing_extensions: [],
};

function run(
  command: string,
  {
    cwd = temporaryDirectory(),
    environment = {},
    signal = new AbortController().signal,
    // A busy machine starts a shell late; what is late by itself says how long it may take.
    patienceMs = 60_000,
  } = {},
) {
  const around = { PATH: process.env.PATH, ...environment };
  return runStatusLine(command, facts, {
    cwd,
    environment: around,
    settings: settings(),
    signal,
    patienceMs,
  });
}

describe('a status line of the user', () => {
  it('is told the facts as one line of JSON', async () => {
    expect(JSON.parse(await run('cat'))).toEqual(facts);
  });

  it('is the first line, without colours', async () => {
    expect(await run("printf '\\033[31mred\\033[0m line\\nsecond\\n'")).toBe('red line');
    expect(await run('yes endless')).toBe('endless');
  });

  it('runs in the folder of the chat and sees no keys', async () => {
    const cwd = temporaryDirectory();
    const environment = { ANTHROPIC_API_KEY: 'sk-secret', HOME: '/home/me' };
    expect(await run('echo "$PWD $HOME [$ANTHROPIC_API_KEY]"', { cwd, environment })).toBe(
      `${cwd} /home/me []`,
    );
  });

  it.each([
    ['fails', 'echo x; exit 3', 'ended with exit code 3'],
    ['prints nothing', 'true', 'printed no line'],
    ['prints an empty line', 'echo', 'printed no line'],
  ])('that %s says so', async (_, command, said) => {
    await expect(run(command)).rejects.toThrow(said);
  });

  it('that takes too long is ended with all that it started', async () => {
    const cwd = temporaryDirectory();
    await expect(run('(sleep 4; touch late) & sleep 30; echo x', { cwd, patienceMs: 2_000 })).rejects.toThrow(
      'took longer than 2 seconds',
    );
    await sleep(2_500);
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });

  it('does not wait for what it left behind', async () => {
    const started = performance.now();
    expect(await run('sleep 30 & echo done')).toBe('done');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('does not run what the shell of a login would run', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, '.bashrc'), 'touch "$HOME/read"\necho from the file\n');
    expect(await run('echo from the command', { environment: { HOME: home } })).toBe('from the command');
    expect(existsSync(join(home, 'read'))).toBe(false);
  });

  it('ends with the chat', async () => {
    const ending = new AbortController();
    const line = run('sleep 30; echo x', { signal: ending.signal });
    ending.abort();
    await expect(line).rejects.toThrow();
  });

  it('is not begun when the chat has ended', async () => {
    const cwd = temporaryDirectory();
    await expect(run('touch begun; echo x', { cwd, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(existsSync(join(cwd, 'begun'))).toBe(false);
  });
});
