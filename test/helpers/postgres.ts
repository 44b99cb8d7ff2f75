import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { servicePort } from './service-port.js';

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `postgres://user:password@127.0.0.1:port/database`. */
  readonly connectionString: string;
  /** Ends the server, without waiting for its clients, and removes its data. May be called twice. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 150_000;
const howToGetIt =
  'PostgreSQL is not installed: run `apt-get install postgresql` (its server, not only its client).';

const programs = findPrograms();
/** Vitest gives the tests an empty `CI`, so its configuration passes the real one on. */
const required = process.env.SERVICES_REQUIRED === 'true';

/**
 * For `describe.skipIf(!postgresAvailable)`. In CI it is always true, so that a missing server fails there instead of
 * being skipped.
 */
export const postgresAvailable: boolean = programs !== undefined || required;
if (!postgresAvailable) console.warn(`Skipped: ${howToGetIt}`);

/** A real server of its own, on loopback only, with scram passwords and without fsync. About a second: once a file. */
export async function startPostgres(): Promise<PostgresServer> {
  if (!programs) throw new Error(howToGetIt);
  const directory = await mkdtemp(join(tmpdir(), 'victor-postgres-'));
  const account = unprivileged();
  const [user, password, database, host] = [
    'victor',
    randomBytes(12).toString('hex'),
    'postgres',
    '127.0.0.1',
  ];
  const options: SpawnOptions = { ...account, cwd: directory, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  try {
    const passwordFile = join(directory, 'password');
    await writeFile(passwordFile, password);
    if (account) for (const path of [directory, passwordFile]) chownSync(path, account.uid, account.gid);
    const data = join(directory, 'data');
    await initialise(programs.initdb, ['-D', data, '-U', user, `--pwfile=${passwordFile}`], options);
    const port = await servicePort(host);
    const server = serve(
      programs.postgres,
      ['-D', data, '-k', directory, '-h', host, '-p', `${port}`],
      options,
    );
    await ready(server);
    const connectionString = `postgres://${user}:${password}@${host}:${port}/${database}`;
    return { host, port, user, password, database, connectionString, stop: () => stop(server, directory) };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

function findPrograms(): { initdb: string; postgres: string } | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  const found = folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  return found === undefined
    ? undefined
    : { initdb: join(found, 'initdb'), postgres: join(found, 'postgres') };
}

/** PostgreSQL refuses to run as root; Debian's package makes a user for it. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string, name: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u', 'postgres'), gid: id('-g', 'postgres') };
  } catch {
    return { uid: id('-u', 'nobody'), gid: id('-g', 'nobody') };
  }
}

async function initialise(program: string, given: readonly string[], options: SpawnOptions): Promise<void> {
  const flags = ['--auth=scram-sha-256', '--no-sync', '--no-locale', '--encoding=UTF8', '--no-instructions'];
  const child = spawn(program, [...given, ...flags], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: START_LIMIT_MS,
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${errors}`);
}

/** The shell ends the server, and removes its data, when its own input ends: on `stop`, and when the test process dies. */
function serve(program: string, given: readonly string[], options: SpawnOptions): ChildProcess {
  const tuning = [
    '-F',
    '-c',
    'synchronous_commit=off',
    '-c',
    'shared_buffers=16MB',
    '-c',
    'max_connections=30',
  ];
  const untilInputEnds = '"$@" & read -r _; kill -QUIT $!; wait $!; cd / && rm -rf "$0"';
  const server = spawn('sh', ['-c', untilInputEnds, String(options.cwd), program, ...given, ...tuning], {
    ...options,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // It may be gone already when its input is ended.
  server.stdin?.on('error', () => {});
  return server;
}

async function ready(server: ChildProcess): Promise<void> {
  let log = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`PostgreSQL ${reason}: ${log}`));
      timer = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
      server.once('error', reject);
      server.once('close', () => fail('ended at once'));
      // What it says later is read too, or a full pipe would stop it.
      server.stderr?.on('data', (chunk: Buffer) => {
        log = `${log}${chunk}`.slice(-4_000);
        if (log.includes('ready to accept connections')) resolve();
        else if (log.includes('FATAL')) fail('did not start');
      });
    });
  } catch (error) {
    server.stdin?.end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const closed = once(server, 'close');
    server.stdin?.end();
    await closed;
  }
  await rm(directory, { recursive: true, force: true });
}
