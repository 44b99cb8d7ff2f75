import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';
import { hooks } from './places.js';

it('hooks are told before messages are compacted by themselves, which they cannot refuse, and of the start behind it', async () => {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const told = (name: string) =>
    readFileSync(join(cwd, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const settings = {
    ...{ provider: 'offline', contextWindow: 8_000, maxTokens: 500 },
    hooks: hooks({
      PreCompact: { matcher: 'auto', command: 'cat >> compacted; echo "not now" >&2; exit 2' },
      SessionStart: 'cat >> started; echo "The branch is frozen."',
    }),
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
  const orchestrator = await createOrchestrator({
    cwd,
    environment: { PATH: process.env.PATH, VICTOR_HOME: home },
  });
  onTestFinished(() => orchestrator.close());
  const events = [];
  for (let turn = 0; turn < 40 && ofType(events, 'compaction').length === 0; turn += 1)
    events.push(...(await collect(orchestrator.stream(`${turn} ${'words and more words '.repeat(60)}`))));
  expect(ofType(events, 'compaction')).toHaveLength(1);
  expect(told('compacted')).toEqual([
    expect.objectContaining({ hook_event_name: 'PreCompact', trigger: 'auto' }),
  ]);
  const failed = ofType(events, 'hook').filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ reason }) => reason)).toEqual(['It refused what nobody can refuse here: not now']);

  const context = () => {
    const { messages } = orchestrator.coordinators.context.getContext(orchestrator.sessionId);
    return messages.findLast(({ role }) => role === 'user')!.content;
  };
  expect(context()).not.toContain('frozen');
  await collect(orchestrator.stream('and now?'));
  expect(context()).toContain('The branch is frozen.');
  expect(told('started').map(({ source }) => source)).toEqual(['startup', 'compact']);
});
