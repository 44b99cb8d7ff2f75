import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { zoneAtNoon } from '../helpers/noon.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

const enter = '\r';
const settings = {
  model: 'anthropic/test-model',
  prices: { 'test-model': { input: 1_000, output: 10_000, cacheRead: 100, cacheWrite: 2_000 } },
  maxDayUsd: 100,
  maxProjectUsd: 10,
};
/** $1 of input, $1 of output, $0.2 from a cache, $0.8 to it. */
const usage = { inputTokens: 1_000, outputTokens: 100, cacheReadTokens: 2_000, cacheWriteTokens: 400 };

it('/cost tells this turn, the session with its earlier runs, today, the project, every tier, and what is left; at the end of a budget the chat says what to do', async () => {
  const answers = [
    { text: 'First.', usage },
    { text: 'Elsewhere.', usage },
    { text: 'Second.', usage },
    { text: 'Third.', usage },
  ];
  const server = await startModelServer(answers);
  onTestFinished(() => server.close());
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const env = {
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'test-key',
    VICTOR_HOME: home,
    NO_COLOR: '1',
    TZ: zoneAtNoon(),
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify({ ...settings, maxTokens: 100 }), { mode: 0o600 });
  const first = await runVictor(['ask', 'one', '--session-id', 'mine'], { cwd, env });
  expect(first).toMatchObject({ code: 0, stdout: 'First.\n' });
  await runVictor(['ask', 'two'], { cwd: temporaryDirectory(), env });

  const args = [launcher, 'chat', '--session-id', 'mine'];
  const look = { cwd, columns: 120, rows: 40, env: cleanEnvironment(env) };
  const pty = startPty({ command: process.execPath, args, ...look });
  onTestFinished(async () => {
    pty.kill();
    await pty.exit;
  });
  await pty.waitFor('❯');
  pty.write(`three${enter}`);
  await pty.waitFor(/Second\.[\s\S]*❯ *\n/);
  pty.write(`/cost${enter}`);
  const screen = (await pty.waitFor('turns     1')).join('\n');
  expect(screen).toContain(
    'turn      $3.00: 1k tokens in ($1.00), 100 out ($1.00), 2k from cache ($0.2000), 400 to cache ($0.8000)',
  );
  expect(screen).toContain(
    'session   $6.00: 2k tokens in ($2.00), 200 out ($2.00), 4k from cache ($0.4000), 800 to cache ($1.60)',
  );
  expect(screen).toMatch(/today {5}\$9\.00: 3k tokens in/);
  expect(screen).toMatch(/project {3}\$6\.00: 2k tokens in/);
  expect(screen).toContain('  today   ██░░░░░░░░░░░░░░░░░░ 9 %, $91.00 of $100.00 left');
  expect(screen).toContain('  project ████████████░░░░░░░░ 60 %, $4.00 of $10.00 left');

  // What was read and written before could all be written to the cache anew, for more than the four dollars.
  pty.write(`four${enter}`);
  const end = (await pty.waitFor('/cost shows')).join('\n').replaceAll(/\s*\n\s*/g, ' ');
  expect(end).toContain(
    'The budget of $10 for this project (maxProjectUsd) allows no further call: $6 of it are spent.',
  );
  expect(server.requests).toHaveLength(3);
});
