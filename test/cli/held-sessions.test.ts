import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { share } from '../helpers/campaign.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import {
  cleanEnvironment,
  finish,
  launcher,
  runVictor,
  startVictor,
  temporaryDirectory,
} from '../helpers/run-victor.js';

let server: ModelServer;
/** Where it is set, the next answer waits for it. */
let gate: Promise<void> | undefined;

beforeAll(async () => {
  server = await startModelServer(async (body: { messages: unknown[] }) => {
    const closed = gate;
    gate = undefined;
    await closed;
    return { text: `Answer ${body.messages.length}.` };
  });
});
afterAll(() => server.close());

/** Keeps the next answer back until the function that it answers is called. */
function holdBack(): () => void {
  let open = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

function fresh() {
  const env = {
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'test-key',
    VICTOR_HOME: temporaryDirectory(),
  };
  const cwd = temporaryDirectory();
  const chat = (...args: string[]) =>
    startPty({
      command: process.execPath,
      args: [launcher, 'chat', ...args],
      cwd,
      env: cleanEnvironment({ ...env, TERM: 'xterm-256color' }),
      columns: 120,
      rows: 30,
    });
  return { env, cwd, chat, run: (...args: string[]) => runVictor(args, { env, cwd }) };
}

describe('a session that another process works in', () => {
  const ways: readonly [string, string[]][] = [
    ['--resume', ['--resume', 'shared']],
    ['--continue', ['--continue']],
    ['--session-id', ['--session-id', 'shared']],
  ];
  // Each waits ten seconds.
  it.each(share(ways, 3))(
    'D11: ask %s waits 10 seconds, then ends with 1 and names the holder; stdout stays empty',
    async (_flag, flags) => {
      const { chat, run } = fresh();
      const first = chat('--session-id', 'shared', 'hello');
      await first.waitFor('Answer 1.');
      const result = await run('ask', 'and?', ...flags);
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toMatch(
        /^victor: session shared is in use by process (\d+); waiting up to 10 seconds for it\.\nvictor: Session shared is in use by process \1 since .*sessions fork shared.*\n$/,
      );
      expect(result.ms).toBeGreaterThan(9_500);
      first.write('\u0004');
      expect(await first.exit).toBe(0);
      // Nothing of what was refused is in it.
      const { stdout } = await run('sessions', 'export', 'shared');
      expect(stdout).not.toContain('and?');
      expect((await run('ask', 'and?', ...flags)).stdout).toBe('Answer 3.\n');
    },
  );

  it('D11: ask gets its turn when the other one ends within the time', async () => {
    const { env, cwd } = fresh();
    const asked = server.requests.length;
    const answer = holdBack();
    const first = startVictor(['ask', 'first', '--session-id', 'shared'], { env, cwd });
    for (let tries = 0; server.requests.length === asked && tries < 500; tries += 1) await sleep(20);
    const second = startVictor(['ask', 'next', '--resume', 'shared'], { env, cwd });
    const ended = finish(second);
    // It says that it waits.
    await once(second.stderr!, 'data');
    const gone = once(first, 'close');
    answer();
    await gone;
    const result = await ended;
    expect(result).toMatchObject({ code: 0, stdout: 'Answer 3.\n' });
    expect(result.stderr).toMatch(/^victor: session shared is in use by process \d+; waiting/);
  });

  it('D11: a second ask is served at once when the first one was killed with -9', async () => {
    const { env, cwd, run } = fresh();
    const asked = server.requests.length;
    const answer = holdBack();
    const first = startVictor(['ask', 'first', '--session-id', 'shared'], { env, cwd });
    for (let tries = 0; server.requests.length === asked && tries < 500; tries += 1) await sleep(20);
    const gone = once(first, 'close');
    first.kill('SIGKILL');
    await gone;
    const result = await run('ask', 'next', '--resume', 'shared');
    answer();
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  it('D11: a second terminal is offered a copy, and both go on by themselves', async () => {
    const { chat, run } = fresh();
    const first = chat('--session-id', 'shared', 'hello');
    await first.waitFor('Answer 1.');
    const second = chat('--resume', 'shared');
    await second.waitFor(/Session shared is in use by process \d+/);
    await second.waitFor('Go on in a copy of it?');
    second.write('y\r');
    await second.waitFor('❯');
    second.write('only here\r');
    await second.waitFor('Answer 3.');
    first.write('only there\r');
    await first.waitFor('Answer 3.');
    for (const pty of [first, second]) {
      pty.write('\u0004');
      expect(await pty.exit).toBe(0);
    }
    const list = JSON.parse((await run('sessions', 'list', '--json')).stdout);
    expect(list).toHaveLength(2);
    const copy = list.find((one: { forked_from?: string }) => one.forked_from === 'shared');
    expect((await run('sessions', 'export', 'shared')).stdout).toMatch(/hello[\s\S]*only there/);
    const copied = (await run('sessions', 'export', copy.id)).stdout;
    expect(copied).toMatch(/hello[\s\S]*only here/);
    expect(copied).not.toContain('only there');
  });

  it.each([
    ['n', 'n\r'],
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('D11: a second terminal that answers %s ends with 1 and changes nothing', async (_name, keys) => {
    const { chat, run } = fresh();
    const first = chat('--session-id', 'shared', 'hello');
    await first.waitFor('Answer 1.');
    const second = chat('--resume', 'shared');
    await second.waitFor('Go on in a copy of it?');
    second.write(keys);
    expect(await second.exit).toBe(1);
    expect(JSON.parse((await run('sessions', 'list', '--json')).stdout)).toHaveLength(1);
    first.write('\u0004');
    expect(await first.exit).toBe(0);
  });
});
