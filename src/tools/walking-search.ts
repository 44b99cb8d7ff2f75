import { Worker } from 'node:worker_threads';
import { compileGlob } from './glob-pattern.js';
import type { SearchEnd, SearchRequest } from './search.js';
import { searchWorkerSource } from './search-worker-source.js';
import { walkFiles } from './walk.js';

const MAX_FILES = 100_000;
const MAX_ENTRIES = 500_000;
const MAX_FILE_BYTES = 16_000_000;
const MAX_LINE_BYTES = 1_000;
const MEMORY_MB = 128;

type Message =
  | { readonly done: true }
  | { readonly index: number }
  | { readonly index: number; readonly line: number; readonly text: Uint8Array; readonly matched: boolean };

/** Searches without ripgrep: a walk here, and the matching in a thread that is ended when the time is up. */
export async function searchByWalking(request: SearchRequest): Promise<SearchEnd> {
  const expression = compile(request);
  if (typeof expression === 'string') return { timedOut: false, failed: true, complaint: expression };
  const limit = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
  const paths = await pathsToSearch(request, limit);
  const { directory } = request.root;
  const folder = Buffer.from(directory === '/' ? directory : `${directory}/`);
  const worker = new Worker(searchWorkerSource, {
    eval: true,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    workerData: {
      paths: paths.map((path) => Buffer.concat([folder, path])),
      expression,
      context: request.context,
      filesOnly: request.filesOnly,
      maxFileBytes: MAX_FILE_BYTES,
      maxLineBytes: MAX_LINE_BYTES,
    },
  });
  const complaint = await collect(worker, request, paths, limit);
  await worker.terminate();
  return { timedOut: limit.aborted && !request.signal.aborted, failed: false, complaint };
}

/** The expression, or what is wrong with it. */
function compile({
  pattern,
  literal,
  ignoreCase,
}: SearchRequest): { source: string; flags: string } | string {
  const source = literal ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
  const flags = ignoreCase ? 'i' : '';
  try {
    new RegExp(source, flags);
    return { source, flags };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function pathsToSearch({ root, glob }: SearchRequest, signal: AbortSignal): Promise<Buffer[]> {
  const wanted = glob === undefined ? undefined : compileGlob(glob);
  if (root.file !== undefined) return [Buffer.from(root.file)];
  const paths: Buffer[] = [];
  for await (const path of walkFiles(root.directory, { signal, maxEntries: MAX_ENTRIES })) {
    if (wanted && !wanted(path.toString())) continue;
    paths.push(path);
    if (paths.length >= MAX_FILES) break;
  }
  return paths;
}

/** Settles at the end of the search, when the result is full, or when the limit ends it. */
function collect(
  worker: Worker,
  { result }: SearchRequest,
  paths: readonly Buffer[],
  limit: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    const end = () => resolve('');
    if (limit.aborted) end();
    limit.addEventListener('abort', end, { once: true });
    worker.once('error', (error) => resolve(error.message));
    worker.once('exit', end);
    worker.on('message', (message: Message) => {
      if ('done' in message) return end();
      const path = paths[message.index] as Buffer;
      const more =
        'line' in message
          ? result.addLine({ ...message, path, text: Buffer.from(message.text) })
          : result.addFile(path);
      if (!more) end();
    });
  });
}
