import { describe, expect, onTestFinished } from 'vitest';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';
import { dialects } from './dialects.js';
import { environmentOf } from './environment-of.js';
import type { FaultRow } from './fault-row.js';
import { faultTest, isLong } from './fault-test.js';
import { sessionFaults } from './session-faults.js';

const esc = '\u001b';
const enter = '\r';
/** From the key to the words on the screen, through `script` and a terminal in JavaScript, which take some of it. */
const mostMs = isLong ? 200 : 10_000;

const states: readonly (readonly [row: FaultRow, step: ServerStep, seen: string])[] = [
  [sessionFaults.escapeStream, { text: 'first words '.repeat(100), chunks: 300, delayMs: 50 }, 'first words'],
  [
    sessionFaults.escapeBackoff,
    { status: 503, headers: { 'retry-after': '30' }, body: { error: { message: 'Overloaded' } } },
    'Overloaded',
  ],
  [sessionFaults.escapeTool, { toolCalls: [{ name: 'Bash', input: { command: 'sleep 30' } }] }, 'sleep 30'],
];

describe.each(dialects)('Esc in victor chat, $name', (dialect) => {
  for (const [row, step, seen] of states) {
    faultTest(row, dialect, async (measured) => {
      const server = await startModelServer([step, { text: 'fine again' }]);
      const pty = startPty({
        command: process.execPath,
        args: [launcher, 'chat', '--permission-mode', 'yolo', '--model', dialect.model],
        cwd: temporaryDirectory(),
        env: cleanEnvironment(environmentOf(dialect, server.url)),
        columns: 100,
      });
      onTestFinished(async () => {
        pty.kill();
        await pty.exit;
        await server.close();
      });
      await pty.waitFor('❯', 30_000);
      pty.write(`hi${enter}`);
      await pty.waitFor(seen, 30_000);
      const pressedAt = performance.now();
      pty.write(esc);
      await pty.waitFor('Interrupted.', 15_000);
      const ms = performance.now() - pressedAt;
      measured({ requests: server.requests.length, ms, outcome: 'interrupted, prompt back', tools: 0 });
      expect(ms).toBeLessThan(mostMs);
      expect(server.requests).toHaveLength(1);
      const { completed } = await server.requests[0]!.closed;
      expect(completed).toBe(row !== sessionFaults.escapeStream);
      pty.write(`and now?${enter}`);
      await pty.waitFor('fine again', 30_000);
      expect(dialect.problems(server.requests[1]!.body)).toEqual([]);
    });
  }
});
