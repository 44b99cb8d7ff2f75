import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import type { ServerStep } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** Read, edit, run, done. */
const task: ServerStep[] = [
  { text: 'I read it.', toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }] },
  { toolCalls: [{ name: 'Edit', input: { path: 'greeting.txt', oldText: 'hello', newText: 'goodbye' } }] },
  { toolCalls: [{ name: 'Bash', input: { command: 'cat greeting.txt; echo "env=[$NODE_ENV]"' } }] },
  { text: 'Done.' },
];

function folder(): string {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'greeting.txt'), 'hello\n');
  return cwd;
}

const greeting = (cwd: string) => readFileSync(join(cwd, 'greeting.txt'), 'utf8');

describe.concurrent('victor ask: what it may do', () => {
  it('reads, edits and runs with --permission-mode accept-edits and --allowed-tools Bash', async () => {
    const { ask, toolResults } = await scriptedModel(...task);
    const cwd = folder();
    const flags = ['--permission-mode', 'accept-edits', '--allowed-tools', 'Bash'];
    const result = await ask(['change the greeting', ...flags], { cwd });
    expect(result).toMatchObject({ code: 0, stdout: 'I read it.\n\nDone.\n' });
    expect(greeting(cwd)).toBe('goodbye\n');
    expect(result.stderr).toMatch(/Read greeting\.txt[\s\S]*Edit greeting\.txt[\s\S]*Bash cat/);
    expect(toolResults().at(-1)).toContain('goodbye');
  });

  it.each([
    ['none', {}, 'env=[]'],
    ['test', { NODE_ENV: 'test' }, 'env=[test]'],
  ])('programs it runs get the NODE_ENV of the user: %s', async (_, env, expected) => {
    const { ask, toolResults } = await scriptedModel(...task);
    await ask(['go', '--permission-mode', 'yolo'], { cwd: folder(), env });
    expect(toolResults().at(-1)).toContain(expected);
  });

  it('refuses what it may not do with exit code 4; the answer is printed all the same', async () => {
    const { ask } = await scriptedModel(...task);
    const cwd = folder();
    const result = await ask(['change the greeting'], { cwd });
    expect(result).toMatchObject({ code: 4, stdout: 'I read it.\n\nDone.\n' });
    expect(greeting(cwd)).toBe('hello\n');
    expect(result.stderr).toMatch(/2 tool calls were refused \(Edit, Bash\).*--allowed-tools Edit,Bash/);
  });

  it('in mode plan, with nobody to ask, has no tool to hand a plan over: the answer is the plan, exit code 0', async () => {
    const { ask, server, toolResults } = await scriptedModel(
      { toolCalls: [{ name: 'Plan', input: { plan: '1. Say goodbye.' } }] },
      { text: '1. Say goodbye.' },
    );
    const cwd = folder();
    const result = await ask(['plan it', '--permission-mode', 'plan'], { cwd });
    expect(result).toMatchObject({ code: 0, stdout: '1. Say goodbye.\n' });
    const { tools } = server.requests[0]!.body as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).not.toContain('Plan');
    expect(toolResults().at(-1)).toContain('There is no tool');
    const { messages } = server.requests[1]!.body as { messages: unknown[] };
    expect(JSON.stringify(messages)).toContain('Mode plan: ');
    expect(JSON.stringify(messages)).not.toContain('Mode ask: ');
  });

  it('--json names the refused calls', async () => {
    const { ask } = await scriptedModel(...task);
    const result = await ask(['change it', '--json', '--permission-mode', 'accept-edits'], { cwd: folder() });
    expect(result.code).toBe(4);
    expect(JSON.parse(result.stdout)).toMatchObject({
      result: 'Done.',
      subtype: 'denied',
      is_error: false,
      num_turns: 4,
      permission_denials: [
        {
          tool: 'Bash',
          title: expect.stringContaining('cat'),
          reason: 'Mode accept-edits asks before running commands.',
        },
      ],
    });
  });

  it('--disallowed-tools wins over every mode', async () => {
    const { ask } = await scriptedModel(...task);
    const cwd = folder();
    const result = await ask(['go', '--permission-mode', 'yolo', '--disallowed-tools', 'Edit Bash'], { cwd });
    expect(result.code).toBe(4);
    expect(greeting(cwd)).toBe('hello\n');
  });

  it('--cwd is where it works', async () => {
    const { ask } = await scriptedModel(...task);
    const cwd = folder();
    await ask(['go', '--cwd', cwd, '--permission-mode', 'yolo']);
    expect(greeting(cwd)).toBe('goodbye\n');
  });

  it('--add-dir is a directory it may work in', async () => {
    const other = folder();
    const path = join(other, 'greeting.txt');
    const edit = { name: 'Edit', input: { path, oldText: 'hello', newText: 'goodbye' } };
    const steps = [
      { toolCalls: [{ name: 'Read', input: { path } }] },
      { toolCalls: [edit] },
      { text: 'Done.' },
    ];
    const { ask } = await scriptedModel(...steps, ...steps);
    const without = await ask(['go', '--permission-mode', 'accept-edits']);
    expect({ code: without.code, greeting: greeting(other) }).toEqual({ code: 4, greeting: 'hello\n' });
    const withIt = await ask(['go', '--permission-mode', 'accept-edits', '--add-dir', other]);
    expect({ code: withIt.code, greeting: greeting(other) }).toEqual({ code: 0, greeting: 'goodbye\n' });
  });

  it('--append-system-prompt ends the system prompt', async () => {
    const { ask, lastBody } = await scriptedModel();
    await ask(['hi', '--append-system-prompt', 'Answer in Latin.']);
    expect(JSON.stringify(lastBody().system)).toContain('Answer in Latin.');
  });

  it('--model is the model that is asked for', async () => {
    const { ask, lastBody } = await scriptedModel();
    await ask(['hi', '-m', 'anthropic/claude-haiku-4-5']);
    expect(lastBody().model).toBe('claude-haiku-4-5');
    await ask(['hi', '-m', 'claude-opus-4-5']);
    expect(lastBody().model).toBe('claude-opus-4-5');
  });
});

