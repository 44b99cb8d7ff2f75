import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyCommand } from '../../src/shell/classify.js';
import { long } from '../helpers/campaign.js';
import { recordCount } from '../helpers/record-count.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { bypassCommands } from './bypass-commands.js';
import { everydayCommands } from './everyday.js';
import { randomCommands } from './random-commands.js';
import { differences, RecordingBash, recordedNames } from './recording-bash.js';

const seed = 20_261_123;

async function compare(
  lines: readonly string[],
  recorders?: 'programs' | 'functions',
): Promise<readonly string[]> {
  const bash = new RecordingBash(await makeWorkspace(), recorders);
  const found: string[] = [];
  for (let at = 0; at < lines.length; at += 200) found.push(...differences(bash, lines.slice(at, at + 200)));
  return found;
}

describe('the words that we judge are the words that real bash passes on', () => {
  it('S25 for the everyday commands that run unasked, and for their rewritten scripts', async () => {
    const allowed = everydayCommands.map(classifyCommand).filter(({ verdict }) => verdict === 'allow');
    const lines = everydayCommands.filter((line) => classifyCommand(line).verdict === 'allow');
    expect(await compare(lines)).toEqual([]);
    expect(await compare(allowed.map(({ script }) => script!))).toEqual([]);
    console.log(`everyday commands compared with bash: ${lines.length}, differences: 0`);
  });

  it('S10 would notice a difference', async () => {
    const bash = new RecordingBash(await makeWorkspace());
    const lines = ['echo {a,b}', "ls $'-l' ~+", 'cat a || ls', 'printf %s "a b" | wc -l'];
    for (const one of [bash, new RecordingBash(await makeWorkspace(), 'functions')]) {
      const recorded = one.run(lines, 0);
      expect(recorded[0]).toEqual([['echo', 'a', 'b']]);
      expect(recorded[1]![0]).toHaveLength(3);
      expect(recorded[2]).toEqual([['cat', 'a']]);
      expect(new Set(recorded[3])).toEqual(
        new Set([
          ['printf', '%s', 'a b'],
          ['wc', '-l'],
        ]),
      );
    }
  });

  it('S02 to S21 for random command lines, and for every trick that can be read exactly all the same', async () => {
    const count = long ? 100_000 : 2_000;
    const strings = fc.sample(randomCommands, { numRuns: count, seed });
    const names = new Set(recordedNames);
    const unasked = new Set<string>();
    const readable = [...new Set([...strings, ...Object.values(bypassCommands).flat()])].filter((text) => {
      const { exact: isExact, commands, verdict } = classifyCommand(text);
      if (verdict === 'allow') unasked.add(text);
      return isExact && commands.every(({ argv }) => names.has(argv[0]!));
    });
    const exact = new Set(readable);
    // Whatever runs unasked can be read exactly, by names that record it.
    expect([...unasked].filter((text) => !exact.has(text))).toEqual([]);
    // All of it, and of what a rule could allow and of real programs as much as there is time for.
    const others = readable.filter((text) => !unasked.has(text)).slice(0, long ? 5_000 : 400);
    const wrong = [
      ...(await compare([...unasked, ...others], 'functions')),
      ...(await compare([...unasked].slice(0, long ? 1_000 : 100))),
    ];
    const compared = unasked.size + others.length;
    recordCount({ row: 'argv', tried: compared, found: wrong.length });
    recordCount({
      row: 'fuzzed-strings',
      tried: strings.length,
      found: [...unasked].filter((text) => wrong.some((one) => one.startsWith(JSON.stringify(text)))).length,
    });
    console.log(
      `random command lines: ${strings.length}, unasked: ${unasked.size}, exact: ${readable.length}, compared with bash: ${compared}, differences: ${wrong.length}`,
    );
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(count / 10);
  }, 900_000);
});
