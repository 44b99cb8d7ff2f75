import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPostgresExporter, type PostgresExporterOptions } from '../../src/exporters/postgres.js';
import { type PostgresServer, postgresAvailable, startPostgres } from '../helpers/postgres.js';
import { events } from './events.js';

describe.skipIf(!postgresAvailable)('postgres exporter', () => {
  let server: PostgresServer;
  let client: Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = new Client({ connectionString: server.connectionString });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  let tables = 0;
  /** An exporter with a table of its own, and its rows as another client sees them. */
  function make(options: Partial<PostgresExporterOptions> = {}, connectionString = server.connectionString) {
    const table = `events_${++tables}`;
    const exporter = createPostgresExporter(
      { connectionStringVariable: 'DB', table, ...options },
      { DB: connectionString },
    );
    onTestFinished(() => exporter.close?.());
    const rows = async () => (await client.query(`SELECT * FROM ${table} ORDER BY id`)).rows as unknown[];
    return { exporter, table, rows };
  }
  const connections = async () => {
    const all = await client.query(`SELECT FROM pg_stat_activity WHERE application_name = 'victor'`);
    return all.rowCount;
  };

  it('makes its table, and keeps an event that comes again once', async () => {
    const { exporter, rows } = make();
    expect(await exporter.export(events.slice(0, 2))).toEqual({ success: true, exportedCount: 2 });
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
    expect(await rows()).toEqual([
      {
        id: 'e1',
        session_id: 's1',
        event_type: 'turn_start',
        event_data: { mode: 'ask', text_length: 12 },
        timestamp: new Date(1_700_000_000_000),
      },
      {
        id: 'e2',
        session_id: 's1',
        event_type: 'tool_result',
        // What PostgreSQL cannot hold is replaced.
        event_data: { name: 'a\nb\ufffd"é😀', failed: true },
        timestamp: new Date(1_700_000_000_001),
      },
      {
        id: 'e3',
        session_id: 's2',
        event_type: 'request_end',
        event_data: { costUsd: null, ratio: 0.5 },
        timestamp: new Date(1_700_000_000_002),
      },
    ]);
  });

  it('takes thousands of events, also with half a surrogate pair in a text', async () => {
    const { exporter, rows } = make();
    const many = Array.from({ length: 2_500 }, (_, index) => ({
      ...events[0]!,
      id: `e${index}`,
      data: { name: '\ud800' },
    }));
    expect(await exporter.export(many)).toEqual({ success: true, exportedCount: 2_500 });
    expect(await rows()).toHaveLength(2_500);
  });

  it('holds one connection however many exports run, and none after close', async () => {
    // Those of earlier tests are closed, which the server notes a little later.
    await expect.poll(connections).toBe(0);
    const { exporter, rows } = make();
    const batches = events.map((event) => exporter.export([event]));
    expect((await Promise.all(batches)).map(({ success }) => success)).toEqual([true, true, true]);
    expect(await rows()).toHaveLength(3);
    expect(await connections()).toBe(1);
    await exporter.close?.();
    await expect.poll(connections).toBe(0);
  });

  it('exporters that make the same table at the same moment all succeed', async () => {
    const table = 'events_at_once';
    const exporters = Array.from({ length: 8 }, () => make({ table }).exporter);
    const results = await Promise.all(exporters.map((exporter) => exporter.export(events)));
    expect(results).toEqual(exporters.map(() => ({ success: true, exportedCount: 3 })));
    expect((await client.query(`SELECT FROM ${table}`)).rowCount).toBe(3);
  });

  it('makes no table when it may not, says so, and goes on when the table is there', async () => {
    const { exporter, table, rows } = make({ createTable: false });
    const result = await exporter.export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toContain(`relation "${table}" does not exist`);
    await make({ table }).exporter.export(events.slice(0, 1));
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
    expect(await rows()).toHaveLength(3);
  });

  it('writes into a schema of the user, and by default into analytics_events', async () => {
    await client.query('CREATE SCHEMA team');
    await make({ table: 'team.events' }).exporter.export(events);
    expect((await client.query('SELECT FROM team.events')).rowCount).toBe(3);
    const exporter = createPostgresExporter({}, { DATABASE_URL: server.connectionString });
    onTestFinished(() => exporter.close?.());
    await exporter.export(events);
    expect((await client.query('SELECT FROM analytics_events')).rowCount).toBe(3);
  });

  it('a wrong password is an answer without any password, and the next export may succeed', async () => {
    const environment: Record<string, string> = {
      DB: server.connectionString.replace(server.password, 's3cr%2Fet'),
    };
    const exporter = createPostgresExporter({ connectionStringVariable: 'DB', table: 'later' }, environment);
    onTestFinished(() => exporter.close?.());
    const result = await exporter.export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toMatch(/^DB: password authentication failed/);
    expect(result.error).not.toMatch(/s3cr|postgres:\/\//);
    environment.DB = server.connectionString;
    expect(await exporter.export(events)).toEqual({ success: true, exportedCount: 3 });
  });

  it('a connection that the server ends neither ends the process nor the exports', async () => {
    const { exporter, rows } = make();
    await exporter.export(events.slice(0, 1));
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victor'`,
    );
    await expect.poll(connections).toBe(0);
    await expect.poll(async () => (await exporter.export(events)).success).toBe(true);
    expect(await rows()).toHaveLength(3);
  });

  it('a lock that another client holds ends at the timeout', async () => {
    const { exporter: first, table } = make();
    await first.export(events.slice(0, 1));
    const { exporter } = make({ timeoutMs: 1_000, table, createTable: false });
    await client.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    try {
      const result = await exporter.export(events);
      expect(result).toMatchObject({ success: false, error: expect.stringContaining('statement timeout') });
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it('a server that never answers ends at the timeout', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const address = silent.address() as { port: number };
    const { exporter } = make({ timeoutMs: 200 }, `postgres://u:s3cret@127.0.0.1:${address.port}/d`);
    const result = await exporter.export(events);
    expect(result).toMatchObject({ success: false, error: expect.stringMatching(/timeout/i) });
  });

  it('connects to nothing for no events', async () => {
    const { exporter } = make({}, 'postgres://127.0.0.1:1/none');
    expect(await exporter.export([])).toEqual({ success: true, exportedCount: 0 });
  });
});

describe('postgres exporter without a server', () => {
  it.each([
    [{}, /^DATABASE_URL is not set\. Set it to postgres:/],
    [{ DATABASE_URL: 'mysql://u:s3cret@h/d' }, /^DATABASE_URL is no connection string/],
    [{ DATABASE_URL: 'postgres://u:s3cret@127.0.0.1:1/d' }, /ECONNREFUSED/],
    [{ DATABASE_URL: 'postgres://u:s3cret@127.0.0.1:port/d' }, /^DATABASE_URL is no connection string/],
  ])('answers with a reason and no secret when the environment is %j', async (environment, text) => {
    const result = await createPostgresExporter({}, environment).export(events);
    expect(result).toMatchObject({ success: false, exportedCount: 0 });
    expect(result.error).toMatch(text);
    expect(result.error).not.toContain('s3cret');
  });

  it.each([
    [{ connectionStringVariable: 'postgres://u:s3cret@h/d' }, /expected the name of an environment variable/],
    [{ table: 'a; DROP TABLE b' }, /table: expected table or schema\.table/],
    [{ connectionString: 'postgres://u:s3cret@h/d' }, /no option "connectionString"/],
  ])('is not made from %j, and the error shows no value', (options, text) => {
    const make = () => createPostgresExporter(options as PostgresExporterOptions);
    expect(make).toThrow(text);
    expect(make).not.toThrow(/s3cret/);
  });
});
