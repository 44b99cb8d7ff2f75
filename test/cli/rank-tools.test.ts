import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';

interface Explanation {
  readonly strategy: string;
  readonly reason: string;
  readonly tools: readonly { name: string; score: number; reason: string; offered: boolean }[];
}

function homeWith(settings: string, files: Readonly<Record<string, string>> = {}) {
  const home = join(temporaryDirectory(), 'victor');
  mkdirSync(home, { mode: 0o700 });
  for (const [name, text] of Object.entries({ ...files, 'config.yaml': settings })) {
    writeFileSync(join(home, name), text);
  }
  return { VICTOR_HOME: home };
}

describe.concurrent('victor tools rank', () => {
  it('ranks the tools for a request with hybrid, best first, and says why', async () => {
    const { code, stdout } = await runVictor(['tools', 'rank', 'searching the contents of files']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^name +hybrid +offered +why$/);
    expect(lines[1]).toMatch(/^Grep +1\.00 +#{10} +yes +matches "searching".*; close to .*"searching"/);
    expect(lines.at(-1)).toMatch(/^All \d+ tools fit\.$/);
    for (const line of lines.slice(1, -1)) {
      const [, score = '', bar = ''] = /^\S+ +(\d\.\d\d) (#*)/.exec(line.replaceAll(/ +/g, ' ')) ?? [];
      expect(bar).toHaveLength(Math.round(Number(score) * 10));
    }
  });

  it.each(['hybrid', 'keyword', 'semantic'])(
    '--strategy %s ranks with it, whatever is configured',
    async (strategy) => {
      const env = homeWith('toolSelection: { strategy: keyword }');
      const { stdout } = await runVictor(
        ['tools', 'rank', 'Read the file config.yaml', '--strategy', strategy, '--json'],
        {
          env,
        },
      );
      const ranked = JSON.parse(stdout) as Explanation;
      expect(ranked.strategy).toBe(strategy);
      if (strategy !== 'semantic') expect(ranked.tools[0]).toMatchObject({ name: 'Read', score: 1 });
      expect(ranked.tools.map(({ name }) => name)).toContain('GitStatus');
    },
  );

  it('a strategy that does not exist is refused with those that do', async () => {
    const { code, stderr } = await runVictor(['tools', 'rank', 'x', '--strategy', 'magic']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/magic.*keyword, semantic, hybrid/s);
  });

  it('without a request it says what is missing', async () => {
    const { code, stderr } = await runVictor(['tools', 'rank']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/request/);
  });

  it('as JSON, with another strategy and fewer tools, it tells what a model would not be offered', async () => {
    const env = homeWith('toolSelection: { strategy: semantic, maxTools: 7 }');
    const { stdout } = await runVictor(['tools', 'rank', 'open a file', '--json'], { env });
    const { strategy, reason, tools } = JSON.parse(stdout) as Explanation;
    expect(strategy).toBe('semantic');
    expect(reason).toMatch(/^Core tools and the best of \d+/);
    expect(tools.filter(({ offered }) => !offered).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['GitStatus', 'GitDiff']),
    );
    expect(tools[0]).toMatchObject({ score: 1, offered: true, reason: expect.stringContaining('"file"') });
    const scores = tools.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('a strategy of your own that fails is named, and keyword serves', async () => {
    const env = homeWith('toolSelection: { strategy: ./broken.mjs }', {
      'broken.mjs':
        'export const create = () => ({ name: "broken", score: () => { throw new Error("no luck"); } });',
    });
    const { code, stdout, stderr } = await runVictor(['tools', 'rank', 'open a file'], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^name +keyword +offered +why$/m);
    expect(stderr).toBe('victor: broken: no luck; instead: keyword selection for the rest of the session\n');
  });

  it('hybrid with options of its own is refused with the place and what to write instead', async () => {
    const env = homeWith('toolSelection: { strategy: [hybrid, { alpha: 0.2 }] }');
    const { code, stderr } = await runVictor(['tools', 'rank', 'x'], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.yaml:1.*toolSelection\.strategy.*toolSelection\.alpha/s);
  });
});
