import * as z from 'zod';
import { deepFreeze } from '../core/deep-freeze.js';
import { ConfigError, ExtensionError } from '../core/errors.js';
import type { ConfigProvider } from '../core/extension.js';
import { checkConnection } from '../http/check-connection.js';
import { isLoopback } from '../http/loopback.js';
import { type HttpReply, sendRequest } from '../http/send-request.js';

/** Settings are small; a longer answer is something else. */
const LARGEST_ANSWER = 256 * 1024;
const REMEMBERED_SESSIONS = 1_000;
const redirects: readonly number[] = [301, 302, 303, 307, 308];
const PLACEHOLDER = '{sessionId}';

export const optionsSchema = z
  .strictObject({
    url: z.url({
      protocol: /^https?$/,
      error: 'expected an address that starts with http:// or https://',
    }),
    apiKeyVariable: z.string().min(1).optional(),
    timeoutMs: z.int().min(1).default(3_000),
    maxAgeMs: z.int().min(0).default(0),
    priority: z.number().default(50),
  })
  .superRefine(({ url, apiKeyVariable }, { addIssue }) => {
    if (!URL.canParse(url)) return;
    const refuse = (message: string) => addIssue({ code: 'custom', path: ['url'], message });
    const { protocol, hostname, username, password, origin } = new URL(url);
    if (username !== '' || password !== '')
      refuse('a user name or password does not belong in it; name a variable in apiKeyVariable');
    if (apiKeyVariable !== undefined && protocol === 'http:' && !isLoopback(hostname))
      refuse('the key would be sent unencrypted; use https');
    if (new URL(url.replaceAll(PLACEHOLDER, 'x')).origin !== origin)
      refuse('a session id may not choose the host');
  });

type Config = Readonly<Record<string, unknown>>;

interface Remembered {
  readonly config: Config;
  readonly etag: string | undefined;
  /** `performance.now()` of the last answer. */
  readonly answeredAt: number;
}

/**
 * The settings of a session from a web service: `GET` of the address, in which `{sessionId}` stands for the id; without
 * it, `/config/<id>` is appended. The answer is one JSON object; 404 and 204 let the next provider answer. Answers are
 * asked for again after `maxAgeMs`, with their ETag. `getConfig` rejects with a `ConfigError` for a key that is not
 * there, else with an `ExtensionError`; neither shows the key, the path or the query.
 */
export function createHttpConfigProvider(options: unknown, environment: NodeJS.ProcessEnv): ConfigProvider {
  const { url, apiKeyVariable, timeoutMs, maxAgeMs, priority } = optionsSchema.parse(options ?? {});
  const { host } = new URL(url);
  const memory = new Map<string, Remembered>();

  return { name: 'http', priority, getConfig, check: () => checkConnection(url) };

  async function getConfig(sessionId: string): Promise<Config> {
    const known = memory.get(sessionId);
    if (known && performance.now() - known.answeredAt < maxAgeMs) return known.config;
    const reply = await ask(sessionId, known?.etag);
    if (reply.status === 304 && known) return remember(sessionId, known.config, known.etag);
    if (reply.status === 404 || reply.status === 204) return remember(sessionId, {}, undefined);
    if (reply.status !== 200) throw refusal(reply.status);
    return remember(sessionId, objectIn(reply.body), reply.headers.get('etag') ?? undefined);
  }

  async function ask(sessionId: string, etag: string | undefined): Promise<HttpReply> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (apiKeyVariable !== undefined) headers.authorization = `Bearer ${keyIn(environment, apiKeyVariable)}`;
    if (etag !== undefined) headers['if-none-match'] = etag;
    try {
      return await sendRequest({ url: addressOf(url, sessionId), headers, timeoutMs });
    } catch (error) {
      if (error instanceof ExtensionError) throw error;
      throw new ExtensionError(error instanceof Error ? error.message : String(error), {
        advice: 'See that the service runs and can be reached, or give it more timeoutMs.',
        cause: error,
      });
    }
  }

  function remember(sessionId: string, config: Config, etag: string | undefined): Config {
    // What was asked for longest ago goes first.
    memory.delete(sessionId);
    memory.set(sessionId, { config, etag, answeredAt: performance.now() });
    if (memory.size > REMEMBERED_SESSIONS) memory.delete(memory.keys().next().value!);
    return config;
  }

  function refusal(status: number): ExtensionError {
    if (status === 401 || status === 403) {
      const advice =
        apiKeyVariable === undefined
          ? 'Name the variable with its key in apiKeyVariable.'
          : `Check the key in ${apiKeyVariable}.`;
      return new ExtensionError(`${host} refused access with status ${status}`, { advice });
    }
    if (redirects.includes(status)) {
      const advice = 'Give the final address; redirects are not followed.';
      return new ExtensionError(`${host} redirects with status ${status}`, { advice });
    }
    return new ExtensionError(`${host} answered with status ${status}`, {
      advice: 'Look into the log of the service.',
    });
  }

  function objectIn(body: string): Config {
    const problem = (what: string) =>
      new ExtensionError(`${host} answered with ${what}`, {
        advice: 'The service must answer one JSON object with settings.',
      });
    if (Buffer.byteLength(body) > LARGEST_ANSWER) throw problem(`more than ${LARGEST_ANSWER} bytes`);
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      // The parser's own message quotes the body, which may hold anything.
      throw problem('something that is not JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw problem(`${kindOf(value)} instead of an object`);
    }
    return deepFreeze(value as Config);
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'null' : `a ${typeof value}`;
}

function addressOf(url: string, sessionId: string): URL {
  // As a step of a path these two would lead elsewhere, even encoded.
  if (sessionId === '.' || sessionId === '..') {
    throw new ExtensionError(`the session id ${JSON.stringify(sessionId)} cannot be part of an address`, {
      advice: 'Choose another session id.',
    });
  }
  const id = encodeURIComponent(sessionId);
  if (url.includes(PLACEHOLDER)) return new URL(url.replaceAll(PLACEHOLDER, id));
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/config/${id}`;
  return address;
}

function keyIn(environment: NodeJS.ProcessEnv, variable: string): string {
  const key = environment[variable]?.trim() ?? '';
  // A key is one header value.
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigError(`${variable} ${key === '' ? 'is not set' : 'holds more than a key'}`, {
    advice: `Set ${variable} to the key of the service.`,
    key: variable,
  });
}
