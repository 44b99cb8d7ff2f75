import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer(() => ({ text: 'Hello from the model.' }));
});
afterAll(() => server.close());

function chat(args: readonly string[], cwd = temporaryDirectory()) {
  const model = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key', TERM: 'xterm-256color' };
  return startPty({
    command: process.execPath,
    args: [launcher, ...args],
    cwd,
    env: cleanEnvironment(model),
    columns: 100,
    rows: 30,
  });
}

describe('victor chat in a terminal', () => {
  it('sends the first prompt, leaves with Ctrl+D, and prints the command that resumes it', async () => {
    const pty = chat(['chat', 'good', 'morning']);
    await pty.waitFor('Hello from the model.');
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
    const [, id = ''] =
      /Resume this session with: victor --resume (\S+)/.exec(pty.history().join('\n')) ?? [];
    const list = JSON.parse((await runVictor(['sessions', 'list', '--json'])).stdout);
    expect(list[0]).toMatchObject({ id, title: 'good morning' });

    const again = chat(['--resume', id]);
    await again.waitFor('Hello from the model.');
    again.write('\u0004');
    expect(await again.exit).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  it('says nothing about resuming when nothing was said', async () => {
    const pty = chat([]);
    await pty.waitFor(/❯/);
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
    expect(pty.history().join('\n')).not.toContain('--resume');
  });

  it('SIGTERM ends it with 143', async () => {
    const pty = chat([]);
    await pty.waitFor(/❯/);
    pty.kill('SIGTERM');
    expect(await pty.exit).toBe(143);
  });
});

describe('victor ask in a terminal', () => {
  it('E01: what the model writes cannot move the cursor or colour the screen', async () => {
    const evil = await startModelServer(() => ({ text: 'safe\u001b[2J\u001b[31m text' }));
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'ask', 'hi'],
      cwd: temporaryDirectory(),
      env: cleanEnvironment({
        ANTHROPIC_BASE_URL: evil.url,
        ANTHROPIC_API_KEY: 'test-key',
        TERM: 'xterm-256color',
      }),
    });
    expect(await pty.exit).toBe(0);
    expect(pty.bytes().toString('latin1')).not.toContain('\u001b');
    expect(pty.history().join('\n')).toContain('safe� text');
    await evil.close();
  });

  it('without a prompt it does not wait for the keyboard', async () => {
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'ask'],
      cwd: temporaryDirectory(),
      env: cleanEnvironment({ TERM: 'xterm-256color' }),
    });
    expect(await pty.exit).toBe(2);
    expect(pty.history().join(' ')).toMatch(/there is no prompt/);
  });
});
