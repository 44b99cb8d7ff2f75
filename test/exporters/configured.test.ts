import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { describe, expect, onTestFinished } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { postgresAvailable, startPostgres } from '../helpers/postgres.js';
import { pushgatewayAvailable, startPushgateway } from '../helpers/pushgateway.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { startCollector } from './collector.js';
import { startSink } from './sink.js';

/**
 * Runs one turn, with one tool call, of the built victor in a project whose .victorrc names these exporters, or with
 * `own` where the user's settings do. `ids` are those of the events that Victor's own database got.
 */
async function askWith(
  exporters: readonly unknown[],
  options: { env?: Record<string, string>; trust?: boolean; own?: true } = {},
) {
  const cwd = temporaryDirectory();
  const home = temporaryDirectory();
  await writeFile(join(options.own ? home : cwd, '.victorrc'), JSON.stringify({ exporters }));
  await writeFile(join(cwd, 'a.txt'), 'content\n');
  const { ask } = await scriptedModel(
    { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }], usage: { inputTokens: 10, outputTokens: 4 } },
    { text: 'Fine.', usage: { inputTokens: 20, outputTokens: 5 } },
  );
  const trust = options.trust === false ? [] : ['--trust'];
  const result = await ask(['read', ...trust, '-q'], { cwd, env: { ...options.env, VICTOR_HOME: home } });
  return { cwd, result, ids: result.code === 0 ? idsIn(join(home, 'victor.db')) : [] };
}

function idsIn(database: string): unknown[] {
  const connection = new Sqlite(database, { readonly: true });
  const ids = connection.prepare('SELECT id FROM analytics_events ORDER BY position').pluck().all();
  connection.close();
  expect(ids.length).toBeGreaterThanOrEqual(6);
  return ids;
}

const idOf = (line: string) => (JSON.parse(line) as { id: string }).id;

const fine = { code: 0, stdout: 'Fine.\n', stderr: '' };

