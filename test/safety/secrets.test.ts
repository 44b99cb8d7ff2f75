import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdSecrets, withoutHeldSecrets } from '../../src/core/held-secrets.js';
import { redact } from '../../src/core/redact.js';
import { createSecretFilter } from '../../src/core/secret-filter.js';
import { startSink } from '../exporters/sink.js';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { type PostgresServer, postgresAvailable, startPostgres } from '../helpers/postgres.js';
import { recordCount } from '../helpers/record-count.js';
import { finish, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';

/** Forty keys of the shapes that the field knows, the same in every run. */
const letters = (name: string, length: number) =>
  createHash('sha512').update(`canary ${name}`).digest('hex').slice(0, length);
const shapes: Readonly<Record<string, (body: string) => string>> = {
  ANTHROPIC_API_KEY: (body) => `sk-ant-api03-${body}`,
  OPENAI_API_KEY: (body) => `sk-proj-${body}`,
  GITHUB_TOKEN: (body) => `ghp_${body.slice(0, 36)}`,
  GITLAB_TOKEN: (body) => `glpat-${body.slice(0, 20)}`,
  SLACK_BOT_TOKEN: (body) => `xoxb-${body}`,
  AWS_ACCESS_KEY_ID: (body) => `AKIA${body.slice(0, 16).toUpperCase()}`,
  GOOGLE_API_KEY: (body) => `AIza${body.slice(0, 35)}`,
  SESSION_TOKEN: (body) => `eyJ${body.slice(0, 20)}.eyJ${body.slice(0, 30)}.${body.slice(0, 43)}`,
  TEAM_PASSWORD: (body) => `p+ss/w%rd&=${body.slice(0, 12)}`,
};
const plainNames = [
  ...['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'NPM_TOKEN', 'STRIPE_SECRET_KEY', 'GROQ_API_KEY'],
  ...['MISTRAL_API_KEY', 'DEEPSEEK_API_KEY', 'OPENROUTER_API_KEY', 'TOGETHER_API_KEY', 'XAI_API_KEY'],
  ...['HF_TOKEN', 'VAULT_TOKEN', 'CI_JOB_TOKEN', 'TWILIO_AUTH_TOKEN', 'SENTRY_AUTH_TOKEN', 'DB_PASSWORD'],
  ...[
    'MYSQL_PASSWD',
    'SSH_PASSPHRASE',
    'AZURE_CLIENT_SECRET',
    'JWT_SECRET',
    'COOKIE_SECRET',
    'APP_PRIVATE_KEY',
  ],
  ...['GOOGLE_CREDENTIAL', 'WEBHOOK_SECRET', 'HOOK_SIGNATURE_KEY_VALUE', 'HEADER_VALUE', 'SIGNING_VALUE'],
];
const environment: Record<string, string> = Object.fromEntries([
  ...Object.entries(shapes).map(([name, shape]) => [name, shape(letters(name, 48))]),
  ...plainNames.map((name) => [name, letters(name, 40)]),
]);
const passwords = ['DATABASE_URL', 'REDIS_URL', 'MONGO_URL'].map((name) => letters(name, 24));
const fileKey = `sk-ant-file-${letters('file', 40)}`;
const canaries = [...Object.values(environment), ...passwords, fileKey];
const addresses = Object.fromEntries(
  ['DATABASE_URL', 'REDIS_URL', 'MONGO_URL'].map((name, index) => [
    name,
    `db://user:${passwords[index]}@127.0.0.1/x`,
  ]),
);

/** Every file below a folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
}

function formsOf(canary: string): string[] {
  return [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64').replace(/=+$/, '')];
}

let postgres: PostgresServer | undefined;
beforeAll(async () => {
  if (postgresAvailable) postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

/** Everything in the table that the exporter made. */
async function rowsOf(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('SELECT * FROM analytics_events');
  await client.end();
  return JSON.stringify(rows);
}

describe('K01 K02 K04 K05 K07 forty canary keys through whole sessions', () => {
  it('are in no sink: files, database, every exporter, requests, output, exports, after an error, an exception and a crash', async () => {
    expect(new Set(canaries).size).toBe(40);
    const home = temporaryDirectory();
    const cwd = temporaryDirectory();
    const outlets = join(cwd, 'outlets');
    mkdirSync(outlets);
    const hook = await startSink();
    const collector = await startSink(() => ({ body: '{}' }));
    const gateway = await startSink();
    const echo = { type: 'error', error: { type: 'authentication_error', message: '' } };
    const every = canaries.flatMap(formsOf).join('\n');
    writeFileSync(join(cwd, 'deploy.log'), every);
    writeFileSync(
      join(cwd, 'broken-contributor.mjs'),
      `export function create() { return { name: 'broken', priority: 5, getContribution() { throw new Error(Object.values(process.env).join(' ')); } }; }`,
    );
    const exporters = [
      ['file', { path: join(cwd, 'outlets/a.jsonl') }],
      ['file', { path: join(cwd, 'outlets/a.csv'), format: 'csv' }],
      ['sqlite', { path: join(cwd, 'outlets/a.db') }],
      [
        'webhook',
        {
          url: `${hook.url}/in`,
          headers: { 'x-hook': `$${'{HEADER_VALUE}'}` },
          secretVariable: 'SIGNING_VALUE',
        },
      ],
      ['otlp', { endpoint: collector.url }],
      ['prometheus-pushgateway', { url: gateway.url }],
      ...(postgres ? [['postgres', { connectionStringVariable: 'EVENTS_DATABASE' }]] : []),
      'console',
    ];
    const settings = { contributors: ['./broken-contributor.mjs'] };
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify(settings));
    const keyFile = join(temporaryDirectory(), 'key');
    writeFileSync(keyFile, fileKey, { mode: 0o600 });
    // A webhook on this machine is for the user's own settings.
    writeFileSync(join(home, 'config.json'), JSON.stringify({ apiKeyFile: keyFile, exporters }), {
      mode: 0o600,
    });

    const steps: ServerStep[] = [
      {
        toolCalls: [
          { name: 'Read', input: { path: 'deploy.log' } },
          { name: 'Grep', input: { pattern: '.', path: 'deploy.log' } },
        ],
      },
      {
        toolCalls: [
          { name: 'Bash', input: { command: 'env' } },
          { name: 'Bash', input: { command: 'for i in $(seq 40); do cat deploy.log; done' } },
          { name: 'Bash', input: { command: 'cat deploy.log >&2; exit 3' } },
        ],
      },
      {
        toolCalls: [
          { name: 'Bash', input: { command: `cat /proc/$PPID/environ | tr '\\0' '\\n'` } },
          { name: 'Read', input: { path: keyFile } },
        ],
      },
      { text: 'Done.' },
    ];
    let next = 0;
    let stall = false;
    const server = await startModelServer((_body, request) => {
      if (stall) return { text: 'half an ans', stallAfterBytes: 200 };
      const step = steps[next++ % (steps.length + 1)];
      if (step) return step;
      const words = `bad key ${request.headers['x-api-key']} ${request.headers.authorization} ${every}`;
      return {
        status: 401,
        body: { ...echo, error: { ...echo.error, message: words } },
        headers: { 'x-request-id': fileKey },
      };
    });
    const env = {
      ...environment,
      ...addresses,
      ANTHROPIC_BASE_URL: server.url,
      VICTOR_HOME: home,
      EVENTS_DATABASE: postgres?.connectionString ?? '',
    };
    const run = (args: readonly string[]) => runVictor(args, { cwd, env });
    const yolo = ['--trust', '--permission-mode', 'yolo'];
    const outputs: string[] = [];
    for (const more of [['--debug'], ['--json'], ['--output-format', 'stream-json', '--debug'], []]) {
      // A whole turn, then one that the server refuses with everything it heard.
      for (const prompt of ['look', 'again']) {
        const { stdout, stderr } = await run([
          'ask',
          prompt,
          '--session-id',
          `s${more.length}${more[0] ?? ''}`,
          ...yolo,
          ...more,
        ]);
        outputs.push(stdout, stderr);
      }
    }
    // A crash of Victor itself tells where it comes from.
    const crashing = `export function create() { return { name: 'crash', getContribution() { setTimeout(() => { throw Object.assign(new Error(Object.values(process.env).join(' ')), { env: process.env }); }); return new Promise(() => {}); } }; }`;
    writeFileSync(join(cwd, 'crash.mjs'), crashing);
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ ...settings, contributors: ['./crash.mjs'] }));
    const thrown = await run(['ask', 'throw', '--session-id', 'thrown', ...yolo, '--debug']);
    expect(thrown.stderr).toMatch(/unexpected error: [\s\S]*\[redacted\]/);
    outputs.push(thrown.stdout, thrown.stderr);
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify(settings));
    stall = true;
    const crashed = startVictor(['ask', 'and crash', '--session-id', 'crash', ...yolo, '--debug'], {
      cwd,
      env,
    });
    const ended = finish(crashed);
    await server.arrival(server.requests.length + 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    crashed.kill('SIGKILL');
    const last = await ended;
    outputs.push(last.stdout, last.stderr);
    for (const args of [
      ['sessions', 'list', '--json'],
      ['sessions', 'show', 's0'],
      ['sessions', 'export', 's0', '--json'],
      ['sessions', 'export', 'crash'],
      ['explain', 's0'],
      ['explain', 's0', '--json'],
      ['explain', 'thrown'],
      ['explain', 'crash', '--json'],
      ['config', 'show', '--origin'],
      ['config', 'show', '--json'],
      ['doctor', '--trust'],
      ['stats', '--json'],
    ]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr, args.join(' ')).not.toBe('');
      outputs.push(stdout, stderr);
    }
    await server.close();

    const own = new Set(['x-api-key', 'authorization', 'x-hook']);
    const sent = [...server.requests, ...server.otherRequests].map(({ headers, rawBody }) => ({
      headers,
      body: rawBody,
    }));
    const requests = [...sent, ...hook.requests, ...collector.requests, ...gateway.requests].map(
      ({ headers, body }) =>
        JSON.stringify([Object.entries(headers).filter(([name]) => !own.has(name)), body]),
    );
    const files = [...filesBelow(home), ...filesBelow(outlets)];
    const sinks: [string, string][] = [
      ...files.map((file): [string, string] => [file, readFileSync(file, 'latin1')]),
      ...requests.map((text, index): [string, string] => [`request ${index}`, text]),
      ...outputs.map((text, index): [string, string] => [`output ${index}`, text]),
      ...(postgres ? [['postgres', await rowsOf(postgres.connectionString)] as [string, string]] : []),
    ];
    const found = sinks.flatMap(([sink, text]) =>
      canaries.flatMap((canary, index) =>
        formsOf(canary).some((form) => text.includes(form)) ? [`${sink}: canary ${index}`] : [],
      ),
    );
    const bytes = sinks.reduce((sum, [, text]) => sum + text.length, 0);
    console.log(
      `${canaries.length} canaries, ${files.length} files, ${requests.length} requests, ${outputs.length} outputs, ${bytes} bytes: found ${found.length} times`,
    );
    recordCount({ row: 'canaries', tried: canaries.length, found: found.length });
    expect(found.slice(0, 40)).toEqual([]);
    if (postgres) expect(sinks.at(-1)![1]).toContain('tool_result');
    expect(readdirSync(outlets).sort().join()).toMatch(/^a\.csv,a\.db.*,a\.jsonl$/);
    expect(gateway.requests.length).toBeGreaterThan(0);
    expect(requests.length).toBeGreaterThan(20);
    expect(hook.requests.length).toBeGreaterThan(0);
    expect(collector.requests.length).toBeGreaterThan(0);
    expect(outputs.join('')).toContain('[redacted]');
    // What was decided names the calls and the failure, and not what was in them.
    expect(outputs.join('')).toMatch(/Instead of broken: [\s\S]*?\[redacted\]/);
    expect(outputs.join('')).toContain('for i in $(seq 40); do cat deploy.log; done');
    expect(outputs.join('')).toMatch(/contributor .*broken.* failed: .*\[redacted\]/);
    // Nobody else reads any of it.
    for (const file of files.filter((one) => one.startsWith(home)))
      expect(statSync(file).mode & 0o077, file).toBe(0);
    expect(statSync(home).mode & 0o077).toBe(0);
  }, 240_000);

  it('K03 a key cut anywhere between two chunks of an output is found, and nothing else is changed', () => {
    const key = letters('cut', 40);
    holdSecrets([key]);
    const output = Buffer.from(
      `before ${key}${key} ${key.slice(0, 20)} after ${encodeURIComponent(key)} ${key.slice(0, 7)}`,
    );
    const clean = `before [redacted][redacted] ${key.slice(0, 20)} after [redacted] ${key.slice(0, 7)}`;
    for (let cut = 0; cut <= output.length; cut += 1) {
      const filter = createSecretFilter()!;
      const parts = [filter.push(output.subarray(0, cut)), filter.push(output.subarray(cut)), filter.end()];
      expect(Buffer.concat(parts).toString()).toBe(clean);
    }
    const filter = createSecretFilter()!;
    const bytes = [...output].map((byte) => filter.push(Buffer.from([byte])));
    expect(Buffer.concat([...bytes, filter.end()]).toString()).toBe(clean);
  });

  it('K03 a key that is wrapped over lines is found, wherever it is wrapped and cut, and nothing else is changed', () => {
    const key = letters('wrapped', 40);
    const pem = `-----BEGIN X-----\n${letters('pem one', 24)}\n${letters('pem two', 24)}\n-----END X-----`;
    holdSecrets([key, pem]);
    const ways = [
      key.replace(/.{10}(?!$)/g, '$&\n'),
      key.replace(/.{7}(?!$)/g, '$&\r\n    '),
      [...key].join('\n'),
      `${key.slice(0, 1)}\n\n\t${key.slice(1)}`,
      Buffer.from(key)
        .toString('base64')
        .replace(/.{19}(?!$)/g, '$&\n'),
      pem,
      pem.replaceAll('\n', '\r\n  '),
      pem.replaceAll('\n', ''),
    ];
    for (const way of ways) {
      const text = `one\n  two ${way}\n\n  three\r\n${key.slice(0, 9)}\n\n`;
      const clean = text.replace(way, () => '[redacted]').replace(/\[redacted\]=+/, '[redacted]');
      const padded = (found: string) => found.replace(/\[redacted\]=+/, '[redacted]');
      expect(padded(withoutHeldSecrets(text)), way).toBe(clean);
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const filter = createSecretFilter()!;
        const parts = [filter.push(bytes.subarray(0, cut)), filter.push(bytes.subarray(cut)), filter.end()];
        expect(padded(Buffer.concat(parts).toString()), `${way} cut at ${cut}`).toBe(clean);
      }
    }
  });

  it('K03 bytes that are no text pass unchanged, with keys held and line ends all over', () => {
    holdSecrets([letters('bytes', 40)]);
    const bytes = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 31 + (index >> 4)) & 255));
    const filter = createSecretFilter()!;
    const parts = Array.from({ length: 64 }, (_, index) =>
      filter.push(bytes.subarray(index * 64, index * 64 + 64)),
    );
    expect(Buffer.concat([...parts, filter.end()]).equals(bytes)).toBe(true);
  });

  it('K01 keys that Victor does not hold are told by their shape', () => {
    const foreign = [
      ...Object.entries(shapes).map(([name, shape]) =>
        name === 'TEAM_PASSWORD' ? '' : shape(letters(`foreign ${name}`, 48)),
      ),
      'postgres://user:hunter2hunter2@db/x',
    ];
    const text = redact(JSON.stringify(foreign));
    expect(JSON.parse(text)).toEqual(
      foreign.map((one) =>
        one === '' ? '' : one.startsWith('postgres') ? 'postgres://[redacted]@db/x' : '[redacted]',
      ),
    );
    const pem = `-----BEGIN RSA PRIVATE KEY-----\n${letters('pem', 64)}\n-----END RSA PRIVATE KEY-----`;
    expect(JSON.parse(redact(JSON.stringify({ pem, after: 'kept' })))).toEqual({
      pem: '[redacted]',
      after: 'kept',
    });
    // One whose end was cut off is the rest of the text; what only speaks of one is left.
    for (const tail of ['', '"', "…'"])
      expect(redact(`a ${pem.slice(0, 60)}${tail}`)).toBe(`a [redacted]${tail}`);
    const spoken = 'It starts with -----BEGIN PRIVATE KEY-----. Then come lines.';
    expect(redact(spoken)).toBe(spoken);
  });
});
