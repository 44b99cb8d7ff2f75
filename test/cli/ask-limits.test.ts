import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import type { ServerStep } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const bash = (command: string): ServerStep => ({ toolCalls: [{ name: 'Bash', input: { command } }] });
const different = (count: number) => Array.from({ length: count }, (_, n) => bash(`echo ${n}`));

describe.concurrent('V16: victor ask at a limit', () => {
  it.each<readonly [string, string, string, object, readonly ServerStep[]]>([
    ['--max-turns', '2', 'limit of 2 provider calls', { name: 'maxTurns', value: 2 }, different(9)],
    ['--max-tool-calls', '1', 'limit of 1 tool call', { name: 'maxToolCalls', value: 1 }, different(9)],
    [
      '--max-total-tokens',
      '100',
      'limit of 100 tokens',
      { name: 'maxTotalTokens', value: 100 },
      different(9),
    ],
    [
      '--max-minutes',
      '0.02',
      'limit of 0.02 minutes',
      { name: 'maxMinutes', value: 0.02 },
      [bash('sleep 60')],
    ],
  ])('%s %s: exit code 5, and a line with the limit, its value and how to raise it', async (...given) => {
    const [flag, value, said, limit, steps] = given;
    const { ask } = await scriptedModel(...steps);
    const result = await ask(['go', flag, value, '--json', '--permission-mode', 'yolo']);
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ subtype: 'limit', stop_reason: 'limit', limit });
    const last = result.stderr.trimEnd().split('\n').at(-1);
    const name = (limit as { name: string }).name;
    expect(last).toMatch(
      new RegExp(
        `^victor: this turn reached its ${said} \\(${name}\\)\\. Raise it with ${flag}, or go on with victor ask --resume \\S+ "go on"\\.$`,
      ),
    );
  });

  it('--max-minutes ends an answer in the middle; what was said is printed, and the session goes on', async () => {
    const slow = { text: 'one two three four five six', chunks: 6, delayMs: 700 };
    const { ask, server } = await scriptedModel(slow, { text: 'Done.' });
    const result = await ask(['count', '--max-minutes', '0.03', '--session-id', 'slow']);
    expect(result.code).toBe(5);
    expect(result.stdout).toMatch(/^one /);
    expect(result.stdout).not.toContain('six');
    expect(result.stderr).not.toContain('interrupted');
    expect(await ask(['go on', '--resume', 'slow'])).toMatchObject({ code: 0, stdout: 'Done.\n' });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    [['--max-tool-calls', '0'], /--max-tool-calls/],
    [['--max-tool-calls', '1.5'], /whole number/],
    [['--max-total-tokens', 'many'], /--max-total-tokens/],
    [['--max-minutes', '0'], /--max-minutes/],
    [['--max-minutes', '99999'], /maxMinutes.*10080/],
  ])('a value that is none is refused before anything runs: %j', async (flags, said) => {
    const result = await runVictor(['ask', 'hi', ...flags]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(said);
  });

  it('an untrusted or trusted project lowers the limits, and does not raise them; a flag does', async () => {
    const cwd = temporaryDirectory();
    const write = (settings: object) => writeFileSync(join(cwd, '.victorrc'), JSON.stringify(settings));
    const run = async (...flags: string[]) => {
      const { ask } = await scriptedModel(...different(30), { text: 'Done.' });
      const result = await ask(['go', '--json', '--permission-mode', 'yolo', ...flags], { cwd });
      return { ...result, limit: JSON.parse(result.stdout).limit };
    };
    write({ maxToolCalls: 3 });
    expect((await run()).limit).toEqual({ name: 'maxToolCalls', value: 3 });
    expect(await run('--max-tool-calls', '40')).toMatchObject({ code: 0, limit: undefined });
    write({ maxToolCalls: 501, maxTotalTokens: 1 });
    const trusted = await run('--trust', '--max-turns', '2');
    expect(trusted.stderr).toMatch(/may only tighten what holds for you: maxToolCalls\./);
    expect(trusted.limit).toEqual({ name: 'maxTotalTokens', value: 1 });
  });
});

describe.concurrent('V16: victor ask, a model that repeats itself', () => {
  it('is told the 3rd time and ended before the 5th: exit code 5, and the line names the call', async () => {
    const { ask, toolResults } = await scriptedModel(bash('echo >> runs; exit 3'));
    const cwd = temporaryDirectory();
    const result = await ask(['go', '--json', '--permission-mode', 'yolo'], { cwd });
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({
      subtype: 'limit',
      is_error: true,
      stop_reason: 'limit',
      limit: { name: 'repeated-call', value: 4, call: 'Bash echo >> runs; exit 3' },
      num_turns: 5,
      permission_denials: [],
    });
    const told = toolResults().map((text) => text.includes('Note by Victor'));
    expect(told).toEqual([false, false, true, false]);
    expect(result.stderr).toContain('victor: The same call has had the same result 3 times: Bash echo');
    expect(result.stderr).toMatch(
      /victor: the turn was ended because a call went on having the same result, 4 times so far: Bash echo >> runs; exit 3\. Ask in another way, or go on with victor ask --resume \S+ "[^"]+"\.\n$/,
    );
  });

  it('also where each call is refused: 5, not the 4 of a refusal', async () => {
    const { ask } = await scriptedModel(bash('touch made'));
    const cwd = temporaryDirectory();
    const result = await ask(['go', '--json'], { cwd });
    expect(result.code).toBe(5);
    const { limit, permission_denials } = JSON.parse(result.stdout);
    expect(limit).toEqual({ name: 'repeated-call', value: 4, call: 'Bash touch made' });
    expect(permission_denials).toHaveLength(4);
    expect(existsSync(join(cwd, 'made'))).toBe(false);
  });

  it('says nothing about calls that differ or whose result changes', async () => {
    const grows = bash('echo line >> log; cat log');
    const { ask } = await scriptedModel(...Array.from({ length: 12 }, () => grows), { text: 'Built.' });
    const result = await ask(['wait', '--permission-mode', 'yolo'], { cwd: temporaryDirectory() });
    expect(result).toMatchObject({ code: 0, stdout: 'Built.\n' });
    expect(result.stderr).not.toContain('same');
  });
});
