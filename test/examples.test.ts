import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresAvailable, startPostgres } from './helpers/postgres.js';
import { type Pushgateway, pushgatewayAvailable, startPushgateway } from './helpers/pushgateway.js';
import { hangMs, temporaryDirectory } from './helpers/run-victor.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(`${root}examples`).filter((name) => name.endsWith('.ts'));
const read = (name: string) => readFileSync(`${root}examples/${name}`, 'utf8');

/** The examples as JavaScript, in a project that has the package installed: to translate one takes longer than to run it. */
let project = '';
beforeAll(() => {
  project = temporaryDirectory();
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules', 'victor-agent'));
  for (const name of ['better-sqlite3', 'pg', 'zod'])
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  const sources = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' });
  buildSync({
    entryPoints: sources.filter((name) => name.endsWith('.ts')).map((name) => join(root, 'examples', name)),
    outdir: project,
    format: 'esm',
    target: 'node20',
  });
});

/** What an example prints, run as a user does: as a process, without a key, and with the services named here alone. */
async function run(name: string, services: Record<string, string> = {}): Promise<string[]> {
  const built = [join(project, name.replace('.ts', '.js'))];
  return runProgram(name.startsWith('01') ? ['--import', 'tsx', `examples/${name}`] : built, services);
}

async function runProgram(args: readonly string[], services: Record<string, string>): Promise<string[]> {
  const { DATABASE_URL, PUSHGATEWAY_URL, TEAM_MODEL, ...environment } = process.env;
  const env = { ...environment, ...services };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    timeout: hangMs,
    env,
  });
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

const noDatabase = 'DATABASE_URL is not set: SQLite in memory stands in for PostgreSQL.';
const noPushgateway = 'PUSHGATEWAY_URL is not set: nothing is pushed to Prometheus.';

const sessionConfigs = [
  'user-session-123: {"model":"claude-opus-4-5","maxTurns":20}',
  '  I am claude-opus-4-5.',
  'user-session-456: {"model":"claude-haiku-4-5"}',
  '  I am claude-haiku-4-5.',
  'user-session-789: {}',
  '  I am claude-sonnet-4-5.',
];
const turn = ['turn_start', 'tool_selection', 'request_end', 'turn_end'];
const twoTurns = ['session_open', ...turn, ...turn];
const combined = [
  'clinic: I am claude-sonnet-4-5. | ## Compliance Requirements | Language: Responde en español. | ## Code Style Guidelines',
  'shop: I am claude-haiku-4-5. | Language: Respond in English. | ## Code Style Guidelines',
  'Compacted by RecentMessagesCompactionStrategy: 20 -> 15 messages',
  'In the database: clinic, 10 turns',
  'In the database: shop, 1 turns',
];

