import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { makeWorkspace } from '../helpers/workspace.js';

interface Check {
  readonly name: string;
  readonly status: 'ok' | 'info' | 'failed';
  readonly detail: string;
}

/** `victor doctor --json` with these files as the settings of the user. */
async function doctor(
  files: Readonly<Record<string, string>> = {},
  options: { readonly env?: Readonly<Record<string, string>>; readonly home?: string } = {},
) {
  const home = options.home ?? (await makeWorkspace(files));
  const env = { VICTOR_HOME: home, ...options.env };
  const { code, stdout, stderr } = await runVictor(['doctor', '--json'], { env });
  expect(stderr).toBe('');
  const checks = JSON.parse(stdout) as Check[];
  expect(code).toBe(checks.some(({ status }) => status === 'failed') ? 1 : 0);
  const failed = checks.filter(({ status }) => status === 'failed');
  const of = (name: string) => checks.filter((check) => check.name === name);
  return { checks, failed, of, home };
}

/** Every coordinator was looked at, whatever else is broken. */
const coordinators = (checks: readonly Check[]) =>
  checks.filter(({ name, status }) => name.endsWith(' coordinator') && status === 'ok');

/** A port that takes connections, or one that nobody listens on. */
async function port(listens: boolean): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const server: Server = createServer((socket) => {
    socket.on('data', (chunk) => received.push(chunk)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  const close = () => new Promise((resolve) => server.close(resolve));
  if (listens) onTestFinished(async () => void (await close()));
  else await close();
  return { port: address.port, received };
}

describe('victor doctor', () => {
  it('is content with a sound installation', async () => {
    const { failed, of, checks, home } = await doctor();
    expect(failed).toEqual([]);
    expect(coordinators(checks)).toHaveLength(15);
    expect(of('native module')).toMatchObject([
      { status: 'ok', detail: expect.stringMatching(/SQLite 3\.\d+/) },
    ]);
    expect(of('database')).toMatchObject([
      { status: 'ok', detail: `${home}/victor.db, intact and writable` },
    ]);
    expect(of('bash')[0]?.detail).toMatch(/\/bash$/);
    expect(of('git')[0]?.detail).toMatch(/\/git$/);
    expect(of('ripgrep')[0]?.detail).toMatch(/\/rg$/);
    expect(of('terminal')).toMatchObject([
      { status: 'info', detail: expect.stringMatching(/no terminal.*UTF-8/) },
    ]);
    expect(of('contributor base')).toMatchObject([{ status: 'ok' }]);
  });

  it('makes a folder that others could open private, and has nothing to say of it the next time', async () => {
    const home = await makeWorkspace({});
    chmodSync(home, 0o755);
    const first = await doctor({}, { home });
    expect(first.failed).toEqual([]);
    expect(first.of('database')).toMatchObject([
      { status: 'info', detail: expect.stringContaining(`could open ${home}; victor has made it private`) },
      { status: 'ok' },
    ]);
    expect((await doctor({}, { home })).of('database')).toMatchObject([{ status: 'ok' }]);
  });

  it('prints a line for each, broken or not', async () => {
    const home = await makeWorkspace({ 'config.yaml': 'contributors: [base, ./gone.js]' });
    const { code, stdout } = await runVictor(['doctor'], { env: { VICTOR_HOME: home } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +installation: victor /m);
    expect(stdout).toMatch(/^failed contributor .*gone\.js: .*config\.yaml:1: .*there is no file/m);
  });

  it('names each layer of settings', async () => {
    const { of, home } = await doctor(
      { 'config.yaml': 'maxTurns: 3' },
      { env: { VICTOR_COMPACTION: 'none' } },
    );
    expect(of('configuration').map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^valid; .* not trusted$/),
      `user settings: ${home}/config.yaml`,
      'environment settings: VICTOR_COMPACTION',
    ]);
  });

  it('settings that are wrong are named one by one, and the rest is looked at all the same', async () => {
    const { failed, checks } = await doctor({ 'config.yaml': 'maxTurn: 3\nmodle: x' });
    expect(failed).toMatchObject([
      {
        name: 'configuration',
        detail: expect.stringMatching(/config\.yaml:1: unknown key maxTurn\. Did you mean/),
      },
      {
        name: 'configuration',
        detail: expect.stringMatching(/config\.yaml:2: unknown key modle\. Did you mean/),
      },
    ]);
    expect(coordinators(checks)).toHaveLength(15);
  });

  it('a name that does not exist is named with the nearest, and the rest is looked at all the same', async () => {
    const { failed, checks } = await doctor({ 'config.yaml': 'exporters: [consle]' });
    expect(failed).toMatchObject([
      {
        name: 'settings',
        detail: expect.stringMatching(/config\.yaml:1: .*"consle"\. Did you mean console\?/),
      },
    ]);
    expect(coordinators(checks)).toHaveLength(15);
  });

  it('extensions that throw, hang or are missing are each named; the others and the coordinators stand', async () => {
    const { failed, checks, of } = await doctor({
      'config.yaml': `contributors: [base, ./throws.mjs, ./hangs.mjs, ./refuses.mjs, ./gone.mjs]`,
      'throws.mjs':
        'export const create = () => ({ getContribution() { throw new Error("out of rules"); } });',
      'hangs.mjs': 'export const create = () => ({ getContribution: () => new Promise(() => {}) });',
      'refuses.mjs': 'export const create = () => { throw new Error("no licence"); };',
    });
    expect(failed.map(({ name, detail }) => [name.replace(/ .*\//, ' '), detail])).toEqual([
      ['contributor throws.mjs', 'out of rules'],
      ['contributor hangs.mjs', expect.stringMatching(/^no answer within \d+ ms$/)],
      ['contributor refuses.mjs', expect.stringMatching(/no licence.*Instead: the prompt without it/)],
      ['contributor gone.mjs', expect.stringMatching(/there is no file .*Instead: the prompt without it/)],
    ]);
    expect(of('contributor base')).toMatchObject([{ status: 'ok' }]);
    expect(coordinators(checks)).toHaveLength(15);
  });

  it('says whether the server of the provider can be connected to, and sends no key there', async () => {
    const open = await port(true);
    const closed = await port(false);
    const env = { OPENAI_API_KEY: 'sk-secret' };
    const settings = (number: number) => ({
      'config.yaml': `provider: openai\nbaseURL: http://127.0.0.1:${number}/v1`,
    });
    const reached = await doctor(settings(open.port), { env });
    expect(reached.of('provider openai')).toMatchObject([
      { status: 'ok', detail: `127.0.0.1:${open.port} can be reached; nothing was sent` },
    ]);
    expect(Buffer.concat(open.received).toString()).toBe('');
    const missed = await doctor(settings(closed.port), { env });
    expect(missed.failed).toMatchObject([
      {
        name: 'provider openai',
        detail: expect.stringMatching(/127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED/),
      },
    ]);
    expect(coordinators(missed.checks)).toHaveLength(15);
  });

  it('says where no model is set up how to get one, and of a server that does not run what to do', async () => {
    const none = await doctor({}, { home: await makeWorkspace() });
    expect(none.checks.find(({ name }) => name === 'model')?.detail).toContain(
      'none is set up: set ANTHROPIC',
    );
    const settings = {
      'config.json': JSON.stringify({ provider: 'ollama', baseURL: 'http://127.0.0.1:9/v1' }),
    };
    const gone = await doctor({}, { home: await makeWorkspace(settings) });
    expect(gone.checks.find(({ name }) => name === 'model')).toBeUndefined();
    const [server] = gone.failed.filter(({ name }) => name === 'provider ollama');
    expect(server?.detail).toMatch(
      /^127\.0\.0\.1:9 cannot be reached: ECONNREFUSED\. Start the model server/,
    );
  });

  it('names programs that are missing: bash breaks a tool, git does not', async () => {
    const folder = temporaryDirectory();
    symlinkSync(process.execPath, join(folder, 'node'));
    const { failed, of } = await doctor({}, { env: { PATH: folder } });
    expect(failed).toMatchObject([{ name: 'bash', detail: expect.stringMatching(/not found/) }]);
    expect(of('git')).toMatchObject([
      { status: 'info', detail: expect.stringMatching(/not found; Victor works/) },
    ]);
  });

  it('names a database that is no database, which is kept aside', async () => {
    const { failed, home, checks } = await doctor({ 'victor.db': 'x'.repeat(5_000) });
    expect(failed).toMatchObject([
      { name: 'database', detail: expect.stringMatching(/damaged\. It is kept as/) },
    ]);
    const aside = readdirSync(home).find((name) => name.startsWith('victor.db.corrupt-'));
    expect(readFileSync(join(home, aside!), 'utf8')).toBe('x'.repeat(5_000));
    expect(coordinators(checks)).toHaveLength(15);
  });

  it('names a database that cannot be made, and looks at the rest in memory', async () => {
    const home = join(await makeWorkspace({ file: '' }), 'file');
    const { failed, checks } = await doctor({}, { home });
    expect(failed.some(({ detail }) => /VICTOR_HOME/.test(detail))).toBe(true);
    expect(coordinators(checks)).toHaveLength(15);
  });

  it('names a database of another program, and looks at the rest in memory', async () => {
    const home = await makeWorkspace();
    const { default: Sqlite } = await import('better-sqlite3');
    const other = new Sqlite(join(home, 'victor.db'));
    other.exec('PRAGMA application_id = 7; CREATE TABLE theirs (a)');
    other.close();
    chmodSync(join(home, 'victor.db'), 0o600);
    const { failed, checks } = await doctor({}, { home });
    expect(failed).toMatchObject([
      { name: 'database', detail: expect.stringMatching(/victor\.db is the database of another program/) },
    ]);
    expect(coordinators(checks)).toHaveLength(15);
  });

  it('looks at what a project names only where it is trusted, or with --trust', async () => {
    const cwd = temporaryDirectory();
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(cwd, '.victorrc'), 'exporters: [./gone.mjs]');
    const untrusted = await runVictor(['doctor'], { cwd });
    expect(untrusted.code).toBe(0);
    expect(untrusted.stdout).toMatch(/ignored until this folder is trusted: exporters/);
    const trusted = await runVictor(['doctor', '--trust'], { cwd });
    expect(trusted.code).toBe(1);
    expect(trusted.stdout).toMatch(/^failed exporter .*gone\.mjs: .*there is no file/m);
  });
});
