import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { holdSecrets } from '../core/held-secrets.js';
import type { ServerLogin, ServerLogins } from '../core/server-logins.js';
import type { VictorPaths } from './paths.js';
import { readRegularFile } from './read-regular-file.js';
import { writePrivateFile } from './write-private-file.js';

const MAX_BYTES = 256 * 1024;
const contentSchema = z.object({
  server: z.string(),
  address: z.string(),
  client: z.record(z.string(), z.unknown()).optional(),
  tokens: z.record(z.string(), z.unknown()).optional(),
});
/** What of it lets somebody in. */
const secretKeys = /token$|secret$/i;

/** Logins in private files outside of every workspace, one each. What is read from them stands in no output and no log. */
export class KeptLogins implements ServerLogins {
  readonly #directory: string;

  constructor({ configDirectory }: Pick<VictorPaths, 'configDirectory'>) {
    this.#directory = join(configDirectory, 'mcp-logins');
  }

  of(server: string, address: string): ServerLogin | undefined {
    const login = read(this.#fileOf(server, address));
    return login?.server === server && login.address === address ? login : undefined;
  }

  keep(login: ServerLogin): void {
    hold(login);
    const text = `${JSON.stringify(login, undefined, 2)}\n`;
    writePrivateFile(this.#fileOf(login.server, login.address), text);
  }

  forget(server: string, address: string): boolean {
    const was = this.of(server, address) !== undefined;
    rmSync(this.#fileOf(server, address), { force: true });
    return was;
  }

  /** Those at every address that a server of this name had. Answers whether there was one. */
  forgetAll(server: string): boolean {
    const files = filesIn(this.#directory).filter((file) => read(file)?.server === server);
    for (const file of files) rmSync(file, { force: true });
    return files.length > 0;
  }

  #fileOf(server: string, address: string): string {
    const hash = createHash('sha256').update(`${server}\n${address}`).digest('hex');
    return join(this.#directory, `${hash}.json`);
  }
}

function read(file: string): ServerLogin | undefined {
  const content = readRegularFile(file, { maxBytes: MAX_BYTES, ownedByUser: true });
  if (!content.ok) return undefined;
  try {
    const login = contentSchema.parse(JSON.parse(content.text));
    hold(login);
    return login;
  } catch {
    return undefined;
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    // Nobody has logged in yet.
    return [];
  }
}

function hold({ client = {}, tokens = {} }: ServerLogin): void {
  for (const [key, value] of [...Object.entries(client), ...Object.entries(tokens)])
    if (typeof value === 'string' && secretKeys.test(key)) holdSecrets([value]);
}
