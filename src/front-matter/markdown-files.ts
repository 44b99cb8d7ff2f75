import { realpathSync } from 'node:fs';
import { fileStamp } from '../config/file-stamp.js';
import { readRegularFile } from '../config/read-regular-file.js';
import { isInside } from '../config/workspace-root.js';
import { type FrontMatter, readFrontMatter } from './read-front-matter.js';

const MAX_BYTES = 256 * 1024;

export type ReadMarkdown =
  | (FrontMatter & { readonly ok: true })
  /** A sentence that begins with the file, and what to do. */
  | { readonly ok: false; readonly problem: string };

/** Where a file may be. */
export interface Within {
  /** Real path of a folder that the file may not lead out of; absent for the user's own. */
  readonly within?: string | undefined;
}

/** Reads files with front matter, each again only when it has changed. */
export class MarkdownFiles {
  readonly #known = new Map<string, { readonly stamp: string; readonly read: ReadMarkdown }>();

  /** `undefined` where there is no such file. */
  async read(file: string, place: Within): Promise<ReadMarkdown | undefined> {
    const stamp = fileStamp(file);
    if (stamp === undefined) return undefined;
    const known = this.#known.get(file);
    if (known?.stamp === stamp) return known.read;
    const read = await readMarkdown(file, place);
    if (read) this.#known.set(file, { stamp, read });
    return read;
  }
}

/** One file with front matter; `undefined` where there is none of this name. */
export async function readMarkdown(file: string, { within }: Within): Promise<ReadMarkdown | undefined> {
  // A folder above it may be the link.
  if (within !== undefined && !isInside(realOf(file) ?? file, within))
    return {
      ok: false,
      problem: `${file}: not read, because it leads out of the workspace. Put the file itself there.`,
    };
  const result = readRegularFile(file, { maxBytes: MAX_BYTES, within });
  if (result.ok) return { ok: true, ...(await readFrontMatter(result.text, file)) };
  if (result.missing) return undefined;
  return { ok: false, problem: `${file}: not read, because it ${result.reason}. ${result.advice}` };
}

function realOf(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}
