import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LoopGuard } from '../../src/chat/loop-guard.js';
import { runToolCalls } from '../../src/chat/run-tool-calls.js';
import { long } from '../helpers/campaign.js';
import { recordCount } from '../helpers/record-count.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const rounds = long ? 1_000 : 150;
const secret = 'canary-of-the-outside';

/** Exchanges names with those of links, each at once and again and again: Node has no such call, Linux has. */
const swapper = `
import ctypes, random, sys, time
exchange = ctypes.CDLL(None).renameat2
print("ready", flush=True)
while True:
  for name in sys.argv[1:]:
    exchange(-100, name.encode(), -100, (name + ".link").encode(), 2)
  time.sleep(random.random() * 0.003)`;

/** A workspace in which `folder` and `file.txt` lead outside half of the time, and what is outside. */
function racedPlace() {
  const base = realpathSync(temporaryDirectory());
  const [cwd, outside] = [join(base, 'work'), join(base, 'outside')];
  for (const folder of [join(cwd, 'folder'), join(outside, 'folder')]) mkdirSync(folder, { recursive: true });
  for (let round = 0; round < rounds; round += 1) {
    writeFileSync(join(cwd, 'folder', `${round}.txt`), 'of the workspace');
    writeFileSync(join(outside, 'folder', `${round}.txt`), secret);
  }
  writeFileSync(join(cwd, 'file.txt'), 'of the workspace');
  writeFileSync(join(outside, 'file.txt'), secret);
  for (const name of ['folder', 'file.txt']) symlinkSync(join(outside, name), join(cwd, `${name}.link`));
  return { cwd, outside };
}

async function startSwapping(cwd: string): Promise<void> {
  const child = spawn('python3', ['-c', swapper, 'folder', 'file.txt'], { cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
}

describe('P08: a folder and a file that are swapped for links to the outside without a pause', () => {
  it('P08: whoever looks first and opens afterwards falls for it', async () => {
    const { cwd } = racedPlace();
    await startSwapping(cwd);
    let escapes = 0;
    const until = Date.now() + 20_000;
    for (let round = 0; escapes === 0 && Date.now() < until; round = (round + 1) % rounds) {
      const path = join(cwd, 'folder', `${round}.txt`);
      try {
        if (realpathSync(path).startsWith(cwd) && readFileSync(path, 'utf8') === secret) escapes += 1;
      } catch {
        // A name may change between the steps of one look, too.
      }
    }
    expect(escapes).toBe(1);
  });

  it('P08: in a thousand rounds, or a share of them, no tool reads or writes outside, whatever was decided before', async () => {
    const { cwd, outside } = racedPlace();
    const settings = { permissions: { mode: 'accept-edits' } } as const;
    const { orchestrator } = await scriptedOrchestrator([], { cwd, settings });
    const before = readdirSync(join(outside, 'folder'));
    await startSwapping(cwd);
    const turn = { id: 'turn', sessionId: 'race' } as never;
    const results: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const path = `folder/${round}.txt`;
      const calls = [
        ['Read', { path }],
        ['Read', { path: 'file.txt' }],
        ['Write', { path: `folder/new-${round}.txt`, content: 'written' }],
        ['Write', { path: `folder/deep-${round}/new.txt`, content: 'written' }],
        ['Edit', { path, oldText: 'of the', newText: 'in the' }],
        ['Edit', { path, oldText: secret, newText: 'stolen' }],
        // A search is a process of its own, so not in every round.
        ...(round % 10 === 0 ? [['Grep', { pattern: 'canary', path }]] : []),
        ...(round % 10 === 5 ? [['Grep', { pattern: 'canary', path: 'folder' }]] : []),
      ].map(([name, input], index) => ({ id: `${round}-${index}`, name, input }) as never);
      const signal = new AbortController().signal;
      const events = await collect(
        runToolCalls(calls, turn, signal, orchestrator.coordinators, new LoopGuard()),
      );
      results.push(...ofType(events, 'tool-result').map(({ result }) => result.content));
    }
    const read = results.filter((text) => /[io][nf] the workspace/.test(text)).length;
    const decided = results.filter((text) => text.includes('is outside the workspace')).length;
    const late = results.filter((text) =>
      /moved or replaced|replaced by a link|to another place/.test(text),
    ).length;
    const leaked = results.filter((text) => text.includes(secret));
    const written = readdirSync(join(outside, 'folder')).filter((name) => !before.includes(name));
    const changed = before.filter((name) => readFileSync(join(outside, 'folder', name), 'utf8') !== secret);
    const escapes = leaked.length + written.length + changed.length;
    console.log(
      `${rounds} rounds, ${results.length} calls: ${read} read, ${decided} refused by decision, ${late} noticed later, ${escapes} escapes`,
    );
    recordCount({ row: 'link race', tried: rounds, found: escapes });
    expect({ leaked, written, changed }).toEqual({ leaked: [], written: [], changed: [] });
    expect(read).toBeGreaterThan(0);
    for (const refused of [decided, late]) expect(refused).toBeGreaterThan(rounds / 50);
  });
});
