import { existsSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Approval } from '../../src/core/decision.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { compileFixture, runProgram } from '../config/fixture-process.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { cleanEnvironment, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const tool = (name: string, input: Record<string, unknown>) => ({ toolCalls: [{ name, input }] });
const bash = (command: string) => tool('Bash', { command });

/** A folder and a home, and a session there in which the user allows what the model does. */
function place(files: Readonly<Record<string, string>> = {}) {
  const cwd = realpathSync(temporaryDirectory());
  const env = { VICTOR_HOME: temporaryDirectory() };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
  const allow = async (scope: Approval['scope'], persist: boolean, ...steps: ReturnType<typeof bash>[]) => {
    const model = await scriptedModel(...steps, { text: 'Done.' });
    const environment = { ...cleanEnvironment(env), ...model.env };
    const onApproval = async () => ({ allowed: true, scope });
    const orchestrator = await createOrchestrator({ cwd, environment, persist, onApproval });
    await orchestrator.chat('go');
    await orchestrator.close();
  };
  const run = (...args: readonly string[]) => runVictor(args, { cwd, env });
  /** What the model does in a new process that can ask nobody. */
  const ask = async (step: ReturnType<typeof bash>, ...flags: readonly string[]) => {
    const model = await scriptedModel(step, { text: 'Done.' });
    return (await model.ask(['go', ...flags], { cwd, env })).code;
  };
  return { cwd, env, allow, run, ask };
}

const remembered = async (run: ReturnType<typeof place>['run']) =>
  JSON.parse((await run('permissions', 'list', '--json')).stdout).remembered;

describe.concurrent('what was allowed for the project', () => {
  it('runs in victor ask, a process that can ask nobody, also with --no-session', async () => {
    const { cwd, allow, ask } = place();
    expect(await ask(bash('touch made'))).toBe(4);
    await allow('project', true, bash('touch made'));
    expect(existsSync(join(cwd, 'made'))).toBe(true);
    expect(await ask(bash('touch made'))).toBe(0);
    expect(await ask(bash('touch made'), '--no-session')).toBe(0);
    expect(await ask(bash('touch made'), '--disallowed-tools', 'Bash(touch:*)')).toBe(4);
    expect(await ask(bash('touch other'))).toBe(4);
  });

  it('is not kept by a session that keeps nothing, nor is what was allowed for a session', async () => {
    const { env, allow, ask, run } = place();
    await allow('project', false, bash('touch made'), bash('touch made'));
    await allow('session', true, bash('touch made'));
    expect(await ask(bash('touch made'))).toBe(4);
    expect(await remembered(run)).toEqual([]);
    expect(readdirSync(env.VICTOR_HOME)).not.toContain('approvals');
  });

  it('S23: npm test asks again after package.json changed', async () => {
    const { cwd, allow, ask } = place({ 'package.json': '{"scripts":{"test":"true"}}' });
    await allow('project', true, bash('npm test'));
    expect(await ask(bash('npm test'))).toBe(0);
    writeFileSync(join(cwd, 'package.json'), '{"scripts":{"test":"touch evil"}}');
    expect(await ask(bash('npm test'))).toBe(4);
    expect(existsSync(join(cwd, 'evil'))).toBe(false);
  });

  it('is the reason that victor permissions explain gives', async () => {
    const { allow, run } = place();
    await allow('project', true, bash('cd . && touch made'));
    const { code, stdout } = await run('permissions', 'explain', 'cd . && touch made');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^allow: You allowed this for every session in this folder\.\nmode: ask\n/);
    expect(stdout).toMatch(/^touch made +ask /m);
    const other = await run('permissions', 'explain', '--json', 'cd . && touch other');
    expect(JSON.parse(other.stdout)).toMatchObject({ verdict: 'ask' });
  });
});

it('P15: settings and approvals of Victor that lie in the workspace are not edited unasked, not even in mode yolo', async () => {
  const { cwd } = place();
  const env = { VICTOR_HOME: join(cwd, 'home') };
  for (const path of ['home/approvals/x/y.json', 'home/trust.json', 'home/config.yaml', 'beside.txt']) {
    const model = await scriptedModel(tool('Write', { path, content: '{}' }), { text: 'Done.' });
    const { code } = await model.ask(['go', '--permission-mode', 'yolo'], { cwd, env });
    expect([path, code, existsSync(join(cwd, path))]).toEqual(
      path === 'beside.txt' ? [path, 0, true] : [path, 4, false],
    );
  }
});

