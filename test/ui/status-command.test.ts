import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createStatusCommand, type StatusFacts } from '../../src/ui/status-command.js';

const facts = {} as StatusFacts;

/** A command whose runs end when they are told to. */
function running() {
  const ends: ((line: string | Error | undefined) => void)[] = [];
  const shown: string[] = [];
  const failed: unknown[] = [];
  const command = createStatusCommand({
    run: () =>
      new Promise((resolve, reject) => {
        ends.push((line) => (line instanceof Error ? reject(line) : resolve(line)));
      }),
    facts: () => facts,
    show: (line) => void shown.push(line),
    fail: (error) => void failed.push(error),
  });
  return { command, ends, shown, failed };
}

describe('the command of the status line', () => {
  it('runs once at a time; what changes meanwhile makes it run once more, however often', async () => {
    const { command, ends, shown } = running();
    for (let change = 0; change < 5; change += 1) command.refresh();
    expect(ends).toHaveLength(1);
    ends[0]!('one');
    await sleep(0);
    expect(shown).toEqual(['one']);
    expect(ends).toHaveLength(2);
    ends[1]!('two');
    await sleep(0);
    expect(ends).toHaveLength(2);
    expect(shown).toEqual(['one', 'two']);
    command.refresh();
    expect(ends).toHaveLength(3);
  });

  it('that fails leaves the usual line, and is told; the next change tries it again', async () => {
    const { command, ends, shown, failed } = running();
    command.refresh();
    ends[0]!(new Error('exit 1'));
    await sleep(0);
    expect(shown).toEqual(['']);
    expect(failed).toEqual([new Error('exit 1')]);
    command.refresh();
    ends[1]!('fine');
    await sleep(0);
    expect(shown).toEqual(['', 'fine']);
  });

  it('shows nothing any more after the chat has ended', async () => {
    const { command, ends, shown, failed } = running();
    command.refresh();
    command.close();
    ends[0]!('late');
    command.refresh();
    await sleep(0);
    expect({ shown, failed, runs: ends.length }).toEqual({ shown: [], failed: [], runs: 1 });
  });
});
