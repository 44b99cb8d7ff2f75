import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInConfigProviders } from '../../src/config-providers/index.js';
import { type PostgresServer, postgresAvailable, startPostgres } from '../helpers/postgres.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('postgres config provider, before it connects', () => {
  it.each([
    [{ connectionString: 'postgres://u:p@h/d' }, 'connectionString'],
    [{ table: 'sessions; DROP TABLE sessions' }, 'expected a table'],
    [{ query: 'SELECT config FROM defaults' }, '$1'],
    [{ table: 't', query: 'SELECT $1' }, 'leave one of the two out'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
  ])('is not made from %j', (options, message) => {
    expect(() => builtInConfigProviders({}).postgres!(options)).toThrow(message);
  });

  it.each([
    [undefined, 'TEAM_DB is not set'],
    ['s3cret-text', 'TEAM_DB is no connection string'],
    ['postgres://user:12/s3cret@127.0.0.1/db', 'TEAM_DB has an @ behind the host'],
    ['postgres://user:s3cret?x@127.0.0.1/db', 'TEAM_DB has an @ behind the host'],
    ['postgres://user:s3cret@127.0.0.1:port/db', 'TEAM_DB is no connection string'],
  ])('refuses %j as a connection string without showing any of it', async (text, message) => {
    const provider = builtInConfigProviders({ TEAM_DB: text }).postgres!({
      connectionStringVariable: 'TEAM_DB',
    });
    const error = await failure(provider.getConfig('s'));
    expect(error).toMatchObject({ code: 'config', key: 'TEAM_DB', message });
    expect(shown(error)).not.toContain('s3cret');
  });

  it.each([
    ['user:s3cret@127.0.0.1:1/db', /^DATABASE_URL: connect ECONNREFUSED 127.0.0.1:1$/, /runs and listens/],
    ['user:s3cret@/db?host=/nowhere', /^DATABASE_URL: connect ENOENT \/nowhere\//, /socket/],
  ])('names the variable and the reason when nobody listens at %s', async (address, message, advice) => {
    const environment = { DATABASE_URL: `postgres://${address}` };
    const error = await failure(builtInConfigProviders(environment).postgres!({}).getConfig('s'));
    expect(error).toMatchObject({
      code: 'extension',
      message: expect.stringMatching(message) as string,
      advice: expect.stringMatching(advice) as string,
    });
    expect(shown(error)).not.toContain('s3cret');
  });
});

