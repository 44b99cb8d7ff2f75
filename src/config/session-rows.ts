import type { LoadedConfig } from './load.js';
import type { Origin } from './merge.js';
import { type RuleRow, ruleRows } from './rule-rows.js';
import { type Settings, settings as withDefaults } from './schema.js';
import { type SettingRow, settingRows } from './setting-rows.js';

export interface SessionLayers {
  /** What holds for every session. */
  readonly settings: Settings;
  /** The files it was read from; absent where it came from a program. */
  readonly configuration: LoadedConfig | undefined;
  /** What holds in the session, where a config provider answered for it. */
  readonly session: Settings | undefined;
}

/** The settings that hold in a session, and where each comes from; what may be a secret is masked. */
export function sessionSettingRows({ settings, configuration, session }: SessionLayers): SettingRow[] {
  const origins = configuration?.origins ?? {};
  const held = settingRows({ settings, origins });
  const rows = configuration
    ? held
    : withOrigin('program', held, settingRows({ settings: withDefaults(), origins }));
  return session ? withOrigin('session', settingRows({ settings: session, origins }), rows) : rows;
}

/** The rules that hold in a session, strongest first, and where each comes from. */
export function sessionRuleRows({ settings, configuration, session }: SessionLayers): RuleRow[] {
  const known = new Map((configuration ? ruleRows(configuration) : []).map((row) => [textOf(row), row]));
  const general = new Set(ruleRows({ settings, origins: {} }).map(textOf));
  return ruleRows({ settings: session ?? settings, origins: {} }).map((row) => {
    const added: Origin['layer'] = general.has(textOf(row))
      ? configuration
        ? 'flags'
        : 'program'
      : 'session';
    return known.get(textOf(row)) ?? { ...row, origin: { layer: added } };
  });
}

function textOf({ list, rule }: RuleRow): string {
  return `${list} ${rule}`;
}

/** Rows that differ from what holds below come from this layer. */
function withOrigin(layer: Origin['layer'], rows: readonly SettingRow[], below: readonly SettingRow[]) {
  const known = new Map(below.map((row) => [row.key, row]));
  return rows.map((row): SettingRow => {
    const same = known.get(row.key);
    const isSame = JSON.stringify(same?.value) === JSON.stringify(row.value);
    return same && isSame ? same : { ...row, origin: { layer } };
  });
}