describe.concurrent('victor ask: limits', () => {
  it('--max-turns ends a turn with exit code 5', async () => {
    const again = { text: 'Again.', toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }] };
    const { ask } = await scriptedModel(again);
    const result = await ask(['loop', '--max-turns', '2', '--json'], { cwd: folder() });
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({
      subtype: 'limit',
      is_error: true,
      num_turns: 2,
      stop_reason: 'limit',
    });
    expect(result.stderr).toMatch(/limit.*--max-turns.*--resume/);
  });

  it('--max-budget-usd ends a turn with exit code 5, and needs a known price', async () => {
    const again = {
      toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }],
      usage: { inputTokens: 2_000 },
    };
    const { ask, server } = await scriptedModel(again);
    const cwd = folder();
    const prices = { 'claude-opus-4-5': { input: 1_000, output: 0 } };
    const home = folder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ prices }), { mode: 0o600 });
    // What a project says of prices would keep any budget.
    writeFileSync(
      join(cwd, '.victorrc'),
      JSON.stringify({ prices: { 'claude-opus-4-5': { input: 0, output: 0 } } }),
    );
    const flags = ['--max-budget-usd', '5.8', '-m', 'claude-opus-4-5', '--json'];
    const result = await ask(['loop', '--trust', ...flags], { cwd, env: { VICTOR_HOME: home } });
    expect(result.code).toBe(5);
    // Two dollars a call: the third could cross it, so it is not made.
    expect(JSON.parse(result.stdout)).toMatchObject({ num_turns: 2, total_cost_usd: 4 });
    const before = server.requests.length;
    const unknown = [...flags.slice(0, 2), '-m', 'claude-opus-9', '--json'];
    const unpriced = await ask(['loop', ...unknown]);
    expect(unpriced.code).toBe(2);
    expect(unpriced.stderr).toMatch(/^victor: The budget maxBudgetUsd cannot be kept[^\n]*\n$/);
    const nothing = await ask(['loop', ...unknown, '--session-id', 'never-started']);
    expect(nothing.code).toBe(2);
    expect(server.requests).toHaveLength(before);
    const { stdout } = await runVictor(['sessions', 'list', '--json']);
    expect(stdout).not.toContain('never-started');
  });

  it('--max-budget-usd is kept by the list price, and ends where a server does not say what was used', async () => {
    const look = { toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }] };
    // 300,000 tokens at 5 dollars a million and 1,000 at 25 each time.
    const { ask } = await scriptedModel({ ...look, usage: { inputTokens: 300_000, outputTokens: 1_000 } });
    const flags = ['--max-budget-usd', '2', '-m', 'claude-opus-4-6', '--json'];
    const result = await ask(['loop', ...flags], { cwd: folder() });
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ num_turns: 1, total_cost_usd: 1.525 });

    const call = { id: 't1', type: 'tool_use', name: 'Read', input: { path: 'greeting.txt' } };
    const lines = [
      { type: 'content_block_start', index: 0, content_block: call },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ];
    const silent = await scriptedModel({
      body: lines.map((line) => `event: ${line.type}\ndata: ${JSON.stringify(line)}\n\n`).join(''),
    });
    const unknown = await silent.ask(['loop', ...flags], { cwd: folder() });
    expect(unknown.code).toBe(5);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ num_turns: 1, total_cost_usd: null });
  });

  it('--max-budget-usd holds by itself where answers cost nothing', async () => {
    const result = await runVictor(['ask', 'list the files', '--max-budget-usd', '1', '--json']);
    expect(result).toMatchObject({ code: 0, stdout: expect.any(String) });
    expect(JSON.parse(result.stdout)).toMatchObject({ subtype: 'success', total_cost_usd: 0 });
  });

  it('an answer that the output limit cut is printed with exit code 5', async () => {
    const { ask } = await scriptedModel({ text: 'Half an ans', stopReason: 'max-tokens' });
    const result = await ask(['hi']);
    expect(result).toMatchObject({ code: 5, stdout: 'Half an ans\n' });
    expect(result.stderr).toMatch(/maxTokens/);
  });

  it('a refusal of the model is exit code 1', async () => {
    const { ask } = await scriptedModel({ text: 'I will not.', stopReason: 'refusal' });
    expect(await ask(['hi'])).toMatchObject({ code: 1, stdout: 'I will not.\n' });
  });
});
