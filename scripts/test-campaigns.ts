/**
 * Runs at full length the tests that `npm test` runs a share of: those in files that import `test/helpers/campaign.ts`, but
 * for those that another script runs: the folders of `npm run test:safety`, and what `npm run test:durability` runs. The
 * tests of provider faults have `npm run test:faults`.
 *
 *     npm run test:campaigns
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { durabilityFolder, durabilityRows } from '../test/durability/must-hold.js';
import { safetyFolders } from '../test/safety/campaigns.js';

const root = resolve(import.meta.dirname, '..');
const elsewhere: readonly string[] = [
  ...safetyFolders,
  durabilityFolder,
  ...durabilityRows.flatMap(({ tests }) => tests),
];
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.test\.tsx?$/.test(name))
  .map((name) => `test/${name}`)
  .filter((file) => !elsewhere.some((one) => file.startsWith(one)))
  .filter((file) => /helpers\/(campaign|sampled)\.js/.test(readFileSync(join(root, file), 'utf8')))
  .sort();
console.log(files.join('\n'));
const vitest = join(root, 'node_modules', '.bin', 'vitest');
const env = { ...process.env, VICTOR_TEST_LONG: '1' };
const { status } = spawnSync(vitest, ['run', ...files], { cwd: root, env, stdio: 'inherit' });
process.exitCode = files.length > 0 && status === 0 ? 0 : 1;
