import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import type { ServerStep } from '../helpers/model-server.js';
import { finish, runShell, runVictor, startVictor } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const slow: ServerStep = { text: 'one two three four five six', chunks: 6, delayMs: 500 };

/** What the log of a session holds, after the process that wrote it is gone. */
async function savedMessages(id: string) {
  const { stdout } = await runVictor(['sessions', 'show', id, '--json']);
  const { log } = JSON.parse(stdout) as {
    log: { type: string; message?: { role: string; content: string } }[];
  };
  return log.flatMap((entry) => (entry.message ? [entry.message] : []));
}

describe.concurrent('a signal ends the turn, keeps what was done, and decides the exit code', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('%s: %i', async (signal, code) => {
    const { env } = await scriptedModel(slow);
    const id = `signal-${signal}`;
    const child = startVictor(['ask', 'go', '--session-id', id], { env });
    const ended = finish(child);
    await once(child.stdout!, 'data');
    child.kill(signal);
    const result = await ended;
    expect(result.code).toBe(code);
    expect(result.stdout).toMatch(/^one/);
    expect(result.stdout.endsWith('\n')).toBe(true);
    expect(result.stderr).toMatch(/^victor: interrupted\..*--resume signal-/m);
    const messages = await savedMessages(id);
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant']);
    expect(messages[1]?.content).toMatch(/^one/);
  });

  const interrupted = { type: 'result', subtype: 'interrupted', is_error: true, stop_reason: 'interrupted' };

  it('with stream-json the result is still printed, and is no success', async () => {
    const { env } = await scriptedModel(slow);
    const child = startVictor(['ask', 'go', '--output-format', 'stream-json'], { env });
    const ended = finish(child);
    await new Promise<void>((resolve) => {
      child.stdout!.on('data', (chunk: Buffer) => chunk.includes('text-delta') && resolve());
    });
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject(interrupted);
  });

  it('with --json the object is still printed, and is no success', async () => {
    const { env, server } = await scriptedModel(slow);
    const child = startVictor(['ask', 'go', '--json'], { env });
    const ended = finish(child);
    while (server.requests.length === 0) await sleep(20);
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect(code).toBe(143);
    expect(JSON.parse(stdout)).toMatchObject(interrupted);
  });

  it('SIGINT while standard input is awaited: 130', async () => {
    const child = startVictor(['ask'], { holdInput: true });
    const ended = finish(child);
    // It says that it waits after some time; by then it listens.
    await once(child.stderr!, 'data');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: '' });
  });
});

describe.concurrent('a closed pipe', () => {
  it('a reader that left ends it quietly with exit code 0 and the session saved', async () => {
    const { env } = await scriptedModel({ text: 'first line\n'.repeat(200_000) });
    const result = await runShell('victor ask go --session-id pipe-head | head -1', { env });
    expect(result).toMatchObject({ code: 0, stdout: 'first line\n', stderr: '' });
    const messages = await savedMessages('pipe-head');
    expect(messages[0]).toMatchObject({ role: 'user', content: 'go' });
  });

  it('a turn whose reader has left is not carried on', async () => {
    const { env, server } = await scriptedModel({ text: 'line\n'.repeat(1_000), chunks: 1_000, delayMs: 50 });
    const result = await runShell('victor ask go | head -1', { env });
    expect(result).toMatchObject({ code: 0, stdout: 'line\n', stderr: '' });
    expect(await server.requests.at(-1)?.closed).toEqual({ completed: false });
  });

  it('lists end quietly too', async () => {
    const result = await runShell('victor --help | head -1');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^Usage.*\n$/);
  });

  it.each(['2>&-', '2>/dev/full', '>&- 2>&- <&-'])('%s is no crash', async (redirection) => {
    const { env } = await scriptedModel({ text: 'The answer.' });
    const result = await runShell(`victor ask go ${redirection}; echo "code $?"`, { env });
    expect(result.stdout).toMatch(/code 0\n$/);
  });

  it('a full disk under stdout is exit code 1 and said on stderr', async () => {
    const { env } = await scriptedModel({ text: 'The answer.' });
    const result = await runShell('victor ask go >/dev/full; echo "code $?"', { env });
    expect(result.stdout).toBe('code 1\n');
    expect(result.stderr).toMatch(/^victor: the output cannot be written: .*ENOSPC/m);
  });
});
