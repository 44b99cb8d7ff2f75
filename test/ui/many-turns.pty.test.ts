import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { long } from '../helpers/campaign.js';
import { atRest, type ChatPty, chat } from '../helpers/chat-pty.js';
import { type HeldInside, observed } from '../helpers/held-inside.js';
import { manyTurns } from '../helpers/many-turns.js';
import { heldByProcess } from '../helpers/process-figures.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

const turns = long ? 1_000 : 90;
/** From then on every way through the program has been taken: the window is full, and the log was brought home. */
const warm = long ? 200 : 50;
const mostKilobytesPerTurn = 20;
const lastingMs = 60_000;

async function open(environment: Readonly<Record<string, string>> = {}) {
  const cwd = temporaryDirectory();
  const conversation = await manyTurns(cwd);
  const opened = await chat(conversation.script, ['--model', conversation.model], { cwd, environment });
  conversation.playedBy(opened.server);
  return { ...opened, take: conversation.take.bind(undefined, opened.pty) };
}

async function rest({ pty }: Pick<ChatPty, 'pty'>, turn: number): Promise<void> {
  await pty.waitFor(atRest(`Done with ${turn}.`), lastingMs);
}

/** What of the later one is more than it was, by name. */
function more(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  return Object.entries(after).filter(([name, count]) => count > (before[name] ?? 0));
}

/** Everything that is counted, in one record. */
function counted(pid: number, { listeners, resources }: HeldInside): Record<string, number> {
  const inside = Object.entries(resources).map(([kind, count]) => [`resource ${kind}`, count]);
  return { ...heldByProcess(pid), ...listeners, ...Object.fromEntries(inside) };
}

/** What is still on its way, a thread that brings the log home for example, is not held: it counts when it stays. */
async function settled<Counted>(look: () => Promise<Counted>): Promise<Counted> {
  let before = await look();
  for (let same = 0; same < 5; ) {
    await sleep(100);
    const now = await look();
    same = JSON.stringify(now) === JSON.stringify(before) ? same + 1 : 0;
    before = now;
  }
  return before;
}

it(`U13 ${turns} turns at full speed leave no listener, timer, descriptor, thread, child or memory behind`, async () => {
  const { environment, read } = observed();
  const opened = await open(environment);
  const pid = await opened.pty.pid;
  const look = async () => counted(pid, await read(pid));
  await opened.take(1, warm);
  await rest(opened, warm);
  const before = await settled(look);
  const first = await read(pid);

  await opened.take(warm + 1, turns);
  await rest(opened, turns);
  const until = performance.now() + lastingMs;
  let held = more(before, await look());
  while (held.length > 0 && performance.now() < until) {
    await sleep(100);
    held = more(before, await look());
  }
  expect(held).toEqual([]);
  await settled(look);
  const last = await read(pid);
  expect(last.warnings).toEqual([]);
  if (!long) return;
  // What is kept of a short run is the window that fills up, and the code that the engine makes of what runs often. With the
  // garbage, whose amount is chance on a busy machine, it is measured: `npm run bench:tui -- --only memory`.
  const perTurn = (of: (held: HeldInside) => number) => (of(last) - of(first)) / (turns - warm);
  expect(perTurn(({ heapKilobytes }) => heapKilobytes)).toBeLessThan(mostKilobytesPerTurn / 4);
  expect(perTurn(({ residentKilobytes }) => residentKilobytes)).toBeLessThan(mostKilobytesPerTurn);
}, 1_200_000);
