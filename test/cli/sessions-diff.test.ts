import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory, victorHome } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

let server: ModelServer;
const cwd = temporaryDirectory();
const edited = join(realpathSync(cwd), 'edited.txt');
const made = join(realpathSync(cwd), 'made.txt');

beforeAll(async () => {
  server = await startModelServer([
    { toolCalls: [{ name: 'Edit', input: { path: 'edited.txt', oldText: 'two', newText: '2' } }] },
    { toolCalls: [{ name: 'Write', input: { path: 'made.txt', content: 'red \u001b[31m\n' } }] },
    { text: 'Done.' },
    { text: 'Nothing to do.' },
  ]);
  writeFileSync(edited, 'one\ntwo\n');
  const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };
  const args = ['--permission-mode', 'accept-edits', '--session-id'];
  await runVictor(['ask', 'edit', ...args, 'changes'], { env, cwd });
  await runVictor(['ask', 'nothing', ...args, 'none'], { env, cwd });
});
afterAll(() => server.close());

const diff = (...args: string[]) => runVictor(['sessions', 'diff', ...args]);

describe('victor sessions diff', () => {
  it('shows what a session changed in each file, without what a terminal would obey', async () => {
    const { code, stdout } = await diff('cha');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 6)).toEqual([
      edited,
      '  1   one',
      '  2 - two',
      '  2 + 2',
      `${made} · new`,
      lines[5],
    ]);
    expect(lines[5]).toMatch(/^ {2}1 \+ red /);
    expect(stdout).not.toContain('\u001b');
  });

  it('gives the texts as JSON', async () => {
    expect(JSON.parse((await diff('changes', '--json')).stdout)).toEqual([
      { path: edited, before: 'one\ntwo\n', after: 'one\n2\n', notes: [] },
      { path: made, before: null, after: 'red \u001b[31m\n', notes: [] },
    ]);
  });

  it('says that a session changed nothing, and that there is no such session', async () => {
    expect(await diff('none')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('no file is changed by this session'),
    });
    expect(await diff('nobody')).toMatchObject({ code: 2, stderr: expect.stringContaining('no session') });
  });
});

it('victor sessions export of a rewound session has everything that was said, and says where it was rewound', async () => {
  const store = await openSqliteStore({ file: join(victorHome(), 'victor.db') });
  await store.sessions.openSession('rewound', cwd);
  for (const entry of [
    { type: 'message', message: { id: 'm1', role: 'user', content: 'first try' } },
    { type: 'rewind', id: 'r1', before: 'm1' },
    { type: 'message', message: { id: 'm2', role: 'user', content: 'second try' } },
  ] as const) {
    await store.sessions.appendLog('rewound', entry);
  }
  await store.close();
  const { stdout } = await runVictor(['sessions', 'export', 'rewound']);
  expect(stdout).toMatch(/first try\n\n\*The conversation was rewound here[^\n]*\*\n\n## You\n\nsecond try/);
  const { log } = JSON.parse((await runVictor(['sessions', 'export', 'rewound', '--json'])).stdout);
  expect(log[1]).toMatchObject({ type: 'rewind', id: 'r1', before: 'm1' });
});
