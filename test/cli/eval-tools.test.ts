import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutProgress } from '../helpers/evaluation-progress.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

interface Answer {
  readonly requests: number;
  readonly tools: number;
  readonly strategies: readonly {
    readonly strategy: string;
    readonly configured: boolean;
    readonly top1: number;
    readonly top5: number;
    readonly mean_reciprocal_rank: number;
    readonly misses: readonly {
      readonly request: string;
      readonly rank: number;
      readonly instead: string[];
    }[];
    readonly problem?: string;
  }[];
  readonly not_shown: readonly string[];
}

/** A folder with these files, and a home with these settings. */
function place(files: Readonly<Record<string, string>>, settings = '') {
  const cwd = temporaryDirectory();
  const home = join(temporaryDirectory(), 'victor');
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'config.yaml'), settings);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const run = (...args: readonly string[]) =>
    runVictor(['eval', 'tools', ...args], { cwd, env: { VICTOR_HOME: home } });
  return { home, run };
}

const lines = (...values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

const cases = lines(
  { request: 'search for a text in all files', expected: ['Grep'] },
  { request: 'Read the file config.yaml', expected: 'Read' },
  { request: 'which files does the folder hold', expected: ['List', 'Glob'] },
);

describe.concurrent('victor eval tools', () => {
  it('ranks the tools that there are, and shows each strategy, what it missed, and what that does not show', async () => {
    const { code, stdout, stderr } = await place({ 'cases.jsonl': cases }).run('cases.jsonl');
    expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 0, stderr: '' });
    const [first, head, ...rows] = stdout.split('\n');
    expect(first).toMatch(
      /^3 requests, \d+ tools here; % of the requests with a right tool among the first:$/,
    );
    expect(head).toMatch(/^strategy +first +first 5 +first 10 +mean 1\/place +ms$/);
    expect(rows[0]).toMatch(/^hybrid +[\d.]+ +100\.0 +100\.0 +[\d.]+ +[\d.]+ .*in force$/);
    expect(rows[1]).toMatch(/^keyword /);
    expect(rows[2]).toMatch(/^semantic /);
    expect(stdout).toMatch(/What this does not show:\n- Whether the model would have called the tool/);
    expect(stdout).toMatch(/all \d+ tools fit \(toolSelection\.maxTools is 40\)/);
  });

  it('--json gives one object; a tool of an extension is among those that can be expected', async () => {
    const tool = `export const create = (options, { z }) => ({
      name: 'Deploy', description: 'Puts a build on the servers.', kind: 'execute', schema: z.object({ stage: z.string() }),
      describe: () => 'deploy', execute: async () => ({ content: 'done' }) });`;
    const { home, run } = place(
      { 'cases.jsonl': lines({ request: 'deploy the build to the servers', expected: ['Deploy'] }) },
      'tools: [./deploy.mjs]\ntoolSelection: { strategy: keyword }',
    );
    writeFileSync(join(home, 'deploy.mjs'), tool);
    const { code, stdout, stderr } = await run('cases.jsonl', '--json');
    expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 0, stderr: '' });
    const { requests, strategies, not_shown } = JSON.parse(stdout) as Answer;
    expect(requests).toBe(1);
    expect(strategies.map(({ strategy, configured, top1 }) => [strategy, configured, top1])).toEqual([
      ['keyword', true, 100],
      ['semantic', false, 100],
      ['hybrid', false, 100],
    ]);
    expect(strategies[0]).toMatchObject({ mean_reciprocal_rank: 1, misses: [] });
    expect(not_shown.length).toBeGreaterThan(2);
  });

  it('the tools may stand in the file, or in one of their own, which wins', async () => {
    const request = { request: 'tell me the weather', expected: ['rain'] };
    const tools = { rain: 'Says whether it rains.', bill: 'Sends an invoice about the weather.' };
    const { run } = place({
      'cases.jsonl': lines({ tools }, request),
      'tools.json': JSON.stringify([
        { name: 'rain', description: 'Tells the weather.', keywords: ['weather'] },
        { name: 'bill', description: 'Sends an invoice.', parameters: ['amount'] },
      ]),
    });
    const answer = async (...more: string[]) =>
      JSON.parse((await run('cases.jsonl', '--strategies', 'keyword', '--json', ...more)).stdout) as Answer;
    expect(await answer()).toMatchObject({
      tools: 2,
      strategies: [{ strategy: 'keyword', top1: 0, top5: 100, misses: [{ rank: 2, instead: ['bill'] }] }],
    });
    expect((await answer('--tools', 'tools.json')).strategies[0]).toMatchObject({ top1: 100 });
    expect((await run('cases.jsonl', '--strategies', 'keyword')).stdout).toMatch(
      /^keyword ranks another tool first for 1 of 1 request:\n {2}"tell me the weather": rain in place 2, behind bill$/m,
    );
  });

  it('a file that begins with a byte-order mark is read as any other; one request is one', async () => {
    const mark = '\uFEFF';
    const { run } = place({
      'cases.jsonl': mark + lines({ request: 'tell me the weather', expected: ['rain'] }),
      'tools.json': `${mark}${JSON.stringify({ rain: 'Tells the weather.' })}`,
    });
    const { code, stdout } = await run('cases.jsonl', '--tools', 'tools.json');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 request, 1 tool of the file; /);
    expect(stdout).not.toContain('1 requests');
  });

  it('a folder in place of a file of cases is named as one, with exit code 2', async () => {
    const { code, stderr } = await place({}).run('.');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^victor: \. cannot be read: is a folder.*Name a file with one case a line\.\n$/);
  });

  it('a strategy of your own is tried by path; one that fails has its problem in its row, the others go on', async () => {
    const { run } = place({
      'cases.jsonl': cases,
      'first.mjs':
        'export const create = () => ({ name: "first", score: (_, tools) => tools.map(({ name }, n) => ({ name, score: 1 / (n + 1), reason: "" })) });',
      'broken.mjs':
        'export const create = () => ({ name: "broken", score: () => { throw new Error("no luck"); } });',
    });
    const { code, stdout, stderr } = await run('cases.jsonl', '--strategies', './broken.mjs,./first.mjs');
    expect(code).toBe(0);
    // Both are named before they are run, because nobody knows whether they ever give back.
    expect(stderr).toMatch(/^victor: 0 of 6 done, now broken on request 1$/m);
    expect(stderr).toMatch(/^victor: 3 of 6 done, now first on request 1$/m);
    expect(stdout).toMatch(/^broken +failed$/m);
    expect(stdout).toMatch(/^broken failed at request 1: no luck$/m);
    expect(stdout).toMatch(/^first +33\.3 /m);
    expect((await run('cases.jsonl', '--strategies', './broken.mjs')).code).toBe(1);
  });

  it('of two strategies with one name only that of the settings is in force, and each is called what it was asked for by', async () => {
    const { run } = place(
      {
        'cases.jsonl': cases,
        'mine.mjs':
          'export const create = () => ({ name: "keyword", score: (_, tools) => tools.map(({ name }) => ({ name, score: 1, reason: "" })) });',
      },
      'toolSelection: { strategy: keyword }',
    );
    const { stdout } = await run('cases.jsonl', '--strategies', './mine.mjs,keyword', '--json');
    const { strategies } = JSON.parse(stdout) as Answer;
    expect(strategies.map(({ strategy, configured }) => [strategy, configured])).toEqual([
      ['./mine.mjs', false],
      ['keyword', true],
    ]);
  });

  it.each<[string, string, RegExp]>([
    [
      'lines that are no case',
      `${cases}{"request": ""}\n[]\n`,
      /cases\.jsonl: line 4: .*; line 5: .*A line is \{"request"/,
    ],
    [
      'a tool that is not there',
      lines({ request: 'x', expected: ['Grap'] }),
      /line 1: there is no tool named Grap; did you mean Grep\?/,
    ],
    ['no request at all', '\n', /has no request.*A line is/],
  ])('%s: exit code 2, the line and what is expected', async (_, text, message) => {
    const { code, stdout, stderr } = await place({ 'cases.jsonl': text }).run('cases.jsonl');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });
});
