import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdSecrets } from '../../src/core/held-secrets.js';
import { redact } from '../../src/core/redact.js';
import { createSecretFilter } from '../../src/core/secret-filter.js';
import { startSink } from '../exporters/sink.js';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
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

describe('K01 K02 K04 K07 forty canary keys through whole sessions', () => {
  it('are in no sink: files, database, exporters, requests, output, exports, after an error and a crash', async () => {
    expect(new Set(canaries).size).toBe(40);
    const home = temporaryDirectory();
    const cwd = temporaryDirectory();
    const outlets = join(cwd, 'outlets');
    mkdirSync(outlets);
    const hook = await startSink();
    const collector = await startSink(() => ({ body: '{}' }));
    const echo = { type: 'error', error: { type: 'authentication_error', message: '' } };
    const every = canaries.flatMap(formsOf).join('\n');
    writeFileSync(join(cwd, 'deploy.log'), every);
    writeFileSync(
      join(cwd, 'broken-contributor.mjs'),
      `export function create() { return { name: 'broken', priority: 5, getContribution() { throw new Error(Object.values(process.env).join(' ')); } }; }`,
    );
    const exporters = [
      ['file', { path: 'outlets/a.jsonl' }],
      ['file', { path: 'outlets/a.csv', format: 'csv' }],
      ['sqlite', { path: 'outlets/a.db' }],
      [
        'webhook',
        {
          url: `${hook.url}/in`,
          headers: { 'x-hook': `$${'{HEADER_VALUE}'}` },
          secretVariable: 'SIGNING_VALUE',
        },
      ],
      ['otlp', { endpoint: collector.url }],
      'console',
    ];
    const settings = { exporters, contributors: ['./broken-contributor.mjs'] };
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify(settings));
    const keyFile = join(temporaryDirectory(), 'key');
    writeFileSync(keyFile, fileKey, { mode: 0o600 });
    writeFileSync(join(home, 'config.json'), JSON.stringify({ apiKeyFile: keyFile }), { mode: 0o600 });

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
    const env = { ...environment, ...addresses, ANTHROPIC_BASE_URL: server.url, VICTOR_HOME: home };
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
    const requests = [...sent, ...hook.requests, ...collector.requests].map(({ headers, body }) =>
      JSON.stringify([Object.entries(headers).filter(([name]) => !own.has(name)), body]),
    );
    const files = [...filesBelow(home), ...filesBelow(outlets)];
    const sinks: [string, string][] = [
      ...files.map((file): [string, string] => [file, readFileSync(file, 'latin1')]),
      ...requests.map((text, index): [string, string] => [`request ${index}`, text]),
      ...outputs.map((text, index): [string, string] => [`output ${index}`, text]),
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
    expect(found.slice(0, 40)).toEqual([]);
    expect(requests.length).toBeGreaterThan(20);
    expect(hook.requests.length).toBeGreaterThan(0);
    expect(collector.requests.length).toBeGreaterThan(0);
    expect(outputs.join('')).toContain('[redacted]');
    expect(outputs.join('')).toMatch(/contributor .*broken.* failed: .*\[redacted\]/);
    // K05: nobody else reads any of it.
    for (const file of files.filter((one) => one.startsWith(home)))
      expect(statSync(file).mode & 0o077, file).toBe(0);
    expect(statSync(home).mode & 0o077).toBe(0);
  }, 60_000);

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
  });
});
