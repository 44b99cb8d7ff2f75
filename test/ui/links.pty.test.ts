import { afterEach, expect, it } from 'vitest';
import { startSink } from '../exporters/sink.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { type Pty, startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

let pty: Pty | undefined;
afterEach(async () => {
  pty?.kill('SIGKILL');
  await pty?.exit;
});

it('E14: a link and an image with a secret in the query are shown in full, and nothing fetches them', async () => {
  const sink = await startSink();
  const url = (name: string) => `${sink.url}/${name}?d=canary-${'0123456789'.repeat(5)}`;
  const { env, ask } = await scriptedModel({
    text: `See ![a picture](${url('image.png')}) and [the docs](${url('docs')} "a title") and <${url('plain')}>.\n`,
  });
  const cwd = temporaryDirectory();
  pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat', 'show me'],
    cwd,
    env: cleanEnvironment({ ...env, NO_COLOR: '1' }),
    columns: 240,
    rows: 40,
  });
  await pty.waitFor('the docs');
  const whole = () => pty!.history().join('').replaceAll(/\s+/g, '');
  for (const name of ['image.png', 'docs', 'plain']) await expect.poll(whole).toContain(url(name));
  const { stdout } = await ask(['show me'], { cwd });
  for (const name of ['image.png', 'docs', 'plain']) expect(stdout).toContain(url(name));
  expect(sink.requests).toEqual([]);
});
