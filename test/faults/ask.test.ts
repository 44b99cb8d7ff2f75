import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { cleanEnvironment, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { type AskFault, askFaults } from './ask-faults.js';
import { type Dialect, dialects } from './dialects.js';
import { environmentOf } from './environment-of.js';
import { faultTest } from './fault-test.js';

/** `victor ask` with a server of its own that does what the fault says. */
async function ask(fault: AskFault, dialect: Dialect) {
  let number = 0;
  const server = await startModelServer(() => fault.step(number++));
  const cwd = temporaryDirectory();
  const env = cleanEnvironment(environmentOf(dialect, server.url, fault.settings));
  const args = ['ask', 'hi', '--model', dialect.model, ...(fault.arguments ?? [])];
  const result = await runVictor(args, { cwd, env });
  const requests = server.requests.length;
  const strays = server.requests.filter(({ path }) => path !== dialect.path);
  await server.close();
  return { ...result, requests, strays, made: existsSync(join(cwd, 'made.txt')) };
}

describe.each(dialects)('victor ask, $name', { concurrent: true }, (dialect) => {
  for (const fault of askFaults) {
    faultTest(fault, dialect, async (measured) => {
      const { code, stdout, stderr, requests, strays, ms, made } = await ask(fault, dialect);
      const said = stdout === '' ? 'no text' : stdout === fault.stdout ? 'text once' : 'wrong text';
      measured({ requests, ms, outcome: `exit ${code}, ${said}`, tools: made ? 1 : 0 });
      const { code: expectedCode, stdout: expectedText, requests: expectedRequests } = fault;
      expect({ code, stdout, requests }, stderr).toEqual({
        code: expectedCode,
        stdout: expectedText,
        requests: expectedRequests,
      });
      for (const line of fault.stderr ?? []) expect(stderr).toMatch(line);
      expect(ms).toBeGreaterThanOrEqual(fault.leastMs ?? 0);
      expect(made).toBe(false);
      expect(strays).toEqual([]);
      // Nobody waits in silence.
      expect(stderr.match(/Asking again/g)?.length ?? 0).toBe(requests - 1);
    });
  }
});
