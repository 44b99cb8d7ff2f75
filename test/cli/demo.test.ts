import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, vi } from 'vitest';
import { askPatiently } from '../../src/cli/demo/demo-approval.js';
import { repair, sampleRepository } from '../../src/cli/demo/sample-repository.js';
import { createApprovalQueue } from '../../src/ui/approval-queue.js';
import { startPty } from '../helpers/pty.js';
import {
  cleanEnvironment,
  finish,
  launcher,
  runShell,
  runVictor,
  startVictor,
  temporaryDirectory,
} from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** A place of its own for everything that a demo could leave behind. */
function place() {
  const temp = temporaryDirectory();
  const home = join(temporaryDirectory(), 'home');
  return { temp, home, env: { TMPDIR: temp, VICTOR_HOME: home, NO_COLOR: '1' } };
}

const copyOf = (text: string) => /(\/\S+victor-demo-\w+)/.exec(text)?.[1] ?? '';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The demo in a terminal. */
function open(args: readonly string[] = []) {
  const { temp, home, env } = place();
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'demo', ...args],
    cwd: temporaryDirectory(),
    env: cleanEnvironment(env),
    columns: 110,
    rows: 40,
  });
  ends.push(async () => {
    pty.kill();
    await pty.exit;
  });
  return { pty, temp, home, history: () => pty.history().join('\n') };
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the sample repository of the demo', () => {
  function written(): string {
    const folder = temporaryDirectory();
    for (const [name, text] of Object.entries(sampleRepository)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  }
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
  const test = (cwd: string) => spawnSync(process.execPath, ['--test'], { cwd, env, encoding: 'utf8' });

  it('has one test that fails, and the repair of the script makes it pass', () => {
    const folder = written();
    const before = test(folder);
    expect(before.status).toBe(1);
    expect(before.stdout).toMatch(/pass 2\b[\s\S]*fail 1\b/);
    const file = join(folder, repair.path);
    const text = readFileSync(file, 'utf8');
    expect(text.split(repair.oldText)).toHaveLength(2);
    writeFileSync(file, text.replace(repair.oldText, repair.newText));
    const after = test(folder);
    expect(after.status, after.stdout).toBe(0);
    expect(after.stdout).toMatch(/pass 3\b[\s\S]*fail 0\b/);
  });
});

