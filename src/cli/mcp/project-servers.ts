import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { mcpFileName } from '../../config/mcp-file.js';
import { isPlainObject } from '../../config/plain.js';
import { readRegularFile } from '../../config/read-regular-file.js';
import { findWorkspaceRoot } from '../../config/workspace-root.js';
import { writePrivateFile } from '../../config/write-private-file.js';
import { ConfigError } from '../../core/errors.js';
import { workDirectory } from '../work-directory.js';

const MAX_BYTES = 256 * 1024;
const USUAL_MODE = 0o644;

/** What a `.mcp.json` holds; what other agents keep there stays. */
export interface ProjectServers {
  readonly mcpServers: Readonly<Record<string, unknown>>;
}

/** The `.mcp.json` of this workspace, absolute, whether it is there or not. */
export function projectFile(): string {
  return join(findWorkspaceRoot(workDirectory(undefined)), mcpFileName);
}

/** Throws `ConfigError` where it cannot be read. */
export function readServers(file: string): ProjectServers {
  const read = readRegularFile(file, { maxBytes: MAX_BYTES, within: join(file, '..') });
  if (!read.ok && read.missing) return { mcpServers: {} };
  if (!read.ok) throw new ConfigError(`${file} ${read.reason}`, { advice: read.advice, file });
  const content = parsed(read.text);
  const servers = content?.mcpServers ?? {};
  if (content && isPlainObject(servers)) return { ...content, mcpServers: servers };
  throw new ConfigError(`${file} is no JSON with an object mcpServers`, {
    advice: 'Correct it, or remove it.',
    file,
  });
}

export function writeServers(file: string, content: ProjectServers): void {
  const read = readRegularFile(file, { maxBytes: MAX_BYTES });
  writePrivateFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
  chmodSync(file, read.ok ? read.stats.mode & 0o777 : USUAL_MODE);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isPlainObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
