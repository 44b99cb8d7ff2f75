import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { type Picture, readPng } from './png.js';

export interface Chromium {
  /** Opens a file, with scripts of the page switched off, and draws all of it. */
  open(file: string, look: { readonly scheme: 'light' | 'dark'; readonly width: number }): Promise<DrawnPage>;
  stop(): Promise<void>;
}

export interface DrawnPage {
  readonly picture: Picture;
  /** Addresses that the page made the browser ask for, its own among them. */
  readonly requests: readonly string[];
  /** What the browser complained about. */
  readonly complaints: readonly string[];
  /** The value of an expression in the page; CSS pixels are those of the picture. */
  evaluate<T>(expression: string): Promise<T>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  // biome-ignore lint/suspicious/noExplicitAny: the protocol has a type for each of hundreds of events.
  readonly params?: any;
}

const howToGetIt = 'Chromium is not installed: run `apt-get install chromium`.';
const program = findProgram();
/** Vitest gives the tests an empty `CI`, so its configuration passes the real one on. */
const required = process.env.SERVICES_REQUIRED === 'true';

/** For `describe.skipIf(!chromiumAvailable)`. In CI it is always true, so that a missing browser fails there. */
export const chromiumAvailable: boolean = program !== undefined || required;
if (!chromiumAvailable) console.warn(`Skipped: ${howToGetIt}`);

/** A real browser without a window, driven through its own pipe: nothing listens anywhere. */
export async function startChromium(): Promise<Chromium> {
  if (program === undefined) throw new Error(howToGetIt);
  const profile = mkdtempSync(join(tmpdir(), 'victor-chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const quiet = ['--hide-scrollbars', '--disable-background-networking', '--disable-component-update'];
  const browser = spawn(
    program,
    [...flags, ...quiet, '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
    // A group of its own: its helpers go on writing to the profile when only the first process is killed.
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const closed = once(browser, 'close');
  const talk = conversation(browser);
  return {
    open: (file, look) => open(talk, file, look),
    async stop() {
      if (browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
      await closed;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function findProgram(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'];
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}

type Conversation = ReturnType<typeof conversation>;

/** Requests and events as JSON, each ended by a NUL. */
function conversation(browser: ChildProcess) {
  const input = browser.stdio[3] as Writable;
  const output = browser.stdio[4] as Readable;
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Set<(message: Message) => void>();
  let next = 0;
  let rest = '';
  input.on('error', () => {});
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id === undefined) for (const listener of listeners) listener(message);
      else waiting.get(message.id)?.(message);
    }
  });
  browser.once('close', () => {
    const message = { error: { message: 'the browser has ended' } };
    for (const answer of waiting.values()) answer(message);
  });
  return {
    listen: (listener: (message: Message) => void) => listeners.add(listener),
    ask<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
      const id = ++next;
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ result, error }) => {
          waiting.delete(id);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result as T);
        });
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
      });
    },
  };
}

async function open(
  { ask, listen }: Conversation,
  file: string,
  { scheme, width }: { scheme: string; width: number },
): Promise<DrawnPage> {
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', {
    targetId,
    flatten: true,
  });
  const tell = <T>(method: string, params: object = {}) => ask<T>(method, params, sessionId);
  const requests: string[] = [];
  const complaints: string[] = [];
  let loaded: () => void = () => {};
  const whenLoaded = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  listen(({ method, params, sessionId: from }) => {
    if (from !== sessionId) return;
    if (method === 'Network.requestWillBeSent') requests.push(params.request.url);
    if (method === 'Log.entryAdded') complaints.push(params.entry.text);
    if (method === 'Page.loadEventFired') loaded();
  });
  for (const domain of ['Page', 'Network', 'Log']) await tell(`${domain}.enable`);
  await tell('Emulation.setScriptExecutionDisabled', { value: true });
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await tell('Emulation.setEmulatedMedia', { features });
  const metrics = { width, height: 800, deviceScaleFactor: 1, mobile: false };
  await tell('Emulation.setDeviceMetricsOverride', metrics);
  await tell('Page.navigate', { url: pathToFileURL(file).href });
  await whenLoaded;
  const evaluate = async <T>(expression: string): Promise<T> => {
    const answer = await tell<{ result: { value: T }; exceptionDetails?: { text: string } }>(
      'Runtime.evaluate',
      { expression, returnByValue: true },
    );
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.text);
    return answer.result.value;
  };
  const height = Math.ceil(await evaluate<number>('document.documentElement.getBoundingClientRect().height'));
  await tell('Emulation.setDeviceMetricsOverride', { ...metrics, height });
  const { data } = await tell<{ data: string }>('Page.captureScreenshot', { format: 'png' });
  return { picture: readPng(Buffer.from(data, 'base64')), requests, complaints, evaluate };
}