describe('an exporter named in .victorrc gets every event of a turn', () => {
  it('console', async () => {
    const { result, ids } = await askWith(['console']);
    expect(result).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    const lines = result.stderr.trimEnd().split('\n');
    expect(lines.map(idOf)).toEqual(ids);
  });

  it('file, as JSONL and as CSV', async () => {
    const { cwd, result, ids } = await askWith([
      ['file', { path: 'a.jsonl' }],
      ['file', { path: 'a.csv', format: 'csv' }],
    ]);
    expect(result).toMatchObject(fine);
    const lines = (await readFile(join(cwd, 'a.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map(idOf)).toEqual(ids);
    const rows = (await readFile(join(cwd, 'a.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(',')[0])).toEqual(ids.map((id) => `"${id}"`));
  });

  it('sqlite', async () => {
    const { cwd, result, ids } = await askWith([['sqlite', { path: './analytics.db' }]]);
    expect(result).toMatchObject(fine);
    const database = new Sqlite(join(cwd, 'analytics.db'), { readonly: true });
    const got = database.prepare('SELECT id FROM analytics_events ORDER BY rowid').pluck().all();
    database.close();
    expect(got).toEqual(ids);
  });

  it.skipIf(!postgresAvailable)('postgres', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const { result, ids } = await askWith([['postgres', { connectionStringVariable: 'TEAM_DB' }]], {
      env: { TEAM_DB: server.connectionString },
    });
    expect(result).toMatchObject(fine);
    const client = new Client({ connectionString: server.connectionString });
    await client.connect();
    const sum = `SELECT count(*)::int AS events, sum((event_data ->> 'inputTokens')::int)::int AS input FROM analytics_events`;
    const { rows } = await client.query(sum);
    await client.end();
    expect(rows).toEqual([{ events: ids.length, input: 30 }]);
  });

  it('webhook', async () => {
    const sink = await startSink();
    const { result, ids } = await askWith(
      [['webhook', { url: `${sink.url}/hook`, secretVariable: 'HOOK_KEY' }]],
      // A webhook on this machine is for the user's own settings: X09 below.
      { env: { HOOK_KEY: 'key' }, own: true },
    );
    expect(result).toMatchObject(fine);
    const got = sink.requests.flatMap(({ body }) => JSON.parse(body) as { id: string }[]);
    expect(got.map(({ id }) => id)).toEqual(ids);
    expect(sink.requests[0]?.headers['victor-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  });

  it.skipIf(!pushgatewayAvailable)('prometheus-pushgateway', async () => {
    const gateway = await startPushgateway();
    onTestFinished(() => gateway.stop());
    const { result } = await askWith([['prometheus-pushgateway', { url: gateway.url, instance: 'test' }]]);
    expect(result).toMatchObject(fine);
    const metrics = await gateway.metrics();
    const group = 'instance="test",job="victor"';
    expect(metrics).toContain(`victor_turns_total{${group},outcome="end"} 1\n`);
    expect(metrics).toContain(`victor_tool_calls_total{${group},outcome="success",tool="Read"} 1\n`);
    expect(metrics).toMatch(new RegExp(`victor_tokens_total\\{${group},model="[^"]+",type="input"\\} 30\n`));
  });

  it('otlp', async () => {
    const collector = await startCollector();
    const { result, ids } = await askWith([['otlp', { endpoint: collector.url }]]);
    expect(result).toMatchObject(fine);
    const spans = collector.spans();
    expect(spans.map(({ name }) => name.replace(/chat .+/, 'chat'))).toEqual([
      'chat',
      'execute_tool Read',
      'chat',
      'invoke_agent victor',
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(spans.length + collector.logRecords().length).toBe(ids.length);
  });
});

describe('an exporter named in .victorrc', () => {
  it('is ignored, with a line that says so, until the folder is trusted', async () => {
    const sink = await startSink();
    const { result } = await askWith([['webhook', { url: sink.url }]], { trust: false });
    expect(result).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    expect(result.stderr).toMatch(/ignored until this folder is trusted: exporters/);
    expect(sink.requests).toEqual([]);
  });

  it('with a wrong option is an error that names file, line and option, before anything runs', async () => {
    const { result } = await askWith([['webhook', { url: 'https://hooks.example.com', tmeoutMs: 5 }]]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/\.victorrc:1: .*webhook exporter has no option "tmeoutMs"/);
    expect(result.stderr).toContain('Did you mean timeoutMs?');
  });

  it('that is down costs the answer nothing, and says so once without its secrets', async () => {
    const { result } = await askWith([['webhook', { urlVariable: 'HOOK' }]], {
      env: { HOOK: 'http://127.0.0.1:1/s3cret' },
      own: true,
    });
    expect(result).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    expect(result.stderr.match(/the exporter webhook failed: 127\.0\.0\.1:1: ECONNREFUSED/g)).toHaveLength(1);
    expect(result.stderr).not.toContain('s3cret');
  });
});

describe("X09: a workspace's settings do not choose what of this machine is posted to", () => {
  const refused = (stderr: string) =>
    expect(stderr).toMatch(
      /\.victorrc:1: .*exporter: .* refused in a workspace's settings.*your own settings/,
    );

  it.each([
    'http://127.0.0.1:PORT/hook',
    'http://localhost:PORT/hook',
    'http://api.localhost:PORT/hook',
    'http://[::1]:PORT/hook',
    'http://[::ffff:127.0.0.1]:PORT/hook',
    'http://0.0.0.0:PORT/hook',
    'http://2130706433:PORT/hook',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/latest/meta-data',
    'http://100.100.100.200/latest/meta-data',
  ])('a webhook to %s is refused, trusted or not, and nothing is sent', async (url) => {
    const sink = await startSink();
    const { port } = new URL(sink.url);
    const { result } = await askWith([['webhook', { url: url.replace('PORT', port) }]]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    refused(result.stderr);
    expect(sink.requests).toEqual([]);
  });

  it.each([
    ['otlp', { endpoint: 'http://169.254.169.254/' }],
    ['prometheus-pushgateway', { url: 'http://169.254.169.254/' }],
  ])('%s to a metadata address is refused; on this machine it is usual', async (name, options) => {
    const { result } = await askWith([[name, options]]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    refused(result.stderr);
  });

  it('an address that only a variable knows is refused when it is posted to', async () => {
    const sink = await startSink();
    const byVariable = await askWith([['webhook', { urlVariable: 'HOOK' }]], { env: { HOOK: sink.url } });
    expect(byVariable.result).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    expect(byVariable.result.stderr).toContain('127.0.0.1 is this machine, which is refused');
    expect(sink.requests).toEqual([]);
  });

  it("is fine in the user's own settings", async () => {
    const sink = await startSink();
    const { result } = await askWith([['webhook', { url: sink.url }]], { own: true });
    expect(result).toMatchObject(fine);
    expect(sink.requests).toHaveLength(1);
  });
});
