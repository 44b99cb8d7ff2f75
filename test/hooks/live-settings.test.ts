import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';
import { hooks } from './places.js';

it('hooks that are saved while a chat runs wait: those of a project for the user’s word, all for the next start', async () => {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const saves = (settings: object) =>
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ provider: 'offline', ...settings }));
  saves({});
  const environment = { PATH: process.env.PATH, VICTOR_HOME: home };
  const open = () => createOrchestrator({ cwd, environment, trust: true, watch: true });
  const orchestrator = await open();
  onTestFinished(() => orchestrator.close());
  saves({ hooks: hooks({ UserPromptSubmit: 'touch ran' }) });
  const notices = ofType(await collect(orchestrator.stream('hello')), 'notice').map(({ text }) => text);
  expect(notices.join('\n')).toMatch(
    /not applied until you confirm it with \/reload, or restart: hooks\.UserPromptSubmit \(\.victorrc:1\)/,
  );
  const told: string[] = [];
  orchestrator.subscribe((event) => {
    if (event.type === 'config-change') told.push(`${event.key} ${event.effect}`);
  });
  await orchestrator.reload({ confirm: true });
  expect(told).toEqual(['hooks.UserPromptSubmit after-restart']);
  await collect(orchestrator.stream('again'));
  expect(existsSync(join(cwd, 'ran'))).toBe(false);

  const next = await open();
  await collect(next.stream('hello'));
  await next.close();
  expect(existsSync(join(cwd, 'ran'))).toBe(true);
});

it('the answer of a config provider names no hooks', async () => {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  writeFileSync(
    join(home, 'own.mjs'),
    `export const create = () => ({ getConfig: () => ({ hooks: ${JSON.stringify(hooks({ Stop: 'true' }))} }) });`,
  );
  writeFileSync(
    join(home, 'config.json'),
    JSON.stringify({ provider: 'offline', configProviders: ['./own.mjs'] }),
    { mode: 0o600 },
  );
  const orchestrator = await createOrchestrator({
    cwd,
    environment: { PATH: process.env.PATH, VICTOR_HOME: home },
  });
  onTestFinished(() => orchestrator.close());
  const events = await collect(orchestrator.stream('hello')).catch((error: unknown) => String(error));
  expect(JSON.stringify(events)).toContain('names hooks, which it may not');
});
