import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { afterFile } from '../helpers/after-file.js';
import { type ModelServer, type ServerStep, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

/** `victor ask --json` with a model that hands jobs over again and again, and whose subagents do what `child` says. */
async function ask(child: (call: number) => ServerStep, flags: readonly string[], handOvers = 20) {
  let [asked, calls] = [0, 0];
  const server: ModelServer = await startModelServer((body) => {
    if (JSON.stringify(body.system).includes('# You are a subagent')) return child(calls++);
    asked += 1;
    if (asked > handOvers) return { text: 'Done.' };
    const task = (name: string) => ({
      name: 'Task',
      input: { description: `${name} ${asked}`, prompt: `do ${name} ${asked}` },
    });
    return { toolCalls: [task('one'), task('other')], usage: { inputTokens: 10, outputTokens: 10 } };
  });
  afterFile(() => server.close());
  const cwd = temporaryDirectory();
  const env = {
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'test-key',
    VICTOR_HOME: join(temporaryDirectory(), 'home'),
  };
  const { code, stdout, stderr } = await runVictor(['ask', 'go', '--json', ...flags], { cwd, env });
  return { cwd, code, stderr, answer: JSON.parse(stdout), requests: server.requests.length };
}

const bash = (command: string): ServerStep => ({ toolCalls: [{ name: 'Bash', input: { command } }] });
const yolo = ['--permission-mode', 'yolo'];

describe.concurrent('victor ask --json whose model hands jobs to subagents', () => {
  it.each([
    // Its own three, and as many of each subagent.
    ['--max-turns', '3', 'maxTurns', 3 + 3 * 2 * 3],
    // Two of them hand over, and whoever asks for one too many has asked.
    ['--max-tool-calls', '6', 'maxToolCalls', 8],
    // Five are below the limit, and two may be on their way when it is reached.
    ['--max-total-tokens', '1000', 'maxTotalTokens', 7],
  ])('%s %s bounds it with them: exit code 5', async (flag, value, name, most) => {
    const usage = { inputTokens: 200, outputTokens: 10 };
    const run = await ask((call) => ({ ...bash(`echo ${call}`), usage }), [...yolo, flag, value]);
    expect(run.code, run.stderr).toBe(5);
    expect(run.answer).toMatchObject({ stop_reason: 'limit', limit: { name, value: Number(value) } });
    expect(run.requests).toBeLessThanOrEqual(most);
    expect(run.requests).toBeGreaterThanOrEqual(4);
    expect(run.stderr).toContain(`Raise it with ${flag}`);
  });

  it('--max-minutes ends subagents that still work: exit code 5', async () => {
    const run = await ask(() => bash('sleep 60'), [...yolo, '--max-minutes', '0.03']);
    expect(run.code, run.stderr).toBe(5);
    expect(run.answer.limit).toEqual({ name: 'maxMinutes', value: 0.03 });
  });

  it('what was refused to a subagent is refused to the run: exit code 4, told with the advice', async () => {
    const child = (call: number) => (call < 2 ? bash(`touch made${call}`) : { text: 'It was refused.' });
    const run = await ask(child, [], 1);
    expect(run.code, run.stderr).toBe(4);
    const titles = run.answer.permission_denials.map((one: { title: string }) => one.title);
    expect(titles.sort()).toEqual(['touch made0', 'touch made1']);
    for (const { reason, subagent } of run.answer.permission_denials) {
      expect(reason).toBe('Mode ask asks before running commands.');
      expect(subagent).toMatch(/^general \((?:one|other) 1\)$/);
    }
    expect(run.stderr).toContain('Allow it with --allowed-tools Bash or a --permission-mode that runs it.\n');
    expect([existsSync(join(run.cwd, 'made0')), existsSync(join(run.cwd, 'made1'))]).toEqual([false, false]);
  });
});
