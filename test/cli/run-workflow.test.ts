import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

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
        prompt: 'collect version 2',
        result: 'The changes.',
        stop_reason: 'end',
        usage: { input: 3, output: 2, cache_read: 0, cache_write: 0 },
        total_cost_usd: null,
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
      { prompt: 'b', result: '', stop_reason: null },
    ]);
  });

  it('--help says what JSON tells of the steps', async () => {
    expect((await runVictor(['run', '--help'])).stdout).toMatch(/steps list every step with prompt, result/);
  });

  it('ask has no steps', async () => {
    const { ask } = await scriptedModel({ text: 'One.' });
    expect(JSON.parse((await ask(['hi', '--json'])).stdout)).not.toHaveProperty('steps');
  });
});