describe.skipIf(!postgresAvailable)('postgres config provider', () => {
  let server: PostgresServer;
  let client: Client;
  beforeAll(async () => {
    server = await startPostgres();
    client = new Client({ connectionString: server.connectionString });
    await client.connect();
    await client.query(`
      CREATE TABLE sessions (session_id text PRIMARY KEY, config jsonb);
      INSERT INTO sessions VALUES
        ('red', '{"model": "m-red", "permissions": {"deny": ["Bash"]}}'), ('nothing', NULL), ('list', '[1]');
      CREATE SCHEMA team;
      CREATE TABLE team."Settings" (session_id text, config text);
      INSERT INTO team."Settings" VALUES ('blue', '{"maxTurns": 3}'), ('broken', '{"maxTurns"'), ('two', '{}'), ('two', '{}');
    `);
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  const provider = (options: Record<string, unknown> = {}, url = server.connectionString) =>
    builtInConfigProviders({ DATABASE_URL: url }).postgres!(options);

  it('reads the column config of the row of the session, and answers nothing without a row or for NULL', async () => {
    const postgres = provider();
    expect(await postgres.getConfig('red')).toEqual({ model: 'm-red', permissions: { deny: ['Bash'] } });
    expect(await postgres.getConfig('nobody')).toEqual({});
    expect(await postgres.getConfig('nothing')).toEqual({});
    expect(await postgres.getConfig("red' OR 'a'='a")).toEqual({});
  });

  it('reads JSON that is text, from a table in another schema, and from a query of your own', async () => {
    expect(await provider({ table: 'team.Settings' }).getConfig('blue')).toEqual({ maxTurns: 3 });
    const query = "SELECT jsonb_build_object('model', $1::text || '-model')";
    expect(await provider({ query }).getConfig('any')).toEqual({ model: 'any-model' });
  });

  it('twenty sessions at once share one connection, and each gets its own row', async () => {
    const query = "SELECT jsonb_build_object('model', $1::text, 'maxTurns', pg_backend_pid())";
    const postgres = provider({ query });
    const ids = Array.from({ length: 20 }, (_, index) => `s${index}`);
    const answers = await Promise.all(ids.map((id) => postgres.getConfig(id)));
    expect(answers.map(({ model }) => model)).toEqual(ids);
    expect(new Set(answers.map(({ maxTurns }) => maxTurns)).size).toBe(1);
  });

  it.each([
    [
      'a table that is missing',
      { table: 'missing' },
      'red',
      /relation "missing" does not exist/,
      /Create the table/,
    ],
    [
      'a column that is missing',
      { query: 'SELECT setings FROM sessions WHERE session_id = $1' },
      'red',
      /column "setings"/,
      /columns of the table/,
    ],
    [
      'more than one column',
      { query: 'SELECT * FROM sessions WHERE session_id = $1' },
      'red',
      /2 columns/,
      /one column/,
    ],
    ['more than one row', { table: 'team.Settings' }, 'two', /2 rows answer for one session/, /unique/],
    ['text that is not JSON', { table: 'team.Settings' }, 'broken', /not a JSON object/, /JSON object/],
    ['a list', {}, 'list', /not a JSON object/, /JSON object/],
  ])('%s is a typed error with advice', async (_case, options, id, message, advice) => {
    expect(await failure(provider(options).getConfig(id))).toMatchObject({
      code: 'extension',
      message: expect.stringMatching(message) as string,
      advice: expect.stringMatching(advice) as string,
    });
  });

  it.each([
    ['victor:wrong-s3cret@', '', 'victor'],
    ['wr%40ng-s3cret:wr%40ng-s3cret@', '', '[redacted]'],
    ['wrong-s3cret@', '?password=wrong-s3cret', '[redacted]'],
  ])(
    'a wrong password (%s) is not shown, even where the server quotes it',
    async (login, parameters, user) => {
      const url = `postgres://${login}127.0.0.1:${server.port}/postgres${parameters}`;
      const error = await failure(provider({}, url).getConfig('red'));
      expect(error.message).toBe(`DATABASE_URL: password authentication failed for user "${user}"`);
      expect(shown(error)).not.toMatch(/s3cret|postgres:\/\//);
    },
  );

  it('a slow statement ends on the server after timeoutMs, and the next one is answered', async () => {
    // The model that it answers is the limit that the server knows of.
    const query =
      "SELECT CASE WHEN $1 = 'slow' THEN pg_sleep(30)::text ELSE json_build_object('model', current_setting('statement_timeout'))::text END";
    const postgres = provider({ query, timeoutMs: 1_000 });
    const error = await failure(postgres.getConfig('slow'));
    expect(error.message).toContain('statement timeout');
    // The server answers with the error first and notes that it is idle then; the statement would run for 30 s.
    await expect
      .poll(async () => {
        const { rows } = await client.query(
          "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()",
        );
        return rows;
      })
      .toEqual([]);
    expect(await postgres.getConfig('quick')).toEqual({ model: '1s' });
  });

  it('a connection that breaks while idle is replaced at the next question', async () => {
    const postgres = provider();
    await postgres.getConfig('red');
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victor'",
    );
    // The end of the connection needs a moment to arrive.
    await expect
      .poll(async () => Promise.resolve(postgres.getConfig('red')).catch(() => undefined))
      .toMatchObject({ model: 'm-red' });
  });

  it('its idle connection does not keep a process alive', async () => {
    const program = `import { builtInConfigProviders } from './src/config-providers/index.ts';
      const config = await builtInConfigProviders(process.env).postgres({}).getConfig('red');
      process.stdout.write(JSON.stringify(config.model));
      // The pool itself would close the connection after ten seconds; this is seen only where something keeps the process.
      setTimeout(() => process.stdout.write(' and is still here'), 8_000).unref();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      {
        cwd: root,
        env: { ...process.env, DATABASE_URL: server.connectionString },
      },
    );
    expect(stdout).toBe('"m-red"');
  });
});

async function failure(config: unknown): Promise<Error> {
  const error: unknown = await Promise.resolve(config).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

/** Everything of an error that a log could show. */
function shown(error: Error): string {
  return `${error.stack}${JSON.stringify(error)}`;
}
