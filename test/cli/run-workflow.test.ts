import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { finish, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';

function folder(...prompts: string[]): string {
  const cwd = temporaryDirectory();
  const steps = prompts.map((prompt) => ({ prompt }));
  writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ workflows: { release: { steps } } }));
  return cwd;
}

describe.concurrent('victor run', () => {
  it('--json tells every step with its prompt and its result; the result is the last one', async () => {
    const { env } = await scriptedModel(
      { text: 'The changes.', usage: { inputTokens: 3, outputTokens: 2 } },
      { text: 'The notes.', usage: { inputTokens: 5, outputTokens: 4 } },
    );
    const cwd = folder('collect {{input}}', 'write it down');
    const result = await runVictor(['run', 'release', 'version 2', '--json', '--trust'], { env, cwd });
    expect(result.code).toBe(0);
    const document = JSON.parse(result.stdout);
    expect(document).toMatchObject({
      type: 'result',
      subtype: 'success',
      result: 'The notes.',
      num_turns: 2,
    });
    expect(document.steps).toEqual([
      {
        name: '1',
        kind: 'prompt',
        status: 'done',
        prompt: 'collect version 2',
        result: 'The changes.',
        stop_reason: 'end',
        usage: { input: 3, output: 2, cache_read: 0, cache_write: 0 },
        // Three tokens at two dollars a million and two at ten.
        total_cost_usd: 0.000026,
        num_turns: 1,
        duration_ms: expect.any(Number),
      },
      expect.objectContaining({ prompt: 'write it down', result: 'The notes.', stop_reason: 'end' }),
    ]);
  });

  it('a step that fails is told with what came before it, and no later step', async () => {
    const { env } = await scriptedModel(
      { text: 'First.' },
      { error: { kind: 'invalid-request', message: 'no' } },
    );
    const result = await runVictor(['run', 'release', '--json', '--trust'], {
      env,
      cwd: folder('a', 'b', 'c'),
    });
    expect(result.code).toBe(1);
    const document = JSON.parse(result.stdout);
    expect(document).toMatchObject({ subtype: 'error', is_error: true, error: expect.anything() });
    expect(document.steps).toMatchObject([
      { prompt: 'a', result: 'First.', stop_reason: 'end' },
      { prompt: 'b', result: '', stop_reason: null, status: 'interrupted' },
    ]);
  });

  it('--help says what JSON tells of the steps', async () => {
    expect((await runVictor(['run', '--help'])).stdout).toMatch(
      /steps list every step with name, kind, status/,
    );
  });

  it('ask has no steps', async () => {
    const { ask } = await scriptedModel({ text: 'One.' });
    expect(JSON.parse((await ask(['hi', '--json'])).stdout)).not.toHaveProperty('steps');
  });
});

/** A folder with this workflow, and a home of its own; commands that touch and cat need no question here. */
function place(steps: readonly object[]) {
  const cwd = temporaryDirectory();
  const write = (list: readonly object[]) =>
    writeFileSync(
      join(cwd, '.victorrc'),
      JSON.stringify({ workflows: { ship: { description: 'To sea', steps: list } } }),
    );
  write(steps);
  const VICTOR_HOME = join(temporaryDirectory(), 'home');
  const args = (...more: string[]) => ['run', 'ship', '--trust', '--permission-mode', 'yolo', ...more];
  const at = (name: string) => join(cwd, name);
  return { cwd, write, args, at, env: { VICTOR_HOME } };
}

type Place = ReturnType<typeof place>;
const run = ({ cwd, env, args }: Place, ...more: string[]) => runVictor(args(...more), { cwd, env });

