import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInOptions } from '../src/cli/config/built-in-options.js';
import { builtInCompactionStrategies } from '../src/compaction/index.js';
import { builtInConfigProviders } from '../src/config-providers/index.js';
import { builtInContributors } from '../src/contributors/index.js';
import { builtInExporters } from '../src/exporters/index.js';
import { builtInSelectionStrategies } from '../src/selection/index.js';

interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: OptionSchema;
  readonly default?: unknown;
}

const page = readFileSync(new URL('../docs/built-ins.md', import.meta.url), 'utf8');
const all = builtInOptions();
const each = Object.entries(all).flatMap(([setting, byName]) =>
  Object.entries(byName).map(([name, schema]) => [setting, name, schema] as const),
);

function section(setting: string): string {
  return page.split(/^## /m).find((text) => text.split('\n')[0]!.endsWith(`\`${setting}\``)) ?? '';
}

/** The cells of each row of the table of a built-in. */
function rows(setting: string, name: string): string[][] {
  const own = section(setting)
    .split(/^### /m)
    .find((text) => text.startsWith(`\`${name}\``));
  return [...(own ?? '').matchAll(/^\| (`.*) \|$/gm)].map(([, row]) => row!.split(' | '));
}

function typeOf({ type, enum: values, items }: OptionSchema): string {
  if (values) return values.map((one) => `\`${one}\``).join(', ');
  if (type === 'array') return items?.enum ? `list of ${typeOf(items)}` : 'list';
  const words: Record<string, string> = {
    integer: 'whole number',
    boolean: '`true`, `false`',
    string: 'text',
  };
  return words[type ?? ''] ?? (type === 'object' ? 'names with texts' : (type ?? ''));
}

describe('docs/built-ins.md', () => {
  it('knows every built-in that settings can name, and no other', () => {
    const workspace = { cwd: '/', workspaceRoot: '/', trusted: false };
    expect(
      Object.fromEntries(Object.entries(all).map(([key, byName]) => [key, Object.keys(byName)])),
    ).toEqual({
      configProviders: Object.keys(builtInConfigProviders({})),
      contributors: Object.keys(builtInContributors(workspace)),
      'compaction.strategy': Object.keys(builtInCompactionStrategies),
      'toolSelection.strategy': Object.keys(builtInSelectionStrategies),
      exporters: Object.keys(builtInExporters({})),
    });
    for (const [setting, byName] of Object.entries(all)) {
      const tables = [...section(setting).matchAll(/^### `(.+)`$/gm)].map(([, name]) => name);
      const line = /^Without options: (.*)\.$/m.exec(section(setting))?.[1] ?? '';
      const without = [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      expect([...tables, ...without].sort()).toEqual(Object.keys(byName).sort());
    }
  });

  it.each(each)('%s: the table of %s has each option with its type and default', (setting, name, schema) => {
    const table = rows(setting, name);
    const options = Object.entries(schema.properties ?? {}) as [string, OptionSchema][];
    expect(table.map(([option, type]) => [option, type])).toEqual(
      options.map(([option, own]) => [`\`${option}\``, typeOf(own)]),
    );
    for (const [index, [option, own]] of options.entries()) {
      const [, , fallback, what] = table[index]!;
      if (schema.required?.includes(option)) expect(fallback).toBe('required');
      else if (own.default !== undefined) expect(fallback).toBe(`\`${JSON.stringify(own.default)}\``);
      else expect(fallback).not.toMatch(/^(required|`[[{"].*)$/);
      expect(what).toMatch(/\w/);
    }
  });
});
