/**
 * Loaded before a program (`node --import`): on SIGUSR2 it writes what the process holds that nobody sees from outside into the
 * file that VICTOR_TEST_HELD names. See `held-inside.ts`.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const file = process.env.VICTOR_TEST_HELD;

if (isMainThread && file) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const warnings = [];
  process.on('warning', ({ message }) => warnings.push(message));
  process.on('SIGUSR2', () => {
    const { stdin, stdout, stderr } = process;
    const listeners = {};
    for (const [name, emitter] of Object.entries({ process, stdin, stdout, stderr })) {
      for (const event of emitter.eventNames())
        listeners[`${name} ${String(event)}`] = emitter.listenerCount(event);
    }
    const resources = {};
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
    // Twice: what the first one finalises is garbage only then.
    collect();
    collect();
    const heapKilobytes = getHeapStatistics().used_heap_size / 1_000;
    const residentKilobytes = process.memoryUsage.rss() / 1_000;
    const held = { listeners, resources, heapKilobytes, residentKilobytes, warnings };
    writeFileSync(`${file}.part`, JSON.stringify(held));
    renameSync(`${file}.part`, file);
  });
}