describe.concurrent('victor run, with commands and approvals', () => {
  it('exit codes: 0 done, 1 a step failed, 4 a command was refused, 7 a question waits', async () => {
    const done = await run(place([{ name: 'hi', command: 'echo hi' }]));
    expect(done).toMatchObject({ code: 0, stdout: '' });
    expect(done.stderr).toMatch(
      /^Workflow ship: 1 steps\nStep 1\/1 hi: echo hi\n• Bash echo hi\nStep 1\/1 hi done: exit code 0, /,
    );

    const failed = await run(place([{ command: 'echo why >&2; exit 3' }, { command: 'echo never' }]));
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /^why\nvictor: step 1 failed with exit code 3\. victor run ship --resume \S+ goes on/m,
    );
    expect(failed.stderr).not.toContain('never');

    const asks = place([{ command: 'touch new' }]);
    const refused = await runVictor(['run', 'ship', '--trust', '--json'], asks);
    expect(refused.code).toBe(4);
    expect(JSON.parse(refused.stdout)).toMatchObject({ subtype: 'refused', is_error: true });
    expect(existsSync(asks.at('new'))).toBe(false);

    const waiting = await run(place([{ name: 'go', approval: 'Go?' }]));
    expect(waiting.code).toBe(7);
    expect(waiting.stderr).toMatch(
      /victor: step go waits for a yes, and nobody can be asked here: Go\? victor run ship --resume \S+ --approve go goes on/,
    );
  });

  it('a question that waits is answered by its name later, and what is done is not done again', async () => {
    const here = place([
      { command: 'echo once >> log' },
      { name: 'go', approval: 'Go?' },
      { command: 'touch gone' },
    ]);
    const waiting = await run(here, '--json');
    const document = JSON.parse(waiting.stdout);
    expect(document).toMatchObject({
      subtype: 'waiting',
      is_error: true,
      steps: [
        { name: '1', kind: 'command', status: 'done', command: 'echo once >> log', exit_code: 0 },
        { name: 'go', kind: 'approval', status: 'waiting', question: 'Go?' },
      ],
    });
    const other = await run(here, '--resume', document.session_id, '--approve', 'stop');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('no step stop to approve') });
    // Without an id it is the latest of the directory.
    const gone = await run(here, '--resume', '--approve', 'go', '--json');
    expect(gone.code).toBe(0);
    expect(JSON.parse(gone.stdout)).toMatchObject({ subtype: 'success', session_id: document.session_id });
    expect(readFileSync(here.at('log'), 'utf8')).toBe('once\n');
    expect(existsSync(here.at('gone'))).toBe(true);
    const over = await run(here, '--resume');
    expect(over).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no run of ship in this directory'),
    });
  });

  it('killed with -9 in the middle of a command, it goes on behind the last finished step, and asks before that command', async () => {
    const here = place([
      { name: 'build', command: 'echo {{input}} >> log' },
      { name: 'deploy', command: 'echo deploy >> log; touch begun; test -e quick || sleep 600' },
      { name: 'tell', command: 'cat log' },
    ]);
    const child = startVictor(here.args('v1'), { cwd: here.cwd, env: here.env });
    const ended = finish(child);
    await until(() => existsSync(here.at('begun')));
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    writeFileSync(here.at('quick'), '');

    const waits = await run(here, '--resume');
    expect(waits.code).toBe(7);
    expect(waits.stderr).toContain('goes on behind 1 of 3 steps');
    expect(waits.stderr).toContain('nobody knows how far it came');
    const other = await run(here, 'v2', '--resume');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('another input') });
    const on = await run(here, '--resume', '--approve', 'deploy', '--json');
    expect(on.code).toBe(0);
    expect(JSON.parse(on.stdout).steps.at(-1).result).toBe('v1\ndeploy\ndeploy\n');
  });

  it('killed with -9 while the model answers, it asks that step again and none before it', async () => {
    const { server, env } = await scriptedModel({ stallBeforeHeaders: true });
    const here = place([{ name: 'build', command: 'echo built >> log' }, { prompt: 'Describe it' }]);
    const child = startVictor(here.args(), { cwd: here.cwd, env: { ...here.env, ...env } });
    const ended = once(child, 'exit');
    await until(() => server.requests.length === 1);
    child.kill('SIGKILL');
    await ended;
    const next = await scriptedModel({ text: 'It floats.' });
    const options = { cwd: here.cwd, env: { ...here.env, ...next.env } };
    const on = await runVictor(here.args('--resume'), options);
    expect(on).toMatchObject({ code: 0, stdout: 'It floats.\n' });
    expect(next.lastPrompt()).toMatch(/Describe it$/);
    expect(readFileSync(here.at('log'), 'utf8')).toBe('built\n');
  });

  it('steps that have changed since are told, and refused unless that is accepted', async () => {
    const here = place([
      { name: 'a', command: 'echo a' },
      { name: 'b', command: 'exit 1' },
    ]);
    expect((await run(here)).code).toBe(1);
    here.write([
      { name: 'a', command: 'echo a' },
      { name: 'b', command: 'touch b' },
    ]);
    const refused = await run(here, '--resume');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/have changed since this run began.*--accept-changes/s);
    expect(existsSync(here.at('b'))).toBe(false);
    expect((await run(here, '--resume', '--accept-changes')).code).toBe(0);
    expect(existsSync(here.at('b'))).toBe(true);
    const without = await run(here, '--accept-changes');
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('without --resume') });
  });

  it('several runs at once do not mix: each goes on with its own steps and input', async () => {
    const here = place([
      { name: 'take', command: "printf '%s' {{input}}" },
      { name: 'go', approval: 'Go?' },
      { name: 'give', command: "printf '%s' {{steps.take.output}} > {{input}}.txt" },
    ]);
    const inputs = ['one', 'two', 'three'];
    const first = await Promise.all(inputs.map((input) => run(here, input, '--json')));
    const ids = first.map(({ stdout }) => JSON.parse(stdout).session_id as string);
    expect(new Set(ids).size).toBe(3);
    const rest = await Promise.all(ids.map((id) => run(here, '--resume', id, '--approve', 'go')));
    expect(rest.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(inputs.map((input) => readFileSync(here.at(`${input}.txt`), 'utf8'))).toEqual(inputs);
  });

  it('a folder that nobody trusts brings no workflow, and the answer is trust and not another workflow', async () => {
    const here = place([{ command: 'touch pwned' }]);
    const result = await runVictor(['run', 'ship', '--permission-mode', 'yolo'], here);
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no workflow ship may run here\. .*victor trust shows and confirms them/),
    });
    expect((await runVictor(['run', '--list'], here)).stderr).toMatch(
      /no workflow may run here yet\. .*victor trust shows and confirms them/,
    );
    expect(existsSync(here.at('pwned'))).toBe(false);
    const unknown = await runVictor(['run', 'shop', '--trust'], here);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('no workflow "shop"') });
  });

  it('--list names them with their steps; without a name nothing is run', async () => {
    const here = place([
      { name: 'a', command: 'echo a' },
      { approval: 'Go?', when: { exitCode: 0 } },
    ]);
    const list = await runVictor(['run', '--list', '--trust'], here);
    expect(list).toMatchObject({ code: 0, stdout: 'name  steps  what it does\nship      2  To sea\n' });
    const json = await runVictor(['run', '--list', '--json', '--trust'], here);
    expect(JSON.parse(json.stdout)).toEqual([
      {
        name: 'ship',
        description: 'To sea',
        steps: [
          { name: 'a', kind: 'command', text: 'echo a' },
          { name: '2', kind: 'approval', text: 'Go?', when: { exit_code: 0 } },
        ],
      },
    ]);
    expect(await runVictor(['run', '--trust'], here)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('victor run --list'),
    });
  });

  it('what commands put out reaches the terminal without escape sequences', async () => {
    const failed = await run(place([{ command: "printf '\\033]0;title\\007red'; exit 1" }]));
    expect(failed.stderr).toContain('red');
    expect(failed.stderr).not.toMatch(/[\u001b\u0007]/);
  });

  it('an export of the session has each step in a line, and an import claims nothing of it', async () => {
    const here = place([
      { name: 'a', command: 'echo a' },
      { name: 'b', command: 'exit 5' },
    ]);
    const id = JSON.parse((await run(here, '--json')).stdout).session_id as string;
    const exported = await runVictor(['sessions', 'export', id], here);
    expect(exported.stdout).toContain('*Step 1/2 a: echo a*');
    expect(exported.stdout).toContain('*Step 2/2 b failed: exit code 5');
    const { stdout } = await runVictor(['sessions', 'export', id, '--format', 'json'], here);
    writeFileSync(here.at('session.json'), stdout);
    const home = { cwd: here.cwd, env: { VICTOR_HOME: join(temporaryDirectory(), 'other') } };
    expect((await runVictor(['sessions', 'import', 'session.json'], home)).code).toBe(0);
    const on = await runVictor(here.args('--resume', id), home);
    expect(on).toMatchObject({ code: 2, stderr: expect.stringContaining('no run of the workflow ship') });
  });
});
