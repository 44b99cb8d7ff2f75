import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import type { ServerStep } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

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
      usage: { inputTokens: 1 },
    };
    const { ask } = await scriptedModel(again);
    const cwd = folder();
    const prices = { 'claude-opus-4-5': { input: 1_000_000, output: 0 } };
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ prices }));
    const flags = ['--max-budget-usd', '2.5', '-m', 'claude-opus-4-5', '--json'];
    const result = await ask(['loop', '--trust', ...flags], { cwd });
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ num_turns: 3, total_cost_usd: 3 });
    const unpriced = await ask(['loop', ...flags]);
    expect(unpriced.code).toBe(2);
    expect(unpriced.stderr).toMatch(/^victor: The budget cannot be kept[^\n]*\n$/);
    const nothing = await ask(['loop', ...flags, '--session-id', 'never-started']);
    expect(nothing.code).toBe(2);
    const { stdout } = await runVictor(['sessions', 'list', '--json']);
    expect(stdout).not.toContain('never-started');
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
