import { originOf } from './changed-settings.js';
import type { Origin } from './merge.js';
import type { Settings } from './schema.js';

/** One rule that holds, and where it comes from. */
export interface RuleRow {
  readonly list: 'deny' | 'ask' | 'allow';
  readonly rule: string;
  readonly origin: Origin;
}

/** Each rule on its own, strongest first. */
export function ruleRows(loaded: {
  readonly settings: Settings;
  readonly origins: Readonly<Record<string, Origin>>;
}): RuleRow[] {
  const { permissions } = loaded.settings;
  return (['deny', 'ask', 'allow'] as const).flatMap((list) =>
    permissions[list].map((rule, index) => ({
      list,
      rule,
      origin: originOf(loaded, `permissions.${list}.${index}`) ?? { layer: 'defaults' },
    })),
  );
}
