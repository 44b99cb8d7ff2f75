import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { userMessage } from '../src/core/message.js';
import { withoutProgress } from './helpers/evaluation-progress.js';
import { runShell, runVictor } from './helpers/run-victor.js';
import { storeSession } from './helpers/stored-session.js';
import { makeWorkspace } from './helpers/workspace.js';

const page = readFileSync(new URL('../docs/evaluation.md', import.meta.url), 'utf8');

/** The files of the page, as they stand there: blocks that begin with their name behind `//`. */
const files = Object.fromEntries(
  [...page.matchAll(/^```(?:jsonl|json|js)\n(\/\/ (\S+)\n[\s\S]*?)^```/gm)].map(([, text, name]) => [
    name!,
    text!,
  ]),
);

const said = [
  'Which port is it? I said the cache was dropped because it was stale.',
  'The queue listens on port 7070.',
  'Go on.',
];

/** A home with a session `4f2a…`, and a folder with the files of the page. */
async function place() {
  const home = await makeWorkspace();
  const cwd = await makeWorkspace({
    ...files,
    'mine.mjs': 'export const create = () => ({ name: "mine", compact: (context) => context });',
  });
  await storeSession(
    home,
    '4f2a-1',
    said.map((text) => ({ type: 'message', message: userMessage(text) })),
  );
  return { cwd, env: { VICTOR_HOME: home } };
}

describe('docs/evaluation.md', () => {
  const commands = [...page.matchAll(/^victor eval[^\n]*/gm)].map(([line]) => line.split(' # ')[0]!.trim());

  it('has commands of both kinds', () => {
    expect(commands.map((command) => command.split(' ')[2])).toEqual(
      expect.arrayContaining(['compaction', 'tools']),
    );
    expect(commands).toHaveLength(7);
  });

  it.each(commands)('%s runs as it stands there', async (command) => {
    const { code, stdout, stderr } = await runShell(command, await place());
    expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      command.includes('--json') ? /^\{[\s\S]*"not_shown"/ : /^What this does not show:$/m,
    );
  });

  it('every column of the tables that are printed is explained', async () => {
    const explained = [...page.matchAll(/^\| ([^|`]+) \| [^|]+ \|$/gm)].flatMap(([, names]) =>
      names!.split(', '),
    );
    const { cwd, env } = await place();
    for (const args of [
      ['compaction', '--sample'],
      ['tools', 'requests.jsonl'],
    ]) {
      const { stdout } = await runVictor(['eval', ...args], { cwd, env });
      const head = /^strategy .*$/m.exec(stdout)![0].trim().split(/ {2,}/);
      const columns = head.filter((name) => name !== 'strategy');
      expect(columns.length).toBeGreaterThan(4);
      for (const column of columns) expect(explained).toContain(column);
    }
  });

  it('every key of the JSON is named', async () => {
    const { cwd, env } = await place();
    for (const args of [
      ['compaction', '--cases', 'cases.jsonl'],
      ['tools', 'requests.jsonl'],
    ]) {
      const { stdout } = await runVictor(['eval', ...args, '--json'], { cwd, env });
      const answer = JSON.parse(stdout);
      const results = [...(answer.cases?.[0].results ?? []), ...(answer.strategies ?? [])];
      const keys = [answer, ...(answer.cases ?? []), ...results].flatMap((one: object) => Object.keys(one));
      expect(new Set(keys).size).toBeGreaterThan(8);
      for (const key of keys) expect(page).toContain(`\`${key}\``);
    }
  });

  it('the program of the page runs', async () => {
    const cwd = await makeWorkspace(files);
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(resolve(import.meta.dirname, '..'), join(cwd, 'node_modules/victor-agent'));
    writeFileSync(join(cwd, 'package.json'), '{"type":"module"}');
    const { stdout } = await promisify(execFile)(process.execPath, ['evaluate.mjs'], { cwd });
    expect(stdout).toContain("'Never touch the migrations.', 'port 7070'");
  });
});
