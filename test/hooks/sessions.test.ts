import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';
import { hooks } from './places.js';

it('sessions that run at once have hooks of their own: what ends one turn leaves the others, and each is told its end', async () => {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const commands = {
    UserPromptSubmit: 'grep -q halt && { echo "not this one" >&2; exit 2; }; echo heard',
    PreToolUse: `grep -q '"session_id":"c"' && { printf '{"continue":false,"stopReason":"enough"}'; }; true`,
    SessionEnd: 'cat >> ended',
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify({ provider: 'offline', hooks: hooks(commands) }), {
    mode: 0o600,
  });
  writeFileSync(join(cwd, 'notes.md'), 'The port of the queue is 7070.\n');
  const orchestrator = await createOrchestrator({
    cwd,
    environment: { PATH: process.env.PATH, VICTOR_HOME: home },
  });
  const turn = (sessionId: string, text: string) =>
    collect(orchestrator.stream(text, { sessionId })).catch((error: unknown) => String(error));
  const question = 'Which port has the queue in notes.md?';
  const [a, b, c, d] = await Promise.all([
    turn('a', question),
    turn('b', `halt ${question}`),
    turn('c', question),
    turn('d', question),
  ]);
  expect(b).toContain('A hook keeps this message back: not this one');
  for (const events of [a, d])
    expect(ofType(events as never, 'turn-end').map(({ reason }) => reason)).toEqual(['end']);
  expect(ofType(c as never, 'turn-end').map(({ reason }) => reason)).toEqual(['interrupted']);
  await orchestrator.close();
  const ended = readFileSync(join(cwd, 'ended'), 'utf8').trim().split('\n');
  expect(ended.map((line) => JSON.parse(line).session_id).sort()).toEqual(['a', 'b', 'c', 'd']);
});
