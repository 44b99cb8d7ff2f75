import { type HookDefinition, hookDefinitions } from '../../config/hook-definitions.js';
import type { LoadedConfig } from '../../config/load.js';
import { redact } from '../../core/redact.js';
import { runProgram } from '../../hooks/run-program.js';
import type { Check } from './check.js';

const PATIENCE_MS = 10_000;

/** Whether bash can read each hook that would run here, and which wait for the user's word. None of them is run. */
export async function checkHooks(config: LoadedConfig, cwd: string): Promise<readonly Check[]> {
  const waiting = config.unconfirmed
    .filter(({ key }) => key.startsWith('hooks.'))
    .map(({ key, value, file }): Check => {
      const detail = `${file}: ${value}: does not run until \`victor trust\` has shown it and you confirm it`;
      return { name: key, status: 'info', detail };
    });
  const definitions = hookDefinitions(config);
  return [...(await Promise.all(definitions.map((one) => checkHook(one, config, cwd)))), ...waiting];
}

async function checkHook(
  { hook, origin, file, matcher, command, folder = '' }: HookDefinition,
  { environment }: LoadedConfig,
  cwd: string,
): Promise<Check> {
  const { code, problem, stderr } = await runProgram('bash --noprofile --norc -n', {
    cwd: folder || cwd,
    environment: { PATH: environment.PATH ?? '', LC_ALL: 'C' },
    searchPath: environment.PATH,
    input: `${command}\n`,
    timeoutMs: PATIENCE_MS,
    signal: new AbortController().signal,
  });
  const name = `hooks.${hook}`;
  const about = redact(`${origin}, ${file}${matcher ? `, for ${matcher}` : ''}: ${command}`);
  if (code === 0) return { name, status: 'ok', detail: about };
  const why = problem ?? stderr.trim().split('\n', 1)[0];
  return { name, status: 'failed', detail: `${about}: bash cannot read it: ${why}` };
}
