import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../helpers/run-victor.js';
import type { Dialect } from './dialects.js';

/** The environment in which `victor` speaks this dialect with the server at `url`, in a home of its own with these settings. */
export function environmentOf(
  dialect: Dialect,
  url: string,
  settings: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, string>> {
  const home = temporaryDirectory();
  const text = JSON.stringify({ ...dialect.settings, ...settings });
  writeFileSync(join(home, 'config.json'), text, { mode: 0o600 });
  return { VICTOR_HOME: home, ...dialect.environment(url) };
}
