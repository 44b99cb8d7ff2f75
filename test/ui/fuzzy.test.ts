import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, candidateOf, queryOf, scoreOf } from '../../src/ui/mentions/fuzzy.js';
import { listPaths } from '../../src/ui/mentions/list-paths.js';
import { mentionOf } from '../../src/ui/mentions/mention-items.js';
import { createRanking } from '../../src/ui/mentions/ranking.js';
import { makeWorkspace } from '../helpers/workspace.js';

function ranked(query: string, paths: readonly string[], most = 50): Promise<readonly string[]> {
  return new Promise((resolve) => createRanking(paths.map(candidateOf)).search(query, most, resolve));
}

describe('the fuzzy match', () => {
  it.each<readonly [query: string, best: string, other: string]>([
    ['input', 'src/ui/input-state.ts', 'src/input/state-of-it.ts'],
    ['is', 'src/ui/input-state.ts', 'src/ui/lists.ts'],
    ['fi', 'src/FileIndex.ts', 'src/profile.ts'],
    ['readme', 'README.md', 'docs/readme/other.md'],
    ['ui/fr', 'src/ui/frame.ts', 'src/bui/affront.ts'],
    ['frame', 'frame.ts', 'src/deep/down/below/frame.ts'],
    ['state', 'src/state.ts', 'src/input-state.ts'],
    ['chat', 'src/chat/', 'src/chat/loop-guard.ts'],
  ])('%s finds %s before %s', async (query, best, other) => {
    expect(await ranked(query, [other, best])).toEqual([best, other]);
  });

  it('tells capitals from others only when one is typed', async () => {
    expect(await ranked('file', ['File.ts', 'file.ts'])).toHaveLength(2);
    expect(await ranked('File', ['File.ts', 'file.ts'])).toEqual(['File.ts']);
  });

  it('with nothing typed begins at the top', async () => {
    expect(await ranked('', ['src/deep/a.ts', 'src/', 'b.ts', 'src/c.ts'])).toEqual([
      'b.ts',
      'src/',
      'src/c.ts',
      'src/deep/a.ts',
    ]);
  });

  it('finds a path exactly when its letters are in it in their order, whatever they are', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'B', '/', '-', 'İ', '漢', '👩', '.'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, text, (query, path) => {
        const { text: wanted, exactCase } = queryOf(query);
        const { lowerCase } = candidateOf(path);
        let at = 0;
        for (const unit of (exactCase ? path : lowerCase).split('')) if (unit === wanted[at]) at += 1;
        expect(scoreOf(queryOf(query), candidateOf(path)) !== undefined).toBe(at === wanted.length);
      }),
    );
  });

  it('quotes only what a message could not hold otherwise', () => {
    expect(['src/a.ts', 'my file.ts', 'a(1).ts', 'ends.', '漢/字.md', 'src/'].map(mentionOf)).toEqual([
      '@src/a.ts',
      '@"my file.ts"',
      '@"a(1).ts"',
      '@"ends."',
      '@漢/字.md',
      '@src/',
    ]);
  });
});

describe('ranking', () => {
  it('of a longer word looks only among what the shorter one found, and is the same', async () => {
    const paths = Array.from({ length: 3_000 }, (_, index) => `src/${index % 7}/file-${index}.ts`);
    const ranking = createRanking(paths.map(candidateOf));
    const search = (query: string) =>
      new Promise<readonly string[]>((resolve) => ranking.search(query, 20, resolve));
    await search('f');
    await search('fi1');
    expect(await search('fi12')).toEqual(await ranked('fi12', paths, 20));
    expect(await search('5')).toEqual(await ranked('5', paths, 20));
  });

  it('of 100,000 files never holds the thread for long, and gives up for a new search', async () => {
    const candidates: Candidate[] = [];
    for (let index = 0; index < 100_000; index += 1) {
      candidates.push(candidateOf(`packages/module-${index % 300}/src/component-${index}/index.tsx`));
    }
    const ranking = createRanking(candidates);
    let longest = 0;
    let finished = 0;
    const startedAt = performance.now();
    for (const query of ['c', 'co', 'com', 'comp', 'comp9', 'comp99', 'modindex', 'zzz']) {
      const before = performance.now();
      ranking.search(query, 50, () => {
        finished += 1;
      });
      longest = Math.max(longest, performance.now() - before);
      await new Promise(setImmediate);
    }
    const found = await new Promise<readonly string[]>((resolve) => ranking.search('comp99999', 50, resolve));
    console.log(
      `100,000 files: a key waits at most ${longest.toFixed(1)} ms, nine keys are answered after ${(performance.now() - startedAt).toFixed(0)} ms`,
    );
    expect(found[0]).toContain('component-99999');
    expect(finished).toBeLessThan(8);
    // Slices end by a clock; a busy machine may stretch one.
    expect(longest).toBeLessThan(250);
  });
});

describe('the list of files', () => {
  it('has files and folders that git would not ignore, and no name that cannot be typed', async () => {
    const workspace = await makeWorkspace({
      '.gitignore': 'ignored/\n*.log\n',
      'src/deep/a b.ts': '',
      'src/new\nline.ts': '',
      'ignored/x.ts': '',
      'top.log': '',
      '.github/ci.yml': '',
    });
    const paths = (await listPaths(workspace, new AbortController().signal)).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([
      '.github/',
      '.github/ci.yml',
      '.gitignore',
      'src/',
      'src/deep/',
      'src/deep/a b.ts',
    ]);
  });
});
