import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/hooks/run-program.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { finish, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';
import { calls, place, says } from './places.js';

const touch = calls('Bash', { command: 'touch made' });
const done = { text: 'Done.' };
const allowed = { permissions: { allow: ['Bash'] } };

describe.concurrent('a hook that misbehaves', () => {
  it.each([
    ['fails', 'echo "cannot find jq" >&2; exit 1', 'ended with exit code 1; it said: cannot find jq'],
    ['is no program', '/nowhere/at-all', 'ended with exit code 127'],
    ['dies', 'kill -9 $$', 'was killed'],
    ['prints bad JSON', 'echo "{oops"', 'printed JSON that cannot be read'],
    [
      'prints JSON of another kind',
      says({ continue: 'no' }),
      'printed JSON whose continue is not what it may be',
    ],
    [
      'names a decision that there is not',
      says({ hookSpecificOutput: { permissionDecision: 'maybe' } }),
      'printed JSON whose hookSpecificOutput.permissionDecision',
    ],
    ['prints on and on', 'yes endless', 'printed more than 256 kB'],
    ['prints on and on where nobody listens', 'yes endless >&2', 'printed more than 256 kB'],
    [
      'prints escapes about its failure',
      `printf '\\033]0;title\\007\\033[2Jbad\\n' >&2; exit 3`,
      'exit code 3; it said: bad.',
    ],
  ])('that %s does not count, and the user is told', async (_, command, said) => {
    const here = place({ PreToolUse: command }, allowed);
    const { code, stderr } = await here.ask([touch, done]);
    expect({ code, made: existsSync(join(here.cwd, 'made')) }).toEqual({ code: 0, made: true });
    expect(stderr).toContain(said);
    expect(stderr).toContain('Everything goes on without it.');
    expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it.each(['SessionStart', 'Notification', 'SessionEnd'] as const)(
    'that refuses at %s, where nothing can be refused, is told so',
    async (hook) => {
      const { code, stderr } = await place({ [hook]: 'echo no >&2; exit 2' }).ask([done]);
      expect(code).toBe(0);
      // Nobody is asked here, so that nobody is notified either.
      if (hook === 'Notification') expect(stderr).not.toContain('refuse');
      else expect(stderr).toContain('It refused what nobody can refuse here: no');
    },
  );

  it('that has no place to run in, or a command line that no system takes, does not count', async () => {
    const around = { environment: {}, searchPath: process.env.PATH, input: '{}', timeoutMs: 60_000 };
    const { signal } = new AbortController();
    const gone = await runProgram('true', { ...around, cwd: '/nowhere/at/all', signal });
    expect(gone.problem).toBe('could not be started (ENOENT)');
    const cwd = temporaryDirectory();
    for (const command of ['true \0', `true ${'x'.repeat(300_000)}`])
      expect((await runProgram(command, { ...around, cwd, signal })).problem).toMatch(
        /could not be started \(E/,
      );
  });

  it('that reads nothing of a large input, or closes all that it has, is no failure', async () => {
    const here = place({ PostToolUse: ['exec <&-; true', 'exec >&- 2>&-; sleep 0.2'] }, allowed);
    const { code, stderr } = await here.ask([
      calls('Bash', { command: 'head -c 30000 /dev/zero | tr "\\0" x' }),
      done,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('does not count') });
  });

  it('that leaves a process behind, in its group or out of it, is not waited for', async () => {
    const here = place({
      UserPromptSubmit: 'sleep 300 & setsid sleep 3 & echo heard',
    });
    const { code, model } = await here.ask([done]);
    expect(code).toBe(0);
    expect(model.lastPrompt()).toContain('heard');
  });

  it('that takes too long is ended with all that it started, and says how long it had', async () => {
    const cwd = temporaryDirectory();
    const started = runProgram('(sleep 2; touch late) & touch begun; sleep 300', {
      ...{ cwd, environment: {}, searchPath: process.env.PATH, input: '{}' },
      ...{ timeoutMs: 1_000, signal: new AbortController().signal },
    });
    expect(await started).toMatchObject({ problem: 'took longer than 1 seconds' });
    // What would have written it is gone; this is only long enough for it to show otherwise.
    await runProgram('sleep 2.5', {
      ...{ cwd, environment: {}, searchPath: process.env.PATH, input: '' },
      ...{ timeoutMs: 60_000, signal: new AbortController().signal },
    });
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });

  it('a signal ends hooks that run, and the answer', async () => {
    const here = place({ UserPromptSubmit: 'touch begun; sleep 300; touch late' });
    const model = await scriptedModel(done);
    const child = startVictor(['ask', 'go'], {
      cwd: here.cwd,
      env: { ...model.env, VICTOR_HOME: here.home },
    });
    const end = finish(child);
    await until(() => existsSync(join(here.cwd, 'begun')));
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(model.server.requests).toHaveLength(0);
  });
});
