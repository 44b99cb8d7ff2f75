import { describe, expect, it, onTestFinished } from 'vitest';
import { endedNote } from '../../src/core/background-tasks.js';
import { holdSecrets } from '../../src/core/held-secrets.js';
import { subagentSessionId } from '../../src/core/subagent-session.js';
import { TaskList } from '../../src/tools/background/task-list.js';
import { createTaskOutputTool, createTaskStopTool } from '../../src/tools/background/task-tools.js';
import { createBashTool } from '../../src/tools/bash.js';
import { workspace } from './workspace.js';

/** A session with a list of its own; whatever it starts ends with the test. */
function session() {
  const tasks = new TaskList();
  onTestFinished(() => tasks.stopAll());
  const made = workspace();
  const bash = createBashTool({ background: tasks, graceMs: 200 });
  const output = createTaskOutputTool(tasks);
  const stop = createTaskStopTool(tasks);
  const start = (command: string) => made.run(bash, { command, runInBackground: true });
  const read = (task = 'bg-1', waitMs = 0) => made.run(output, { task, waitMs });
  /** Reads on until all that was put out has this; answers all of it. */
  const said = async (before: string, text: string | RegExp) => {
    let all = before;
    const more = async () => {
      all += `\n${(await read()).content}`;
      return all;
    };
    if (!new RegExp(text).test(all)) await expect.poll(more).toMatch(text);
    return all;
  };
  const ended = (id = 'bg-1') =>
    expect.poll(() => tasks.list('test').find((task) => task.id === id)?.ended?.how);
  return { ...made, tasks, bash, output, stop, start, read, said, ended };
}

