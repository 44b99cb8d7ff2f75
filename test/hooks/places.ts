import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HookName } from '../../src/core/hook.js';
import { type ScriptedModel, scriptedModel } from '../helpers/ask-model.js';
import type { ServerStep } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory, type VictorResult } from '../helpers/run-victor.js';

type Commands = string | readonly string[] | { readonly matcher: string; readonly command: string };
export type HookSettings = Readonly<Partial<Record<HookName, Commands>>>;

/** The setting `hooks`, from one or more command lines an event. */
export function hooks(commands: HookSettings) {
  const entries = Object.entries(commands).map(([name, given]) => {
    const { matcher, command } =
      typeof given === 'object' && 'command' in given ? given : { matcher: undefined, command: given };
    const all = [command].flat().map((one) => ({ type: 'command', command: one, timeout: 100 }));
    return [name, [{ ...(matcher === undefined ? {} : { matcher }), hooks: all }]];
  });
  return Object.fromEntries(entries);
}

export interface Place {
  readonly cwd: string;
  readonly home: string;
  write(files: Readonly<Record<string, string>>): void;
  read(file: string): string;
  run(...args: readonly string[]): Promise<VictorResult>;
  ask(
    steps: readonly ServerStep[],
    args?: readonly string[],
  ): Promise<VictorResult & { readonly model: ScriptedModel }>;
}

/** A folder to work in, and a home whose settings name these hooks. */
export function place(
  commands: HookSettings = {},
  settings: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Place {
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  writeFileSync(join(home, 'config.json'), JSON.stringify({ ...settings, hooks: hooks(commands) }), {
    mode: 0o600,
  });
  const all = { VICTOR_HOME: home, ...env };
  return {
    cwd,
    home,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      }
    },
    read: (file) => readFileSync(join(cwd, file), 'utf8'),
    run: (...args) => runVictor(args, { cwd, env: all }),
    async ask(steps, args = []) {
      const model = await scriptedModel(...steps);
      const result = await model.ask(['go', ...args], { cwd, env: all });
      return { ...result, model };
    },
  };
}

export { calls } from '../helpers/ask-model.js';

/** A command line that prints this as JSON. */
export function says(answer: unknown): string {
  return `cat > /dev/null; printf '%s' '${JSON.stringify(answer).replaceAll("'", "'\\''")}'`;
}

/** What a `PreToolUse` hook says of a call. */
export function verdict(permissionDecision: 'allow' | 'ask' | 'deny', permissionDecisionReason: string) {
  return says({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision, permissionDecisionReason },
  });
}
