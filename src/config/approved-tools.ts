import { join } from 'node:path';
import * as z from 'zod';
import type { ToolApprovals, ToolHashes } from '../core/tool-approvals.js';
import type { VictorPaths } from './paths.js';
import { readRegularFile } from './read-regular-file.js';
import { writePrivateFile } from './write-private-file.js';

const MAX_BYTES = 1024 * 1024;
const contentSchema = z.object({ server: z.string(), tools: z.record(z.string(), z.string()) });

/**
 * What the tools of a server were when the user approved it, in a private file outside of every workspace, one for each
 * definition: another command, or other arguments, are another server.
 */
export class ApprovedTools implements ToolApprovals {
  readonly #directory: string;
  readonly #kept: boolean;
  readonly #now = new Map<string, ToolHashes>();

  /** Without `kept` nothing is written: it holds as long as this object. */
  constructor(
    { configDirectory }: Pick<VictorPaths, 'configDirectory'>,
    { kept }: { readonly kept: boolean },
  ) {
    this.#directory = join(configDirectory, 'mcp-tools');
    this.#kept = kept;
  }

  /**
   * `undefined` when this definition never ran. Empty when what was kept of it cannot be read: then every tool has changed,
   * since whoever can damage the file must not get others approved by it.
   */
  of(definitionHash: string): ToolHashes | undefined {
    const now = this.#now.get(definitionHash);
    if (now) return now;
    const read = readRegularFile(this.#fileOf(definitionHash), { maxBytes: MAX_BYTES, ownedByUser: true });
    if (!read.ok) return read.missing ? undefined : {};
    try {
      return contentSchema.parse(JSON.parse(read.text)).tools;
    } catch {
      return {};
    }
  }

  /** Throws `ConfigError` when it cannot be written; it holds for this process all the same. */
  keep(server: string, definitionHash: string, tools: ToolHashes): void {
    this.#now.set(definitionHash, tools);
    if (!this.#kept) return;
    const text = `${JSON.stringify({ server, tools }, undefined, 2)}\n`;
    writePrivateFile(this.#fileOf(definitionHash), text);
  }

  #fileOf(definitionHash: string): string {
    return join(this.#directory, `${definitionHash}.json`);
  }
}
