import { resolve } from 'node:path';
import { isSecretPath } from '../core/secret-path.js';
import { sessionOutputDirectory } from '../core/session-output-directory.js';
import type { ToolKind } from '../core/tool.js';
import { lies, realPathOf } from './real-path.js';

/** A path that a call touches, as it was named and where it really leads; both absolute. */
export interface Touched {
  readonly named: string;
  readonly real: string;
  readonly inside: boolean;
}

/** The folders that a session works in, as they were when it started, and what of a path lies there. */
export class Workspace {
  /** Read once: what the user chose is where it led then. */
  readonly #realRoots = new Map<string, string>();

  roots(directories: readonly string[]): readonly string[] {
    return directories.map((directory) => {
      let real = this.#realRoots.get(directory);
      if (real === undefined) {
        real = realPathOf(directory);
        this.#realRoots.set(directory, real);
      }
      return real;
    });
  }

  touch(path: string, kind: ToolKind, where: Where): Touched {
    const named = resolve(where.directories[0]!, path);
    const real = realPathOf(named);
    if (this.roots(where.directories).some((root) => lies(real, root))) return { named, real, inside: true };
    // Looked up last, because it rarely exists, and finding that out takes longest.
    const own = kind === 'read' && where.outputDirectory !== undefined;
    const inside =
      own && lies(real, realPathOf(sessionOutputDirectory(where.outputDirectory!, where.sessionId)));
    return { named, real, inside };
  }
}

export interface Where {
  /** The first is where relative paths start. */
  readonly directories: readonly string[];
  readonly outputDirectory?: string | undefined;
  readonly sessionId: string;
}

/** By the name it was given or by where it leads. */
export function isSecret({ named, real }: Touched): boolean {
  return isSecretPath(real) || (named !== real && isSecretPath(named));
}
