import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ScriptedModel, scriptedModel } from '../helpers/ask-model.js';
import type { ServerStep } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory, type VictorResult } from '../helpers/run-victor.js';

const require = createRequire(import.meta.url);

/** The program of a reference server on npm. */
export const everything = require.resolve('@modelcontextprotocol/server-everything/dist/index.js');
export const filesystem = require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js');

const hostile = fileURLToPath(new URL('../fixtures/mcp/hostile-server.mjs', import.meta.url));

/** A server that does this one thing wrong. */
export function hostileServer(mode: string, ...args: readonly string[]) {
  return { command: process.execPath, args: [hostile, mode, ...args] };
}

export interface Folder {
  readonly cwd: string;
  readonly home: string;
  write(files: Readonly<Record<string, string>>): void;
  run(...args: readonly string[]): Promise<VictorResult>;
  /** Asks a model that plays these steps. */
  ask(
    steps: readonly ServerStep[],
    args?: readonly string[],
  ): Promise<VictorResult & { readonly model: ScriptedModel }>;
}

/** A folder to work in and a home whose settings name these servers. */
export function folder(
  servers: Readonly<Record<string, unknown>> = {},
  settings: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Folder {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
  };
  // A busy machine may take its time to start a process.
  const patient = { mcpWaitMs: 45_000, ...settings };
  writeFileSync(join(home, 'config.json'), JSON.stringify({ ...patient, mcpServers: servers }), {
    mode: 0o600,
  });
  const all = { VICTOR_HOME: home, ...env };
  return {
    cwd,
    home,
    write,
    run: (...args) => runVictor(args, { cwd, env: all }),
    async ask(steps, args = []) {
      const model = await scriptedModel(...steps);
      const result = await model.ask(['go', ...args], { cwd, env: all });
      return { ...result, model };
    },
  };
}

export { calls } from '../helpers/ask-model.js';

/** The tools that a request offered. */
export function offered(model: ScriptedModel, request = 0): readonly string[] {
  const { tools } = model.server.requests[request]!.body;
  return tools.map(({ name }: { name: string }) => name).filter((name: string) => name.startsWith('mcp__'));
}