describe.concurrent('examples', () => {
  it('01 answers and says what the answer took', async () => {
    const [answer, tokens, ...more] = await run('01-basic-chat.ts');
    expect(answer).toMatch(/^Response: Coordinators in Victor are /);
    expect(tokens).toMatch(/^Tokens used: [1-9]\d*$/);
    expect(more).toEqual([]);
  });

  it('02 takes a session from the database, else from the API, else leaves it as it is, and each has its model', async () => {
    expect(await run('02-custom-config-provider.ts')).toEqual([noDatabase, ...sessionConfigs]);
  });

  it('03 builds the prompt highest priority first, passes the context of a turn on and lets a later contributor override', async () => {
    const lines = await run('03-custom-prompt-contributor.ts');
    expect(lines[0]).toBe('Generated prompt:');
    expect(lines[1]).toMatch(/^You are Victor/);
    expect(lines.filter((line) => /^## |^Language: /.test(line))).toEqual([
      '## Compliance Requirements',
      'Language: Respond in English.',
      '## Code Style Guidelines',
    ]);
    expect(lines).toContain('- Use 4 spaces for indentation');
    expect(lines.slice(-2)).toEqual([
      'The model was told: Language: Répondre en français.',
      'Overridden: Language: the one of the customer.',
    ]);
  });

  it('04 compacts by itself; recent forgets the beginning, semantic keeps every topic, task-aware keeps the task', async () => {
    const lines = await run('04-custom-compaction-strategy.ts');
    const [recent, semantic, taskAware] = lines.slice(-3);
    expect(lines[0]).toMatch(/^By itself: \d+ -> 15 messages \(RecentMessagesCompactionStrategy\)$/);
    expect(lines.at(-4)).toBe(
      'The whole conversation: 24 messages about login 6, layout 6, migration 6, release 6',
    );
    expect(recent).toBe(
      'RecentMessagesCompactionStrategy: 15 messages about layout 1, migration 6, release 6, login 2',
    );
    expect(semantic).toMatch(
      /^SemanticCompactionStrategy: 1[01] messages about login \d, layout \d, migration \d, release \d$/,
    );
    const topics = new Map([...taskAware!.matchAll(/(\w+) (\d)/g)].map(([, topic, count]) => [topic, count]));
    expect(taskAware).toMatch(/^TaskAwareCompactionStrategy: /);
    expect(topics.get('login')).toBe('6');
    expect(Number(topics.get('layout') ?? 0) + Number(topics.get('migration') ?? 0)).toBeLessThan(3);
  });

  it('05 exports every event once to the database and the webhook, on demand and at the end', async () => {
    expect(await run('05-custom-analytics-exporter.ts')).toEqual([
      noDatabase,
      noPushgateway,
      'Response: Hello! What shall we build?',
      'Exported 5 events',
      '  DatabaseAnalyticsExporter: 5',
      '  WebhookAnalyticsExporter: 5',
      'In the database: 9 events',
      'At the webhook: 9 events, the last of type turn_end',
    ]);
  });

  it('06 gives each session its own settings and prompt, compacts, and counts the turns of each', async () => {
    expect(await run('06-combined.ts')).toEqual([noDatabase, noPushgateway, ...combined]);
  });

  it('07 shows the context grow, compact without and with being applied, and start anew', async () => {
    expect(await run('07-context-management.ts')).toEqual([
      'Initial context size: 0',
      'After chat 1: 2 messages',
      'After chat 2: 4 messages',
      'Context size before compaction: 12',
      'Context size after compaction: 10',
      'Meanwhile the live context: 12',
      'Applied: 12 -> 10 messages by recent, live: 10',
      'After reset: 0',
      'Analytics still know 6 turns',
    ]);
  });

  it('08 ranks by each strategy that the settings name, and says why', async () => {
    const lines = await run('08-tool-selection.ts');
    expect(lines.filter((line) => line.endsWith(':'))).toEqual(['keyword:', 'semantic:', 'hybrid:']);
    for (const first of [1, 6, 11]) expect(lines[first]).toMatch(/^ {2}1\.00 ReadFile: .*"read"/);
    for (const last of [4, 9, 14])
      expect(lines[last]).toMatch(/^ {2}I was offered find_tools, ReadFile, \w+, \w+\.$/);
    expect(lines).toHaveLength(15);
  });

  it('09 keeps two sessions apart and resets one of them', async () => {
    const lines = await run('09-session-management.ts');
    expect(lines).toEqual([
      'code-review-123: Of you I know: Review this Python code.',
      'docs-456: Of you I know: Write documentation.',
      'Session 1 events: 5',
      'Session 2 events: 9',
      'Reset code-review-123: true',
      'Session 1 messages: 0',
      'Session 2 messages: 4',
      'Reset of an unknown session: false',
    ]);
  });

  it('10 says what failed, checks each coordinator and goes on with another provider', async () => {
    const [failure, config, context, health, ...fallback] = await run('10-error-handling.ts');
    expect(failure).toMatch(/^ERROR Chat failed: The key was refused\. \(provider-authentication\) ./);
    expect(config).toBe('INFO ConfigCoordinator OK: {}');
    expect(context).toBe('INFO ContextCoordinator OK: 0 messages');
    expect(health).toMatch(/^INFO Health: (\d+) of \1 OK\.$/);
    expect(fallback[0]).toBe('INFO Falling back to the offline provider...');
    expect(fallback[1]).toMatch(/^INFO Answered by offline: ./);
  });

  it.each(files)('%s opens with what it shows, imports the package by name, and is in the table', (name) => {
    expect(read(name)).toMatch(/^\/\*\*\n \* [A-Z]/);
    const imported = [...read(name).matchAll(/from '([^']+)'/g)].map(([, from]) => from!);
    expect(imported).toContain('victor-agent');
    expect(imported.filter((from) => from.startsWith('..'))).toEqual([]);
    expect(read('README.md')).toContain(`[${name}](${name})`);
  });

  it('has a file for every row of the table', () => {
    const linked = [...read('README.md').matchAll(/^\| \d+ \| \[[^\]]+\]\(([^)]+\.ts)\)/gm)].map(
      ([, file]) => file,
    );
    expect(linked).toEqual(files);
    expect(files).toHaveLength(10);
  });
});