describe('victor demo without a terminal', () => {
  it('prints prompt, calls, results, question and answer of a repair that really happened, and leaves nothing behind', async () => {
    const { temp, home, env } = place();
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await runVictor(['demo'], { env, cwd, timeoutMs: 60_000 });
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toBe('');
    expect(readdirSync(cwd)).toEqual([]);
    const order = [
      'Scripted demo: no model is asked',
      '❯ [scripted] A test of the shopping cart fails',
      '• Bash node --test\n  ✗ exit code 1',
      '1000 !== 900',
      '• Grep "BULK"\n  ✓ 2 matches in 1 file',
      '• Read src/discount.js\n  ✓ 8 lines',
      '• Edit src/discount.js\n  Allow Edit?',
      '7 -   return count > BULK',
      '7 +   return count >= BULK',
      '✓ 1 replacement',
      'Nobody answered, so the demo allowed this edit of its own copy itself.',
      '• Bash node --test\n  ✓ exit code 0',
      '**Repaired:** all tests pass.',
      'is removed.',
    ];
    const places = order.map((text) => stdout.indexOf(text));
    expect(places, stdout).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(readdirSync(temp)).toEqual([]);
    expect(existsSync(home)).toBe(false);
  });

  it('uses no key, no settings and no sessions of the user, and asks nothing of a network', async () => {
    const { temp, home, env } = place();
    mkdirSync(home);
    writeFileSync(join(home, 'config.yaml'), 'this: [is not, valid');
    const log = join(temporaryDirectory(), 'sockets');
    const strace = spawnSync('strace', ['-V']).status === 0;
    const watch = strace ? `strace -f -qq -o ${log} -e trace=socket,connect ` : '';
    const keys = {
      ANTHROPIC_API_KEY: 'key-of-the-user-1234',
      VICTOR_MODEL: 'openai/x',
      VICTOR_MAX_TURNS: '1',
    };
    const line = `${watch}"$VICTOR_NODE" "$VICTOR_LAUNCHER" demo`;
    const { code, stdout, stderr } = await runShell(line, { env: { ...env, ...keys }, timeoutMs: 60_000 });
    expect(code, stdout + stderr).toBe(0);
    expect(readdirSync(home)).toEqual(['config.yaml']);
    expect(readdirSync(temp)).toEqual([]);
    const sockets = strace ? readFileSync(log, 'utf8').split('\n') : [];
    expect(sockets.filter((call) => /AF_INET/.test(call))).toEqual([]);
  });

  it('keeps the repaired copy with --keep, and says where', async () => {
    const { temp, env } = place();
    const { code, stdout } = await runVictor(['demo', '--keep'], { env, timeoutMs: 60_000 });
    expect(code).toBe(0);
    const copy = /The demo's copy stays in (\S+)\n$/.exec(stdout)?.[1] ?? '';
    expect(dirname(copy)).toBe(temp);
    expect(readFileSync(join(copy, repair.path), 'utf8')).toContain(repair.newText);
    expect(readdirSync(temp)).toHaveLength(1);
  });

  it('does not claim what did not happen: where the tests cannot run it says so and fails', async () => {
    const { env } = place();
    const folder = temporaryDirectory();
    // A node that does nothing stands beside the one that runs the demo, and no sandbox hides it.
    writeFileSync(join(folder, 'node'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const programs = 'for name in bash sh mkfifo; do ln -s "$(command -v $name)" "$0/$name"; done';
    const line = `bash -c '${programs}; cp "$VICTOR_NODE" "$0/real"' ${folder} && PATH=${folder} ${folder}/real "$VICTOR_LAUNCHER" demo`;
    const { code, stdout } = await runShell(line, { env, timeoutMs: 60_000 });
    expect(stdout).toContain('The script ends here: it was written for a failure of Bash');
    expect(stdout).not.toContain('Repaired');
    expect(code).toBe(1);
  });

  it('that is interrupted or read only in part leaves nothing behind either', async () => {
    const { temp, env } = place();
    const copies = () => readdirSync(temp).filter((name) => name.startsWith('victor-demo-'));
    const child = startVictor(['demo'], { env });
    child.stdout?.once('data', () => {
      expect(copies()).toHaveLength(1);
      child.kill('SIGINT');
    });
    expect((await finish(child)).code).toBe(130);
    expect(copies()).toEqual([]);
    await runShell('victor demo | head -1', { env, timeoutMs: 60_000 });
    expect(copies()).toEqual([]);
  });
});

describe('the question of the demo', () => {
  const call = { id: '1', name: 'Edit', input: { path: 'a.js' } };
  const decision = { verdict: 'ask', reason: 'Mode ask asks.' } as const;
  const allowed = { allowed: true, scope: 'once' } as const;
  function ask() {
    vi.useFakeTimers();
    ends.push(() => vi.useRealTimers());
    const queue = createApprovalQueue();
    const { signal } = new AbortController();
    const request = { call, title: 'a.js', decision, scopes: [], sessionId: 's', signal };
    return { queue, answer: askPatiently(request, queue, () => allowed) };
  }

  it('says when it answers itself, and does so where nobody presses a key', async () => {
    const { queue, answer } = ask();
    expect(queue.current()?.decision.reason).toBe(
      'Mode ask asks. Without a key for 15 s the demo allows it in its own copy.',
    );
    vi.advanceTimersByTime(14_999);
    expect(queue.waiting).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await answer).toEqual(allowed);
  });

  it('waits for whoever has pressed a key, for as long as they take', async () => {
    const { queue, answer } = ask();
    vi.advanceTimersByTime(14_000);
    queue.current()?.onKey?.();
    vi.advanceTimersByTime(3_600_000);
    expect(queue.waiting).toBe(1);
    queue.answer(queue.current()!, { allowed: false, scope: 'once' });
    expect(await answer).toEqual({ allowed: false, scope: 'once' });
  });
});

describe('victor demo in a terminal', () => {
  it('plays by itself in the chat, asks before the edit, and the user allows it, undoes it, and leaves', async () => {
    const { pty, temp, home, history } = open();
    await pty.waitFor('Allow Edit?');
    expect(history()).toContain('Scripted demo: no model is asked');
    expect(history()).toContain('scripted/demo');
    const copy = copyOf(history());
    expect(dirname(copy)).toBe(temp);
    const file = join(copy, repair.path);
    expect(readFileSync(file, 'utf8')).toContain(repair.oldText);
    await sleep(900);
    pty.write('y');
    await pty.waitFor('Repaired: all tests pass.');
    await pty.waitFor(/leave with\s+Ctrl\+D/);
    await pty.waitFor((screen) => !screen.join('\n').includes('Esc interrupts'));
    expect(history()).not.toContain('Nobody answered');
    expect(readFileSync(file, 'utf8')).toContain(repair.newText);
    pty.write('/undo\r');
    await pty.waitFor('Do it?');
    await sleep(900);
    pty.write('\r');
    await pty.waitFor('Undone');
    expect(readFileSync(file, 'utf8')).toContain(repair.oldText);
    pty.write('what now?\r');
    await pty.waitFor('its script is over');
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
    expect(history()).toContain(`The demo's copy ${copy} is removed.`);
    expect(readdirSync(temp)).toEqual([]);
    expect(existsSync(home)).toBe(false);
  });

  it('goes on by itself when nobody answers the question, and says who allowed the edit', async () => {
    const { pty, history } = open();
    await pty.waitFor('Repaired: all tests pass.');
    expect(history()).toMatch(/Nobody answered, so the demo allowed this edit of its own copy\s+itself\./);
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
  });

  it('ends without the edit when the user refuses it', async () => {
    const { pty, history } = open();
    await pty.waitFor('Allow Edit?');
    const file = join(copyOf(history()), repair.path);
    await sleep(900);
    pty.write('n');
    await pty.waitFor('The edit was not made, so the script ends here');
    expect(readFileSync(file, 'utf8')).toContain(repair.oldText);
    expect(history()).not.toContain('Repaired');
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);
  });

  it('leaves nothing behind when its terminal is closed', async () => {
    const { pty, temp } = open();
    await pty.waitFor('Allow Edit?');
    process.kill(await pty.pid, 'SIGHUP');
    expect(await pty.exit).toBe(129);
    expect(readdirSync(temp)).toEqual([]);
  });
});
