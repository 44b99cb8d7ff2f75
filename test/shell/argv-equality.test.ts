import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyCommand } from '../../src/shell/classify.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { bypassCommands } from './bypass-commands.js';
import { everydayCommands } from './everyday.js';
import { randomCommands } from './random-commands.js';
import { differences, RecordingBash, recordedNames } from './recording-bash.js';

const long = Boolean(process.env.VICTOR_TEST_LONG);
const seed = 20_261_123;

async function compare(lines: readonly string[]): Promise<readonly string[]> {
  const bash = new RecordingBash(await makeWorkspace());
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
    const recorded = bash.run(['echo {a,b}', "ls $'-l' ~+", 'cat a || ls'], 0);
    expect(recorded[0]).toEqual([['echo', 'a', 'b']]);
    expect(recorded[1]![0]).toHaveLength(3);
    expect(recorded[2]).toEqual([['cat', 'a']]);
  });

  it('S02 to S21 for random command lines, and for every trick that can be read exactly all the same', async () => {
    const count = long ? 100_000 : 20_000;
    const strings = fc.sample(randomCommands, { numRuns: count, seed });
    const names = new Set(recordedNames);
    const readable = [...new Set([...strings, ...Object.values(bypassCommands).flat()])].filter((text) => {
      const { exact, commands } = classifyCommand(text);
      return exact && commands.every(({ argv }) => names.has(argv[0]!));
    });
    const allowed = readable.filter((text) => classifyCommand(text).verdict === 'allow');
    // What runs unasked first, then what a rule could allow, as many as there is time for.
    const compared = [...new Set([...allowed, ...readable])].slice(0, long ? 5_000 : 600);
    const found = await compare(compared);
    console.log(
      `random command lines: ${strings.length}, exact: ${readable.length}, unasked: ${allowed.length}, compared with bash: ${compared.length}, differences: ${found.length}`,
    );
    expect(found).toEqual([]);
    expect(compared.length).toBeGreaterThanOrEqual(600);
  }, 300_000);
});
