import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

describe.concurrent('victor ask: sessions', () => {
  it('--continue goes on with the latest session of the directory, and says so when there is none', async () => {
    const { ask, lastBody } = await scriptedModel();
    const cwd = temporaryDirectory();
    const none = await ask(['hi', '-c'], { cwd });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/no session of this directory/);
    await ask(['first'], { cwd });
    await ask(['elsewhere']);
    await ask(['second', '-c'], { cwd });
    expect(lastBody().messages).toHaveLength(3);
  });

  it('--resume takes the id or the start of it', async () => {
    const { ask, lastBody } = await scriptedModel();
    const { session_id: id } = JSON.parse((await ask(['first', '--json'])).stdout);
    await ask(['second', '--resume', id.slice(0, 13)]);
    expect(lastBody().messages).toHaveLength(3);
    const third = JSON.parse((await ask(['third', '-r', id, '--json'])).stdout);
    expect(third.session_id).toBe(id);
    expect(lastBody().messages).toHaveLength(5);
  });

  it('--session-id is created on first use and gone on with afterwards', async () => {
    const { ask, lastBody } = await scriptedModel();
    const first = JSON.parse((await ask(['one', '--session-id', 'ticket-42', '--json'])).stdout);
    expect(first.session_id).toBe('ticket-42');
    await ask(['two', '--session-id', 'ticket-42']);
    expect(lastBody().messages).toHaveLength(3);
  });

  it('--no-session leaves nothing in the list', async () => {
    const { ask } = await scriptedModel();
    expect((await ask(['a secret errand', '--no-session'])).code).toBe(0);
    const { stdout } = await runVictor(['sessions', 'list', '--json']);
    expect(stdout).not.toContain('a secret errand');
  });

  it('four at once on one database all answer', async () => {
    const { ask } = await scriptedModel();
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((prompt) => ask([prompt])));
    const answered = { code: 0, stdout: 'The answer.\n', stderr: '' };
    for (const result of results) expect(result).toMatchObject(answered);
  });
});
