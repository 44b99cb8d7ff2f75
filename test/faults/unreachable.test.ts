import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { cleanEnvironment, finish, startVictor } from '../helpers/run-victor.js';
import { blackhole } from './blackhole.js';
import { type Dialect, dialects } from './dialects.js';
import { environmentOf } from './environment-of.js';
import { faultTest, isLong } from './fault-test.js';
import { sessionFaults } from './session-faults.js';

/** The connection is given up after eight seconds. On a busy machine the rest would say more of the machine: the long run holds it. */
const mostMs = isLong ? 10_000 : 60_000;

/** `victor ask` to an address, and when the first line about it came. */
async function ask(dialect: Dialect, url: string, more: Readonly<Record<string, string>> = {}) {
  const startedAt = performance.now();
  const env = cleanEnvironment({ ...environmentOf(dialect, url), ...more });
  const child = startVictor(['ask', 'hi', '--model', dialect.model], { env });
  const toldAt = once(child.stderr!, 'data').then(() => performance.now() - startedAt);
  const result = await finish(child);
  return { ...result, toldMs: await toldAt };
}

describe.each(dialects)('who cannot be reached, $name', { concurrent: true }, (dialect) => {
  faultTest(sessionFaults.refused, dialect, async (measured) => {
    // Nobody runs the service that this port belongs to.
    const { code, ms, stdout, stderr } = await ask(dialect, 'http://127.0.0.1:1');
    measured({ requests: 0, ms, outcome: `exit ${code}, told`, tools: 0 });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/Nothing listens at .*ECONNREFUSED.* Start the model server/);
    expect(stderr.match(/Asking again/g)).toHaveLength(2);
  });

  faultTest(sessionFaults.noName, dialect, async (measured) => {
    const { code, ms, stdout, stderr } = await ask(dialect, 'http://model.invalid');
    measured({ requests: 0, ms, outcome: `exit ${code}, told`, tools: 0 });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/The host of http:\/\/model\.invalid.* was not found/);
    expect(stderr.match(/Asking again/g)?.length).toBeLessThanOrEqual(5);
  });

  faultTest(sessionFaults.noTls, dialect, async (measured) => {
    const server = await startModelServer([]);
    const { code, ms, stderr } = await ask(dialect, server.url.replace('http:', 'https:'));
    await server.close();
    measured({ requests: server.requests.length, ms, outcome: `exit ${code}, told`, tools: 0 });
    expect(code).toBe(1);
    expect(server.requests).toHaveLength(0);
    expect(stderr).toMatch(/No trusted connection to https.*NODE_EXTRA_CA_CERTS/);
    expect(stderr).not.toContain('Asking again');
  });

  faultTest(sessionFaults.proxy, dialect, async (measured) => {
    let asked = 0;
    const proxy = createServer((_, response) => {
      asked += 1;
      response.writeHead(407).end();
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { code, ms, stderr } = await ask(dialect, 'http://model.invalid', { HTTP_PROXY });
    proxy.closeAllConnections();
    proxy.close();
    measured({ requests: asked, ms, outcome: `exit ${code}, told`, tools: 0 });
    expect({ code, asked }).toEqual({ code: 1, asked: 1 });
    expect(stderr).toMatch(/407.*wants a user name and password/);
  });

  faultTest(sessionFaults.blackhole, dialect, async (measured) => {
    const { url, close } = await blackhole();
    const { code, ms, toldMs, stderr } = await ask(dialect, url).finally(close);
    measured({ requests: 0, ms, outcome: `exit ${code}, told within 10 s`, tools: 0 });
    expect(code).toBe(1);
    expect(stderr).toMatch(/The connection to http:\/\/\[::1\].* failed \(ETIMEDOUT\).*Asking again/);
    expect(toldMs).toBeLessThan(mostMs);
  });
});
