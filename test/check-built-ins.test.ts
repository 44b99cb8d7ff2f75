import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrchestrator } from '../src/create-orchestrator.js';
import type { HealthCheck } from '../src/health.js';
import { postgresAvailable, startPostgres } from './helpers/postgres.js';
import { makeWorkspace } from './helpers/workspace.js';

const received: Buffer[] = [];
const server = createServer((socket) => {
  socket.on('data', (chunk) => received.push(chunk)).on('error', () => {});
});
let open = '';
let closed = '';
beforeAll(async () => {
  const listen = (one: typeof server) =>
    new Promise<number>((resolve) =>
      one.listen(0, '127.0.0.1', () => resolve((one.address() as { port: number }).port)),
    );
  open = `127.0.0.1:${await listen(server)}`;
  const gone = createServer();
  closed = `127.0.0.1:${await listen(gone)}`;
  await new Promise((resolve) => gone.close(resolve));
});
afterAll(() => void server.close());

/** Settings with every built-in that needs a server, all at this host. */
function everything(host: string) {
  return {
    exporters: [
      ['webhook', { url: `http://${host}/secret-path?k=secret` }],
      ['webhook', { urlVariable: 'HOOK' }],
      ['prometheus-pushgateway', { url: `http://${host}` }],
      ['otlp', { endpoint: `http://${host}` }],
      ['postgres', { connectionStringVariable: 'DATABASE' }],
    ],
    configProviders: [
      ['http', { url: `http://${host}/secret-path`, apiKeyVariable: 'KEY' }],
      ['postgres', { connectionStringVariable: 'DATABASE' }],
    ],
  };
}

async function health(settings: object, environment: Record<string, string>): Promise<HealthCheck[]> {
  const home = await makeWorkspace({ 'config.json': JSON.stringify(settings) });
  const cwd = await makeWorkspace();
  const orchestrator = await createOrchestrator({ cwd, environment: { ...environment, VICTOR_HOME: home } });
  try {
    const checks = await orchestrator.health();
    return checks.filter(({ kind }) => kind === 'exporter' || kind === 'config-provider');
  } finally {
    await orchestrator.close();
  }
}

const environment = (host: string) => ({
  HOOK: `http://${host}/secret-path`,
  KEY: 'secret-key',
  DATABASE: `postgres://me:secret@${host}/data`,
});

describe('the health of built-ins that need a server', () => {
  it('connects to each, and sends none of them a key, a password or data', async () => {
    const checks = await health(everything(open), environment(open));
    expect(checks).toHaveLength(7);
    for (const { ok, detail } of checks)
      expect({ ok, detail }).toEqual({ ok: true, detail: `${open} can be reached` });
    expect(Buffer.concat(received).toString()).toBe('');
  });

  it('names each that cannot be reached, without its path, key or password', async () => {
    const checks = await health(everything(closed), environment(closed));
    expect(checks).toHaveLength(7);
    for (const { ok, detail } of checks) {
      expect(ok).toBe(false);
      expect(detail).toContain(`${closed} cannot be reached: ECONNREFUSED`);
      expect(detail).not.toContain('secret');
    }
  });

  it('names a variable that is not set', async () => {
    const checks = await health({ exporters: [['postgres', { connectionStringVariable: 'NOWHERE' }]] }, {});
    expect(checks).toMatchObject([{ ok: false, detail: expect.stringMatching(/NOWHERE is not set/) }]);
  });

  it.skipIf(!postgresAvailable)('reaches a real PostgreSQL', async () => {
    const postgres = await startPostgres();
    try {
      const checks = await health({ exporters: ['postgres'] }, { DATABASE_URL: postgres.connectionString });
      expect(checks).toMatchObject([{ ok: true, detail: expect.stringMatching(/can be reached$/) }]);
    } finally {
      await postgres.stop();
    }
  });
});
