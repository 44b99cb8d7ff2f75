import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

it.each([
  ['auto', / · sandbox ·/],
  ['off', / · sandbox off ·/],
])('the status line of the chat says how commands are confined: %s', async (setting, expected) => {
  const home = temporaryDirectory();
  writeFileSync(join(home, 'config.yaml'), `sandbox: ${setting}\n`);
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat'],
    cwd: temporaryDirectory(),
    env: cleanEnvironment({ VICTOR_HOME: home, NO_COLOR: '1' }),
    columns: 100,
    rows: 30,
  });
  onTestFinished(async () => {
    pty.kill();
    await pty.exit;
  });
  await pty.waitFor(expected);
  expect(pty.screen().join('\n')).toMatch(expected);
});
