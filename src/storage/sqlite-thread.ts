import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/**
 * Runs a text in a thread, where a connection of its own may take long: it gets `data` and, as `module`, where SQLite is, and
 * posts its answer. `undefined` where no thread can be had, or it ended without an answer.
 */
export function runInThread<Answer>(
  source: string,
  data: object,
  /** Whether the exit of the process waits for it. */
  { isWaitedFor = false }: { readonly isWaitedFor?: boolean } = {},
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    try {
      const module = createRequire(import.meta.url).resolve('better-sqlite3');
      const worker = new Worker(source, { eval: true, workerData: { ...data, module } });
      if (!isWaitedFor) worker.unref();
      worker.once('message', resolve);
      worker.once('error', () => resolve(undefined));
      worker.once('exit', () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}