describe.skipIf(!postgresAvailable)('examples with PostgreSQL', () => {
  let postgres: PostgresServer;
  let client: pg.Client;
  beforeAll(async () => {
    postgres = await startPostgres();
    client = new pg.Client({ connectionString: postgres.connectionString });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await postgres?.stop();
  });
  const rowsOf = async (query: string) => (await client.query(query)).rows;

  it('02 reads the settings of a session from a real table', async () => {
    const services = { DATABASE_URL: postgres.connectionString };
    expect(await run('02-custom-config-provider.ts', services)).toEqual(sessionConfigs);
    await client.query(
      `INSERT INTO victor_examples.sessions VALUES ('user-session-789', '{"model": "claude-opus-4-5"}')`,
    );
    const again = await run('02-custom-config-provider.ts', services);
    expect(again.slice(-2)).toEqual([
      'user-session-789: {"model":"claude-opus-4-5"}',
      '  I am claude-opus-4-5.',
    ]);
  });

  it('05 inserts each event once, with its id and its data', async () => {
    await run('05-custom-analytics-exporter.ts', { DATABASE_URL: postgres.connectionString });
    const rows = await rowsOf('SELECT * FROM victor_examples.analytics');
    expect(rows.map(({ event_type }) => event_type).sort()).toEqual([...twoTurns].sort());
    expect(new Set(rows.map(({ session_id }) => session_id)).size).toBe(1);
    expect(rows.find(({ event_type }) => event_type === 'turn_end')).toMatchObject({
      id: expect.any(String),
      event_data: { provider: 'scripted', model: 'claude-sonnet-4-5', reason: 'end' },
      timestamp: expect.any(Date),
    });
  });

  it('06 finds the turns of its sessions in the table, and prints the same the next time', async () => {
    const services = { DATABASE_URL: postgres.connectionString };
    expect(await run('06-combined.ts', services)).toEqual([noPushgateway, ...combined]);
    expect(await run('06-combined.ts', services)).toEqual([noPushgateway, ...combined]);
    const turns = `SELECT session_id, event_data->>'model' AS model, count(*)::int AS turns
      FROM victor_examples.analytics WHERE event_type = 'turn_end' AND session_id IN ('clinic', 'shop')
      GROUP BY 1, 2 ORDER BY 1`;
    expect(await rowsOf(turns)).toEqual([
      { session_id: 'clinic', model: 'claude-sonnet-4-5', turns: 20 },
      { session_id: 'shop', model: 'claude-haiku-4-5', turns: 2 },
    ]);
  });
});

describe.skipIf(!pushgatewayAvailable)('examples with a Prometheus Pushgateway', () => {
  let gateway: Pushgateway;
  beforeAll(async () => {
    gateway = await startPushgateway();
  });
  afterAll(() => gateway?.stop());

  it('05 pushes a counter for each type of event, which goes on from push to push', async () => {
    const lines = await run('05-custom-analytics-exporter.ts', { PUSHGATEWAY_URL: gateway.url });
    expect(lines).toContain('  PrometheusMetricsExporter: 5');
    const metrics = await gateway.metrics();
    expect(metrics).toContain('# TYPE victor_analytics_turn_end_total counter');
    for (const type of new Set(twoTurns)) {
      const counter = `victor_analytics_${type}_total{instance="",job="victor-analytics"}`;
      expect(metrics).toContain(`\n${counter} ${type === 'session_open' ? 1 : 2}\n`);
    }
  });

  it('06 counts the turns of both sessions', async () => {
    expect(await run('06-combined.ts', { PUSHGATEWAY_URL: gateway.url })).toEqual([noDatabase, ...combined]);
    expect(await gateway.metrics()).toMatch(
      /^victor_analytics_turn_end_total\{instance="",job="victor-combined"\} 11$/m,
    );
  });
});
