import { VictorError } from '../core/errors.js';
import type { Confined } from '../tools/confinement.js';

/** A way of this system to confine a process. */
export interface Sandbox {
  readonly name: string;
  /** Whether it works here, found out by running it. */
  probe(): Promise<SandboxState>;
  /** Whether it denies a path by mounting over it, so that something must be there. */
  readonly deniesByMount: boolean;
  /** What runs `argv` within `limits`. */
  wrap(argv: readonly string[], limits: Limits): Pick<Confined, 'argv' | 'texts' | 'byForce'>;
}

export type SandboxState =
  | { readonly status: 'active'; readonly backend: string }
  | { readonly status: 'missing'; readonly reason: string; readonly advice: string }
  | { readonly status: 'off' };

/** What a confined process finds. All paths are absolute and real, and exist. */
export interface Limits {
  readonly cwd: string;
  /** Folders that may be written. */
  readonly writable: readonly string[];
  /** What may be read although it lies in a folder that is hidden. */
  readonly readable: readonly string[];
  /** Folders that look empty; what is written there is gone afterwards. */
  readonly hidden: readonly string[];
  /** Files and folders that hold secrets, inside a folder that can be seen: empty, and read-only. */
  readonly masked: readonly MaskedPath[];
  /** Inside writable folders: can be read, and neither changed, removed nor renamed. */
  readonly readOnly: readonly string[];
  /** Inside writable folders: nothing can be made there. */
  readonly denied: readonly string[];
  /** Inside writable folders: can be changed, but neither removed nor renamed. */
  readonly pinned: readonly string[];
  readonly network: boolean;
}

export interface MaskedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

/** A command must not run, because it could not be confined. */
export class SandboxError extends VictorError {
  constructor(message: string, advice: string) {
    super('sandbox', message, { advice });
  }
}
