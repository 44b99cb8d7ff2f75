import { basename } from 'node:path';
import type { VictorPaths } from '../config/paths.js';
import type { Settings } from '../config/schema.js';
import type { Confined, Confinement } from '../tools/confinement.js';
import { findProgram } from '../tools/find-program.js';
import { createBubblewrap } from './bubblewrap.js';
import { existing, hiddenPaths, maskedPaths, repositoryElsewhere, toolPaths } from './hidden-paths.js';
import { keepHookFiles } from './hook-files.js';
import { protect } from './protected-paths.js';
import { type Limits, type Sandbox, SandboxError, type SandboxState } from './sandbox.js';
import { createSandboxExec } from './sandbox-exec.js';

export interface CommandSandboxOptions {
  readonly settings: Pick<Settings, 'sandbox' | 'sandboxNetwork' | 'additionalDirectories'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Can be read even where it lies in a hidden folder. */
  readonly workspaceRoot: string;
  readonly paths: Pick<VictorPaths, 'configDirectory' | 'dataDirectory'>;
  readonly platform?: NodeJS.Platform;
  /** Real paths of what hooks of the project run. */
  readonly hookFiles?: readonly string[] | undefined;
  /** Keeps nothing for the next command in the folder of the data. */
  readonly leavesNothing?: true;
}

/** What the probes of this process found, by program: nothing is asked twice. */
const probed = new Map<string, Promise<SandboxState>>();
/** `auto` without a backend is told once a process. */
let toldMissing = false;

/** Decides, by the setting `sandbox`, how the commands of a session are confined. Looks at nothing before the first one. */
export class CommandSandbox implements Confinement {
  readonly #options: CommandSandboxOptions;

  constructor(options: CommandSandboxOptions) {
    this.#options = options;
  }

  async state(): Promise<SandboxState> {
    if (this.#options.settings.sandbox === 'off') return { status: 'off' };
    const backend = this.#backend();
    if (!('probe' in backend)) return backend;
    const key = `${backend.name} ${backend.wrap([], noLimits).argv[0]}`;
    const known = probed.get(key) ?? backend.probe();
    probed.set(key, known);
    return known;
  }

  async confine(argv: readonly [string, ...string[]], readable: readonly string[]): Promise<Confined> {
    const state = await this.state();
    if (state.status !== 'active') return { argv, remarks: this.#unconfined(state), release: () => [] };
    const { settings, environment, cwd, workspaceRoot, paths, hookFiles = [] } = this.#options;
    const writable = existing([cwd, ...settings.additionalDirectories]);
    const root = existing([workspaceRoot]);
    const visible = [...writable, ...root];
    const repositories = [...new Set(visible.flatMap(repositoryElsewhere))];
    const backend = this.#backend() as Sandbox;
    const protections = writable.map((folder) =>
      protect(folder, {
        byMount: backend.deniesByMount,
        dataDirectory: this.#options.leavesNothing ? undefined : paths.dataDirectory,
      }),
    );
    const hooked = keepHookFiles(hookFiles, writable);
    const limits: Limits = {
      cwd: existing([cwd])[0] ?? cwd,
      writable,
      readable: [...toolPaths(environment), ...root, ...repositories, ...existing(readable)],
      hidden: hiddenPaths(environment),
      masked: maskedPaths(environment, [paths.configDirectory, paths.dataDirectory], visible),
      readOnly: [...protections.flatMap((one) => one.readOnly), ...hooked.readOnly],
      denied: protections.flatMap((one) => one.denied),
      pinned: [...protections.flatMap((one) => one.pinned), ...hooked.pinned],
      network: settings.sandboxNetwork,
    };
    return {
      ...backend.wrap(argv, limits),
      remarks: [],
      release: (failed) => [
        ...protections.flatMap((one) => one.release()),
        ...(failed ? [insideOf(settings.sandboxNetwork)] : []),
        ...(failed && argv.some((one) => namesProtected.test(one)) ? [protectedRemark] : []),
        ...(failed
          ? hooked.readOnly.filter((path) => argv.some((one) => one.includes(basename(path))))
          : []
        ).map((path) => `A command cannot change ${path}: a hook that the user confirmed runs it.`),
      ],
    };
  }

  #backend(): Sandbox | Extract<SandboxState, { status: 'missing' }> {
    const { environment, platform = process.platform, cwd } = this.#options;
    if (platform === 'darwin') return createSandboxExec(environment);
    if (platform !== 'linux') {
      return {
        status: 'missing',
        reason: `there is no sandbox for ${platform}`,
        advice: 'Set sandbox to off.',
      };
    }
    const program = findProgram('bwrap', environment.PATH, cwd);
    if (program) return createBubblewrap(program, environment);
    return {
      status: 'missing',
      reason: 'bubblewrap (bwrap) was not found on PATH',
      advice: 'Install the package bubblewrap.',
    };
  }

  #unconfined(state: Exclude<SandboxState, { status: 'active' }>): string[] {
    if (state.status === 'off') return [];
    if (this.#options.settings.sandbox === 'require') {
      throw new SandboxError(
        `The command did not run: sandbox is set to require, and ${state.reason}.`,
        `${state.advice} Or let commands run unconfined with sandbox: auto in the user settings.`,
      );
    }
    if (toldMissing) return [];
    toldMissing = true;
    return [`Commands run without a sandbox: ${state.reason}. ${state.advice}`];
  }
}

const noLimits: Limits = {
  cwd: '/',
  writable: [],
  readable: [],
  hidden: [],
  masked: [],
  readOnly: [],
  denied: [],
  pinned: [],
  network: false,
};

const namesProtected =
  /\.victor|victor\.config|\.agents|\.claude|\.config\/config|\.git\/|git init|git config/i;
const protectedRemark =
  'A command cannot make or change the settings of Victor and of git (.victorrc and the like, .config/config.*, agents and skills, .git/config, hooks), nor a repository where there is none. Write can make a file, after asking the user.';

function insideOf(network: boolean): string {
  const reach = network ? 'the network as usual' : 'no network';
  return `It ran in a sandbox: ${reach}; only the workspace can be written, and /tmp and the home are empty and its own.`;
}
