import { statSync } from 'node:fs';
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
  /** The folder of the session that it would lie in, were it still the one that was there when the session began. */
  readonly replaced?: string;
}

/** The folders that a session works in, as they were when it started, and what of a path lies there. */
export class Workspace {
  /** Read once: what the user chose is where it led then. */
  readonly #realRoots = new Map<string, string>();
  /** What lay at each root then: a folder that was put in its place since is not what the user chose. */
  readonly #identities = new Map<string, string>();

  roots(directories: readonly string[]): readonly string[] {
    return directories.map((directory) => {
      let real = this.#realRoots.get(directory);
      if (real === undefined) {
        real = realPathOf(directory);
        this.#realRoots.set(directory, real);
        this.#identities.set(real, identityOf(real));
      }
      return real;
    });
  }

  touch(path: string, kind: ToolKind, where: Where): Touched {
    const named = resolve(where.directories[0]!, path);
    const real = realPathOf(named);
    const root = this.roots(where.directories).find((one) => lies(real, one));
    if (root !== undefined) {
      const isStill = identityOf(root) === this.#identities.get(root);
      return isStill ? { named, real, inside: true } : { named, real, inside: false, replaced: root };
    }
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

/** Why a call that touches this asks, though nothing else speaks against it. */
export function whyOutside({ real, replaced }: Touched): string {
  return replaced === undefined
    ? `${real} is outside the workspace.`
    : `${replaced} is no longer the folder that this session began in.`;
}

/** What lies at a path, whatever its name; a number of an inode alone may come again at once. */
function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev} ${stats.ino} ${stats.birthtimeMs}`;
}

/** By the name it was given or by where it leads. */
export function isSecret({ named, real }: Touched): boolean {
  return isSecretPath(real) || (named !== real && isSecretPath(named));
}