/** Whether a process still runs. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a command in the background', () => {
  it('runs on while others do, is read piece by piece, and says how it ended', async () => {
    const { start, read, run, bash, write, said, ended } = session();
    const started = await start('echo ready; until [ -e go ]; do sleep 0.05; done; echo done; exit 3');
    expect(started.content).toMatch(
      /^Runs in the background as bg-1\. TaskOutput reads what it puts out, TaskStop ends it; it ends with the session\./,
    );
    expect(started.summary).toBe('runs as bg-1');
    await said(started.content, 'ready');
    expect((await run(bash, { command: 'echo beside' })).content).toContain('beside');
    expect((await read()).content).toMatch(/^bg-1 is running, for \d+\.\d s\.\n\(nothing new\)$/);
    write('go', '');
    await ended().toBe('Exit code 3');
    expect((await read()).content).toMatch(/^bg-1: Exit code 3, after \d+\.\d s\.\ndone$/);
    expect((await read()).content).toContain('(nothing new)');
  });

  it('that ends at once says so with what it put out', async () => {
    const { start } = session();
    // On a slow machine the first ones may take longer than anybody waits for the start.
    const started = async () => (await start('echo oops >&2; exit 7')).content;
    await expect.poll(started).toMatch(/^bg-\d+ has ended already: Exit code 7\.\noops$/);
  });

  it('is waited for until something is new, until it ends, or for as long as was asked', async () => {
    const { start, read, write } = session();
    await start('until [ -e go ]; do sleep 0.02; done; echo news; until [ -e end ]; do sleep 0.02; done');
    expect((await read('bg-1', 100)).content).toContain('(nothing new)');
    const [one, other] = [read('bg-1', 60_000), read('bg-1', 60_000)];
    write('go', '');
    const contents = (await Promise.all([one, other])).map(({ content }) => content);
    expect(contents.filter((content) => content.includes('news'))).toHaveLength(1);
    const end = read('bg-1', 60_000);
    write('end', '');
    expect((await end).content).toContain('bg-1: Exit code 0');
  });

  it('is ended by TaskStop with all that it started, though it does not want to', async () => {
    const { start, run, stop, read, said } = session();
    const { content } = await start(
      `trap '' TERM; sleep 1000 & echo "pids=$! $$"; while :; do sleep 0.1; done`,
    );
    const all = await said(content, /pids=\d+ \d+\n?/);
    const pids = /pids=(\d+) (\d+)/.exec(all)!.slice(1).map(Number);
    expect(pids.every(lives)).toBe(true);
    expect((await run(stop, { task: 'bg-1' })).content).toBe('bg-1 has ended: Stopped.');
    await expect.poll(() => pids.some(lives)).toBe(false);
    expect((await read()).content).toMatch(/^bg-1: Stopped/);
    expect((await run(stop, { task: 'bg-1' })).isError).toBeUndefined();
  });

  it('goes on when the turn that started it is stopped, and ends with the session', async () => {
    const { start, said, tasks, context, bash } = session();
    const controller = new AbortController();
    const input = bash.schema.parse({ command: 'echo pid=$$; sleep 1000', runInBackground: true });
    const starting = bash.execute(input, { ...context, signal: controller.signal });
    await expect.poll(() => tasks.list('test').length).toBe(1);
    controller.abort();
    const all = await said((await starting).content, /pid=\d+/);
    const pid = Number(/pid=(\d+)/.exec(all)![1]);
    await start('sleep 1000');
    expect(tasks.list('test').map(({ ended }) => ended)).toEqual([undefined, undefined]);
    await tasks.stopAll('another session');
    expect(tasks.list('test').map(({ ended }) => ended)).toEqual([undefined, undefined]);
    await tasks.stopAll('test');
    expect(tasks.list('test').map(({ ended }) => ended?.how)).toEqual(['Stopped', 'Stopped']);
    await expect.poll(() => lives(pid)).toBe(false);
  });

  it('of another session is not there', async () => {
    const { start, context, output, stop, tasks } = session();
    await start('sleep 1000');
    const other = { ...context, sessionId: 'other' };
    for (const result of [
      await output.execute({ task: 'bg-1' }, other),
      await stop.execute({ task: 'bg-1' }, other),
    ]) {
      expect(result.isError).toBe(true);
      expect(result.content).toContain('There is no command bg-1 in the background. There is none.');
    }
    expect(tasks.list('test')[0]!.ended).toBeUndefined();
  });

  it('of a subagent is one of its session: read, counted and ended there, and by another subagent', async () => {
    const { context, bash, output, stop, tasks, run } = session();
    const child = subagentSessionId('test');
    const sibling = { ...context, sessionId: subagentSessionId('test') };
    const start = () =>
      bash.execute(
        { command: 'echo said; sleep 1000', runInBackground: true },
        { ...context, sessionId: child },
      );
    for (let count = 0; count < 5; count += 1) await start();
    expect(tasks.list('test').map(({ sessionId }) => sessionId)).toEqual(Array(5).fill('test'));
    expect(tasks.list(child)).toHaveLength(5);
    expect(tasks.list(sibling.sessionId)).toEqual([]);
    expect((await run(output, { task: 'bg-1' })).content).toMatch(/^bg-1 is running/);
    expect((await output.execute({ task: 'bg-9' }, sibling)).content).toContain('There are: bg-1, bg-2');
    expect((await stop.execute({ task: 'bg-1' }, sibling)).content).toBe('bg-1 has ended: Stopped.');
    for (let count = 0; count < 6; count += 1)
      await run(bash, { command: 'sleep 1000', runInBackground: true });
    expect((await start()).content).toContain('Not started: too many commands');
    await tasks.stopAll(child);
    expect(tasks.list('test').filter(({ ended }) => !ended)).toHaveLength(10);
    await tasks.stopAll('test');
    expect(tasks.list('test').filter(({ ended }) => !ended)).toEqual([]);
  });

  it('that floods keeps the end of what nobody has read, and all of it in a file', async () => {
    const { start, read, write, ended } = session();
    await start(`until [ -e go ]; do sleep 0.02; done; yes 0123456789 | head -c 5000000; echo the end`);
    write('go', '');
    await ended().toBe('Exit code 0');
    const { content } = await read();
    expect(content.length).toBeLessThan(31_000);
    expect(content).toMatch(/\[5\.0 MB before this left out\]/);
    expect(content).toMatch(/All of its output is in \S+\/output-/);
    expect(content.endsWith('the end')).toBe(true);
  });

  it('shows no key that is held, be it in pieces, and no escape sequence', async () => {
    holdSecrets(['canary-key-of-background-1']);
    const { start, read, ended } = session();
    const first = await start(`printf 'a\\033[2Jb canary-key-of-'; sleep 0.8; echo background-1 after`);
    await ended().toBe('Exit code 0');
    const all = `${first.content}\n${(await read()).content}`;
    expect(all).not.toContain('canary-key');
    expect(all).not.toContain('\u001b');
    expect(all).toMatch(/^ab/m);
    expect(all).toContain('after');
  });

  it('ends at the time that was given, and at none when none was', async () => {
    const { run, bash, ended } = session();
    await run(bash, { command: 'sleep 1000', runInBackground: true, timeoutMs: 700 });
    await ended().toMatch(/^Timed out at 0\.7 s/);
  });

  it('is no eleventh of one session', async () => {
    const { start, tasks } = session();
    const started = await Promise.all(Array.from({ length: 11 }, () => start('sleep 1000')));
    expect(started.filter(({ isError }) => isError).map(({ content }) => content)).toEqual([
      'Not started: too many commands run in the background. End one with TaskStop first.',
    ]);
    expect(tasks.list('test')).toHaveLength(10);
  });

  it('that cannot be started is an answer, too', async () => {
    const { context, tasks } = session();
    const bash = createBashTool({ background: tasks, environment: { PATH: '/nowhere' } });
    const input = bash.schema.parse({ command: 'true', runInBackground: true });
    const { content } = await bash.execute(input, context);
    expect(content).toContain('bg-1 has ended already: bash was not found on PATH.');
  });

  it('is no argument of a Bash that has nowhere to run it', () => {
    const input = { command: 'true', runInBackground: true };
    expect(createBashTool().schema.safeParse(input).success).toBe(false);
    expect(createBashTool({ background: new TaskList() }).schema.safeParse(input).success).toBe(true);
  });

  it('that has ended is told to the model by its command and its end, the last five of them', () => {
    const task = (number: number, how?: string) => ({
      id: `bg-${number}`,
      sessionId: 'test',
      startedBy: 'test',
      command: `run\n${'x'.repeat(100)}`,
      startedAt: 0,
      ...(how === undefined ? {} : { ended: { at: 1, how } }),
    });
    expect(endedNote([task(1)])).toBe('');
    expect(endedNote([task(1, 'Exit code 0'), task(2)])).toBe(
      `Commands in the background that have ended:\n- bg-1 (run ${'x'.repeat(76)}…): Exit code 0`,
    );
    const many = Array.from({ length: 9 }, (_, index) => task(index, 'Stopped'));
    expect(endedNote(many).split('\n')).toHaveLength(6);
  });
});
