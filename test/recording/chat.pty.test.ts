import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Recording } from '../../src/recording/recording.js';
import { startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function chat(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat', ...args],
    cwd: temporaryDirectory(),
    env: cleanEnvironment({ VICTOR_HOME: temporaryDirectory(), NO_COLOR: '1', ...env }),
    columns: 140,
    rows: 30,
  });
  ends.push(async () => {
    pty.kill();
    await pty.exit;
  });
  return pty;
}

describe('victor chat', () => {
  it('records a conversation, and plays it again in another folder without a server; what is not in it is an error', async () => {
    const server = await startModelServer([{ text: 'The first answer.' }, { text: 'The second answer.' }]);
    ends.push(() => server.close());
    const file = join(temporaryDirectory(), 'chat.json');
    const first = chat(['--record', file], { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'k' });
    await first.waitFor('❯');
    first.write('one?\r');
    await first.waitFor('The first answer.');
    first.write('two?\r');
    await first.waitFor('The second answer.');
    first.write('\u0004');
    expect(await first.exit).toBe(0);
    expect(first.history().join('\n')).toContain('recorded 2 requests in');
    expect(JSON.parse(readFileSync(file, 'utf8')) as Recording).toMatchObject({ ended: 'complete' });
    await server.close();

    const again = chat(['--replay', file]);
    await again.waitFor('❯');
    again.write('one?\r');
    await again.waitFor('The first answer.');
    again.write('three?\r');
    await again.waitFor('Request 2 of the replay');
    again.write('two?\r');
    await again.waitFor('The second answer.');
    again.write('\u0004');
    await again.exit;
    expect(server.requests).toHaveLength(2);
  });
});
