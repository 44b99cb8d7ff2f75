import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { zoneAtNoon } from '../helpers/noon.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

const enter = '\r';
/** Every answer costs three dollars of the first model; nobody knows what it costs of the second. */
const settings = { model: 'anthropic/test-model', prices: { 'test-model': { input: 1_000, output: 1_000 } } };
const usage = { inputTokens: 2_000, outputTokens: 1_000 };

it('the status line says what today has cost next to the session, with what other terminals spend, where it fits', async () => {
  const server = await startModelServer(() => ({ text: 'Done.', usage }));
  onTestFinished(() => server.close());
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const env = {
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'test-key',
    VICTOR_HOME: home,
    NO_COLOR: '1',
    TZ: zoneAtNoon(),
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
  const elsewhere = (...args: string[]) => runVictor(['ask', 'hi', ...args], { cwd, env });
  await elsewhere();

  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat'],
    cwd,
    columns: 120,
    rows: 30,
    env: cleanEnvironment(env),
  });
  onTestFinished(async () => {
    pty.kill();
    await pty.exit;
  });
  await pty.waitFor(/❯ *\n.*test-model.* · today \$3\.00 · /);
  pty.write(`one${enter}`);
  await pty.waitFor(/❯ *\n.* · \$3\.00 · today \$6\.00 · /);
  await elsewhere();
  pty.write(`two${enter}`);
  await pty.waitFor(/❯ *\n.* · \$6\.00 · today \$12\.00 · /);
  await elsewhere('-m', 'anthropic/unheard-of');
  pty.write(`three${enter}`);
  await pty.waitFor(/❯ *\n.* · \$9\.00 · today ≥ \$15\.00 · /);
  pty.resize(44, 30);
  // The model matters more.
  await pty.waitFor((rows) => rows.includes('ask · anthropic/test-model'));
  pty.resize(120, 30);
  await pty.waitFor(/ · \$9\.00 · today ≥ \$15\.00 · /);
});

it('where nothing else was spent today, and where nothing is stored, the status line says it once', async () => {
  const server = await startModelServer(() => ({ text: 'Done.', usage }));
  onTestFinished(() => server.close());
  for (const more of [{}, { analytics: { enabled: false } }]) {
    const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
    writeFileSync(join(home, 'config.json'), JSON.stringify({ ...settings, ...more }), { mode: 0o600 });
    const variables = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key', NO_COLOR: '1' };
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'chat'],
      cwd,
      columns: 120,
      rows: 30,
      env: cleanEnvironment({ ...variables, VICTOR_HOME: home }),
    });
    onTestFinished(async () => {
      pty.kill();
      await pty.exit;
    });
    await pty.waitFor('❯');
    for (const [turn, cost] of ['$3.00', '$6.00'].entries()) {
      pty.write(`turn ${turn}${enter}`);
      const screen = await pty.waitFor((rows) => rows.some((row) => row.includes(` · ${cost} · session`)));
      expect(screen.join('\n')).not.toContain('today');
    }
  }
});
