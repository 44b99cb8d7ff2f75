import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { settingsSchema } from '../../src/config/schema.js';
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

  it('shows every setting once, each under a comment', () => {
    const shown = lines.map(keyOf).filter((key) => key !== '');
    expect([...shown].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    lines.forEach((line, index) => {
      if (keyOf(line) !== '') expect(lines[index - 1]).toMatch(/^# \S/);
    });
  });
});
