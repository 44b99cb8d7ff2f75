import type { LoadedConfig } from '../../config/load.js';
import { withoutSecrets } from '../../config/secret-variables.js';
import { isHijackingVariable } from '../../core/command-variable.js';
import { withheldVariables } from '../../tools/child-environment.js';
import type { Check } from './check.js';

/** Which variables of this shell commands do not see. Names only. */
export function checkCommandEnvironment({ settings, environment }: LoadedConfig): Check {
  const seen = withoutSecrets(environment, settings);
  // What settings take keys from is theirs alone.
  const ours = Object.keys(environment).filter((name) => seen[name] === undefined);
  const withheld = withheldVariables(seen, settings.commandEnvironment);
  const never = [...ours, ...withheld.filter(isHijackingVariable)].sort();
  const others = withheld.filter((name) => !isHijackingVariable(name));
  const details = [
    ...(others.length > 0
      ? [`kept from commands unless your setting commandEnvironment names it: ${others.join(', ')}`]
      : ['commands see what is set here']),
    ...(never.length > 0 ? [`never given to commands: ${never.join(', ')}`] : []),
  ];
  return { name: 'command environment', status: 'info', detail: details.join('; ') };
}
