import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Pushgateway {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  /** What Prometheus would scrape, as text. */
  metrics(): Promise<string>;
  /** May be called twice. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 150_000;
const howToGetIt =
  'The Prometheus Pushgateway is not installed: run `apt-get install prometheus-pushgateway`.';

const program = findProgram();
/** Vitest gives the tests an empty `CI`, so its configuration passes the real one on. */
const required = process.env.SERVICES_REQUIRED === 'true';

/**
 * For `describe.skipIf(!pushgatewayAvailable)`. In CI it is always true, so that a missing service fails there instead
 * of being skipped.
 */
export const pushgatewayAvailable: boolean = program !== undefined || required;
if (!pushgatewayAvailable) console.warn(`Skipped: ${howToGetIt}`);

/** A real Pushgateway of its own, on loopback only, that keeps nothing on disk. Well under a second. */
export async function startPushgateway(): Promise<Pushgateway> {
  if (program === undefined) throw new Error(howToGetIt);
  // The shell ends the service when its own input ends: on `stop`, and when the test process dies.
  const untilInputEnds = '"$@" & read -r _; kill -KILL $!';
  const flags = ['--web.listen-address=127.0.0.1:0', '--persistence.file='];
  const service = spawn('sh', ['-c', untilInputEnds, 'sh', program, ...flags], {
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // It may be gone already when its input is ended.
  service.stdin?.on('error', () => {});
  const url = `http://${await listening(service)}`;
  return {
    url,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    stop: () => stop(service),
  };
}

function findProgram(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  // Debian's name, and the one of the project's own archives.
  const names = ['prometheus-pushgateway', 'pushgateway'];
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

/** The host and port that the service chose, once it answers there. */
async function listening(service: ChildProcess): Promise<string> {
  let log = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`the Pushgateway ${reason}: ${log}`));
      timer = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
      service.once('error', reject);
      service.once('close', () => fail('ended at once'));
      // What it says later is read too, or a full pipe would stop it.
      service.stderr?.on('data', (chunk: Buffer) => {
        log = `${log}${chunk}`.slice(-4_000);
        const address = /Listening on" address=(127\.0\.0\.1:\d+)\s/.exec(log)?.[1];
        if (address !== undefined) resolve(address);
      });
    });
  } catch (error) {
    service.stdin?.end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const closed = once(service, 'close');
  service.stdin?.end();
  await closed;
}
