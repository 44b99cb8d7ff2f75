import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdSecrets } from '../../src/core/held-secrets.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { cachedSession } from '../helpers/cached-session.js';
import { runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { ofType } from '../helpers/scripted-orchestrator.js';

const inBackground = (command: string) => ({
  toolCalls: [{ name: 'Bash', input: { command, runInBackground: true } }],
});
const ok = { text: 'ok' };
const yes = async () => ({ allowed: true, scope: 'once' }) as const;
/** Writes a file again and again for as long as it lives. */
const heartbeat = 'while :; do date +%s%N > beat; sleep 0.05; done';
const beat = (cwd: string) => (existsSync(join(cwd, 'beat')) ? statSync(join(cwd, 'beat')).mtimeMs : 0);

/** Nothing writes the file any more, for longer than a slow machine takes to write it. */
async function stopped(cwd: string): Promise<void> {
  let last = beat(cwd);
  let since = Date.now();
  await expect
    .poll(() => {
      const now = beat(cwd);
      if (now !== last) [last, since] = [now, Date.now()];
      return Date.now() - since > 1_500;
    })
    .toBe(true);
}

describe('a command in the background of a session', () => {
  it('is asked about as any command is, with that it is not waited for', async () => {
    const asked: ApprovalRequest[] = [];
    const session = await cachedSession('anthropic', [inBackground('touch made'), ok], {
      onApproval: async (request) => {
        asked.push(request);
        return { allowed: false, scope: 'once' };
      },
    });
    await session.orchestrator.chat('go');
    expect(asked[0]!.call.input).toEqual({ command: 'touch made', runInBackground: true });
    expect(session.orchestrator.backgroundTasks?.list(session.orchestrator.sessionId)).toEqual([]);
    expect(existsSync(join(session.cwd, 'made'))).toBe(false);
  });

  it('tells the user and the model when it has ended, once and without a change of what is cached', async () => {
    const command = 'until [ -e go ]; do sleep 0.02; done; exit 3';
    const session = await cachedSession('anthropic', [inBackground(command), ok, ok, ok, ok], {
      onApproval: yes,
    });
    const { orchestrator, events, server, cwd } = session;
    const tasks = () => orchestrator.backgroundTasks!.list(orchestrator.sessionId);
    await orchestrator.chat('start it');
    await orchestrator.chat('and on');
    expect(JSON.stringify(server.requests.at(-1)!.body)).not.toContain('that have ended');
    await orchestrator.runCommand('touch go');
    expect(existsSync(join(cwd, 'go'))).toBe(true);
    await expect.poll(() => tasks()[0]?.ended?.how).toBe('Exit code 3');
    await expect
      .poll(() => ofType(events, 'notice').map(({ text }) => text))
      .toContain(`In the background bg-1 has ended (${command}): Exit code 3.`);
    expect(ofType(events, 'background-tasks').map(({ running }) => running)).toEqual([1, 0]);
    await orchestrator.chat('and now?');
    await orchestrator.chat('and then?');
    const sent = JSON.stringify(server.requests.at(-1)!.body);
    expect(sent.match(/Commands in the background that have ended/g)).toHaveLength(1);
    expect(sent).toContain(`- bg-1 (${command}): Exit code 3`);
    expect(session.onlyAdds().every(Boolean)).toBe(true);
  });

  it('is told of without the keys that Victor holds', async () => {
    const key = '89ab-a-key-of-the-service-cdef';
    const { orchestrator, events } = await cachedSession('anthropic', [inBackground(`echo ${key}`), ok, ok], {
      onApproval: yes,
    });
    holdSecrets([key]);
    await orchestrator.chat('start it');
    await expect
      .poll(() => ofType(events, 'notice').map(({ text }) => text))
      .toContain('In the background bg-1 has ended (echo [redacted]): Exit code 0.');
    expect(JSON.stringify(orchestrator.backgroundTasks!.list(orchestrator.sessionId))).not.toContain(key);
  });

  it('that made what no command may make is told to the user with where that went', async () => {
    const command = 'until [ -e go ]; do sleep 0.02; done; echo x > .victorrc.old';
    const session = await cachedSession('anthropic', [inBackground(command), ok], {
      ...{ onApproval: yes, flags: { sandbox: 'require' } },
    });
    const { orchestrator, events, cwd } = session;
    await orchestrator.chat('start it');
    writeFileSync(join(cwd, 'go'), '');
    const notices = () => ofType(events, 'notice').map(({ text }) => text);
    await expect
      .poll(() => notices().join('\n'))
      .toMatch(
        /In the background bg-1 has ended[^\n]*\.\n\S+\.victorrc\.old must not be made[^\n]*moved to /,
      );
    expect(notices().join('\n')).toContain(readdirSync(cwd).find((name) => name.startsWith('from-command-')));
  });

  it('of a subagent is one of its session, which is told of it and ends it when it is left', async () => {
    const handed = {
      toolCalls: [{ name: 'Task', input: { description: 'start it', prompt: 'Start it.' } }],
    };
    const session = await cachedSession('anthropic', [handed, inBackground(heartbeat), ok, ok], {
      onApproval: yes,
    });
    const { orchestrator, events, cwd } = session;
    const id = orchestrator.sessionId;
    await orchestrator.chat('go');
    expect(orchestrator.backgroundTasks!.list(id)).toMatchObject([{ id: 'bg-1', sessionId: id }]);
    await expect.poll(() => beat(cwd)).toBeGreaterThan(0);
    await orchestrator.releaseSession(id);
    await stopped(cwd);
    expect(ofType(events, 'background-tasks').map(({ running, sessionId }) => [running, sessionId])).toEqual([
      [1, id],
      [0, id],
    ]);
  });

  it('ends when the session is left, and when the orchestrator is closed', async () => {
    const flags = { permissions: { mode: 'yolo' } } as const;
    const left = await cachedSession('anthropic', [inBackground(heartbeat), ok], { flags });
    await left.orchestrator.chat('go');
    await expect.poll(() => beat(left.cwd)).toBeGreaterThan(0);
    await left.orchestrator.releaseSession(left.orchestrator.sessionId);
    await stopped(left.cwd);
    const closed = await cachedSession('anthropic', [inBackground(heartbeat), ok], { flags });
    await closed.orchestrator.chat('go');
    await expect.poll(() => beat(closed.cwd)).toBeGreaterThan(0);
    await closed.orchestrator.close();
    await stopped(closed.cwd);
  });
});

describe('a command in the background of victor ask, the real program', () => {
  const yolo = ['--permission-mode', 'yolo'];

  it('ends with it', async () => {
    const { ask } = await scriptedModel(inBackground(heartbeat), ok);
    const cwd = temporaryDirectory();
    expect(await ask(['go', ...yolo], { cwd })).toMatchObject({ code: 0, stdout: 'ok\n' });
    await stopped(cwd);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends with it, ended by %s', async (signal) => {
    const { env, server } = await scriptedModel(inBackground(heartbeat), { text: 'late', delayMs: 600_000 });
    const cwd = temporaryDirectory();
    const child = startVictor(['ask', 'go', ...yolo], { cwd, env });
    await server.arrival(2);
    await expect.poll(() => beat(cwd)).toBeGreaterThan(0);
    child.kill(signal);
    await new Promise((resolve) => child.once('exit', resolve));
    await stopped(cwd);
  });

  it('ends in the sandbox with it, killed outright', async ({ skip }) => {
    const { stdout } = await runVictor(['doctor', '--json']);
    if (!/sandbox[^}]*bubblewrap/i.test(stdout)) skip('no sandbox here');
    const { env, server } = await scriptedModel(inBackground(heartbeat), { text: 'late', delayMs: 600_000 });
    const cwd = temporaryDirectory();
    const child = startVictor(['ask', 'go', ...yolo], { cwd, env });
    await server.arrival(2);
    await expect.poll(() => beat(cwd)).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await stopped(cwd);
  });
});
