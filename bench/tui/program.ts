import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Pty, startPty } from '../../test/helpers/pty.js';
import { bundleProgram } from '../../test/helpers/pty-program.js';

const root = resolve(import.meta.dirname, '..', '..');

/** What is measured: how it is started, and what its first screen shows. */
export interface Program {
  readonly name: 'victor' | 'reference';
  readonly argv: readonly string[];
  readonly ready: string;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Folders of their own for whatever a run leaves behind, and the two programs as they are shipped. */
export async function openPrograms() {
  const workspace = await mkdtemp(join(tmpdir(), 'victor-bench-tui-'));
  const home = await mkdtemp(join(tmpdir(), 'victor-bench-home-'));
  const bundle = await bundleProgram(join(import.meta.dirname, 'reference.tsx'));
  return {
    workspace,
    victor: {
      name: 'victor',
      argv: [process.execPath, join(root, 'bin', 'victor.js'), 'chat'],
      ready: '❯',
    } satisfies Program,
    reference: (url: string): Program => ({
      name: 'reference',
      argv: [process.execPath, bundle.file, url],
      ready: 'ready',
    }),
    /** Only what a terminal would give it, and where the model is. */
    environment: (url: string): NodeJS.ProcessEnv => ({
      PATH: process.env.PATH,

      HOME: home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      VICTOR_HOME: home,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'test-key',
    }),
    async close() {
      await bundle.remove();
      await Promise.all([workspace, home].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** Starts a program in a terminal of its own, talking to the model server at `url`. */
export function openTerminal(programs: Programs, { argv }: Program, url: string, size: Size): Pty {
  const [command, ...args] = argv;
  return startPty({
    command: command!,
    args,
    cwd: programs.workspace,
    env: programs.environment(url),
    ...size,
  });
}

export type Programs = Awaited<ReturnType<typeof openPrograms>>;
