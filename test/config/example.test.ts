import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInCompactionStrategies } from '../../src/compaction/index.js';
import { entryName, isPath } from '../../src/config/entries.js';
import { loadConfig } from '../../src/config/load.js';
import { type Entry, type Settings, settingsSchema } from '../../src/config/schema.js';
import { builtInConfigProviders } from '../../src/config-providers/index.js';
import { builtInContributors } from '../../src/contributors/index.js';
import type { ExtensionKind } from '../../src/core/extension.js';
import { builtInExporters } from '../../src/exporters/index.js';
import { type ExtensionOrigin, loadExtension } from '../../src/extensions/registry.js';
import { createProvider } from '../../src/providers/create-provider.js';
import { OfflineProvider } from '../../src/providers/offline.js';
import { builtInSelectionStrategies } from '../../src/selection/index.js';
import { makeWorkspace } from '../helpers/workspace.js';

const text = readFileSync(new URL('../../.victorrc.example', import.meta.url), 'utf8');
const lines = text.split('\n');
/** A setting that is commented out starts right after the #; prose has a space there. */
const isSetting = (line: string) => /^#[a-zA-Z]/.test(line);
const commented = lines.filter(isSetting);
const enable = (chosen: (line: string) => boolean) =>
  lines.map((line) => (isSetting(line) && chosen(line) ? line.slice(1) : line)).join('\n');
const keyOf = (line: string) => /^#?([a-zA-Z]+):/.exec(line)?.[1] ?? '';

async function load(content: string) {
  const home = await makeWorkspace({ 'config.yaml': content });
  return loadConfig({ cwd: await makeWorkspace(), environment: { VICTOR_HOME: home } });
}

interface BuiltIns {
  readonly key: keyof Settings;
  readonly kind: ExtensionKind;
  readonly entries: (settings: Settings) => readonly Entry[];
  readonly builtIns: Readonly<Record<string, (options: never, origin: ExtensionOrigin) => unknown>>;
}

/** The settings that take the name of a built-in, each with the registry that the product looks it up in. */
const registries: readonly BuiltIns[] = [
  {
    key: 'contributors',
    kind: 'contributor',
    entries: ({ contributors }) => contributors,
    builtIns: builtInContributors({ cwd: '/', workspaceRoot: '/', trusted: false }),
  },
  {
    key: 'compaction',
    kind: 'compaction',
    entries: ({ compaction }) => [compaction.strategy],
    builtIns: builtInCompactionStrategies,
  },
  {
    key: 'toolSelection',
    kind: 'tool-selection',
    entries: ({ toolSelection }) => [toolSelection.strategy],
    builtIns: builtInSelectionStrategies,
  },
  {
    key: 'configProviders',
    kind: 'config-provider',
    entries: ({ configProviders }) => configProviders,
    builtIns: builtInConfigProviders({}),
  },
  {
    key: 'exporters',
    kind: 'exporter',
    entries: ({ exporters }) => exporters,
    builtIns: builtInExporters({}),
  },
];

/** The names that the comment above a setting says are built in. */
function namesInComment(key: string): string[] {
  const end = lines.findIndex((line) => keyOf(line) === key);
  const start = lines.findLastIndex((line, index) => index < end && !line.startsWith('# ')) + 1;
  const comment = lines.slice(start, end).join(' ').replaceAll('# ', '');
  const list = /Built in: ([^.;…]+)/.exec(comment)?.[1] ?? '';
  return list.split(/, */).filter((name) => name !== '');
}

/** A key for whoever needs one, because making a provider must fail here only for its name. */
const withKeys = new Proxy({}, { get: (_, name) => (String(name).endsWith('_KEY') ? 'sk-test' : undefined) });
const makeProvider = (name: string) =>
  name === 'offline' ? new OfflineProvider() : createProvider({ name, environment: withKeys });

describe('.victorrc.example', () => {
  it('loads as it is, and says what holds anyway', async () => {
    const { settings, notices } = await load(text);
    const nothing = await load('');
    expect(settings).toEqual(nothing.settings);
    expect(notices).toEqual([]);
  });

  it.each(commented)('loads with this line enabled: %s', async (line) => {
    const { origins, notices } = await load(enable((one) => one === line));
    const fromFile = Object.keys(origins).filter((key) => origins[key]?.layer === 'user');
    expect(fromFile.some((key) => key.split(/[.[]/)[0] === keyOf(line))).toBe(true);
    expect(notices).toEqual([]);
  });

  it('loads with all of them enabled, as settings of the user and of a trusted project', async () => {
    const all = enable(() => true);
    expect((await load(all)).notices).toEqual([]);
    const loaded = await loadConfig({
      cwd: await makeWorkspace({ '.victorrc': all }),
      environment: { VICTOR_HOME: await makeWorkspace() },
      trust: true,
    });
    expect(loaded.settings).toMatchObject({ provider: 'anthropic', maxBudgetUsd: 1.5 });
    expect(loaded.notices).toHaveLength(1);
  });

  it.each(registries)(
    'shows and lists under $key only what is built in, with options it takes',
    async ({ key, kind, entries, builtIns }) => {
      const { settings } = await load(enable(() => true));
      const shown = entries(settings).filter((entry) => !isPath(entryName(entry)));
      expect(shown).not.toEqual([]);
      const baseDirectory = await makeWorkspace();
      for (const entry of shown) {
        await expect(loadExtension({ kind, entry, builtIns, baseDirectory })).resolves.toBeTypeOf('object');
      }
      const listed = namesInComment(key);
      expect(listed).toEqual(expect.arrayContaining(shown.map(entryName)));
      expect(Object.keys(builtIns)).toEqual(expect.arrayContaining(listed));
    },
  );

  it('shows and lists only providers that are built in', async () => {
    const { settings } = await load(enable(() => true));
    const listed = namesInComment('provider');
    expect(listed).toContain(settings.provider);
    for (const name of listed) expect(makeProvider(name)).toMatchObject({ name });
    expect(() => makeProvider('no-such-provider')).toThrow(/no-such-provider/);
  });

  it('shows every setting once, each under a comment', () => {
    const shown = lines.map(keyOf).filter((key) => key !== '');
    expect([...shown].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    lines.forEach((line, index) => {
      if (keyOf(line) !== '') expect(lines[index - 1]).toMatch(/^# \S/);
    });
  });
});