describe.concurrent('victor permissions list', () => {
  it('shows what is remembered, with the scripts it hangs on, and the mode and rules with where they come from', async () => {
    const { cwd, env, allow, run } = place({
      'package.json': '{"scripts":{"test":"true"}}',
      '.victorrc': 'permissions:\n  ask: [Write]\n',
    });
    writeFileSync(
      join(env.VICTOR_HOME, 'config.yaml'),
      'permissions:\n  mode: ask\n  allow: ["Bash(ls:*)"]\n  deny: ["Bash(git push:*)"]\n',
    );
    const edit = tool('Edit', { path: 'package.json', oldText: '"true"', newText: '"false"' });
    await allow('project', true, bash('npm test'), edit, tool('Read', { path: '/etc/hostname' }));
    const { code, stdout, stderr } = await run('permissions', 'list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [approvals, settings] = stdout.split('\n\n') as [string, string];
    const rows = approvals.split('\n').map((row) => row.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'WHEN'));
    expect(rows.map((row) => row.replaceAll(/ {2,}/g, ' | '))).toEqual([
      '# | since | tool | allowed in every session here',
      '1 | WHEN | Bash | npm test (while package.json stays as it is)',
      '2 | WHEN | Read | /etc/hostname',
    ]);
    const user = `user ${env.VICTOR_HOME}/config.yaml`;
    expect(settings.split('\n').map((row) => row.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'setting | value | from',
      `mode | ask | ${user}:2`,
      `deny | Bash(git push:*) | ${user}:4`,
      `ask | Write | project ${cwd}/.victorrc:2`,
      `allow | Bash(ls:*) | ${user}:3`,
      '',
    ]);
    const { directory, rules } = JSON.parse((await run('permissions', 'list', '--json')).stdout);
    expect(directory).toBe(cwd);
    expect(rules[0]).toEqual({
      setting: 'deny',
      value: 'Bash(git push:*)',
      origin: { layer: 'user', file: join(env.VICTOR_HOME, 'config.yaml'), line: 4 },
    });
    expect(await remembered(run)).toMatchObject([
      { number: 1, tool: 'Bash', what: 'npm test', scripts: ['package.json'] },
      { number: 2, tool: 'Read', what: '/etc/hostname', scripts: [] },
    ]);
  });

  it('says how something comes to be remembered where nothing is', async () => {
    const { cwd, run } = place();
    const { code, stderr } = await run('permissions', 'list');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `victor: nothing is remembered for ${cwd}. Allowing something for the project does it.\n`,
    });
  });

  it('S24: a command that was allowed cannot act on the terminal', async () => {
    const { allow, run } = place();
    await allow('project', true, bash("true '\u001b]0;x\u0007\u202e'"));
    const { stdout } = await run('permissions', 'list');
    expect(stdout).toContain("Bash  true '");
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe.concurrent('victor permissions forget', () => {
  it('takes back what has these numbers, or everything, and only here', async () => {
    const { env, allow, ask, run } = place();
    const commands = ['touch a', 'touch b', 'touch c'];
    await allow('project', true, ...commands.map(bash));
    expect((await run('permissions', 'forget', '3', '1')).stderr).toBe(
      'victor: Bash touch c: no longer allowed for the project\nvictor: Bash touch a: no longer allowed for the project\n',
    );
    expect(await remembered(run)).toMatchObject([{ number: 1, what: 'touch b' }]);
    expect(await Promise.all(commands.map((one) => ask(bash(one))))).toEqual([4, 0, 4]);
    const elsewhere = await runVictor(['permissions', 'forget', '--all'], { env });
    expect(elsewhere).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing is remembered') });
    expect((await run('permissions', 'forget', '--all')).stderr).toContain('Bash touch b: no longer');
    expect(await remembered(run)).toEqual([]);
  });

  it.each([[[]], [['1', '--all']], [['9']], [['0']], [['one']], [['1', '9']]])(
    'refuses %j and forgets nothing',
    async (args) => {
      const { allow, run } = place();
      await allow('project', true, bash('touch a'));
      const { code, stderr } = await run('permissions', 'forget', ...args);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining('victor permissions list shows'),
      });
      expect(await remembered(run)).toHaveLength(1);
    },
  );
});

it('processes that remember at the same time lose nothing of each other', async () => {
  const { cwd, env, run } = place();
  const { program, remove } = compileFixture('remember.ts');
  try {
    const jobs = Array.from({ length: 8 }, (_, writer) => ({
      writer,
      cwd,
      approvalsDirectory: join(env.VICTOR_HOME, 'approvals'),
    }));
    expect(await Promise.all(jobs.map((job) => runProgram(program, job)))).toEqual(Array(8).fill(25));
  } finally {
    remove();
  }
  const names = (await remembered(run)).map(({ what }: { what: string }) => what);
  expect(new Set(names).size).toBe(8 * 25 + 1);
  expect(names).toHaveLength(8 * 25 + 1);
});
