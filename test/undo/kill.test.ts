import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { coreTools } from '../../src/tools/index.js';
import { pointsOf } from '../durability/must-hold.js';
import { recordCount } from '../helpers/record-count.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';

const actions = ['edit', 'undo', 'redo'];
/** In each of them, at least. */
const wanted = Math.ceil(pointsOf('kills undoing') / actions.length);
/** What runs behind the scenes has not the same number of moments each time: this part of them is always there. */
const surePart = 0.8;
const victim = fileURLToPath(new URL('../fixtures/undo/victim.mjs', import.meta.url));
const names = ['edited.txt', 'made.txt'] as const;
/** What each file may ever hold when nobody but Victor has written it. */
const states: Record<string, readonly (string | undefined)[]> = {
  'edited.txt': ['old\n', 'new\n'],
  'made.txt': [undefined, 'new\n'],
};

interface Place {
  readonly cwd: string;
  readonly file: string;
}

/** Runs one action to its end, or to the given moment; answers the moments it had, or `undefined` when it was killed. */
function run({ cwd, file }: Place, what: string, killAt = -1): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [victim, cwd, file, what, String(killAt)], (error, stdout) => {
      if (!error) resolve(Number(stdout));
      else if (error.signal === 'SIGKILL') resolve(undefined);
      else reject(error);
    });
  });
}

function contentOf({ cwd }: Place, name: string): string | undefined {
  const path = join(cwd, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The next process: everything that can be undone is, and what was left alone is answered by name. */
async function undoAll({ cwd, file }: Place): Promise<ReadonlySet<string>> {
  const orchestrator = new AgentOrchestrator({
    provider: new ScriptedProvider({ script: () => ({ text: 'nothing' }) }),
    tools: coreTools(),
    store: await openSqliteStore({ file }),
    cwd,
    environment: {},
    sessionId: 'victim',
  });
  try {
    await orchestrator.openSession();
    const { changes, store } = orchestrator;
    for (const { before } of await store.checkpoints.listCheckpoints('victim')) {
      // A change is never there without what was there before it.
      if (before.hash !== null) expect(await store.checkpoints.readContent(before.hash)).toBeDefined();
    }
    for (;;) {
      const preview = await changes.preview({ action: 'undo' });
      const { restored, left } = await changes.apply(preview, { files: true, conversation: false });
      if (restored.length === 0) return new Set(left.map(({ path }) => path.slice(cwd.length + 1)));
    }
  } finally {
    await orchestrator.close();
  }
}

it('undo never harms after kill -9 at any moment of an edit, an undo or a redo', async () => {
  const root = temporaryDirectory('victor-undo-kill-');
  const cwd = await makeWorkspace();
  const place = { cwd, file: join(root, 'store', 'victor.db') };
  /** What is there now, files and database, and what was there under a name. */
  const copies = (name: string) =>
    [
      [join(root, 'store'), join(root, name, 'store')],
      [cwd, join(root, name, 'cwd')],
    ] as const;
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    if (existsSync(from)) cpSync(from, to, { recursive: true, preserveTimestamps: true });
  };
  const saveAs = (name: string) => {
    for (const [now, kept] of copies(name)) copy(now, kept);
  };
  const loadFrom = (name: string) => {
    for (const [now, kept] of copies(name)) copy(kept, now);
  };
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));

  writeFileSync(join(cwd, 'edited.txt'), 'old\n');
  const count = { kills: 0, undone: 0, left: 0, harmed: 0, broken: 0 };
  for (const what of actions) {
    saveAs('before');
    const moments = await run(place, what);
    saveAs('after');
    // Fewer would mean that nothing is watched.
    expect(moments).toBeGreaterThan(30);
    const every = Math.max(1, Math.floor((moments! * surePart) / wanted));
    for (let moment = 0; moment < moments!; moment += every) {
      loadFrom('before');
      if ((await run(place, what, moment)) !== undefined) {
        expect(moment).toBeGreaterThan(moments! * surePart);
        break;
      }
      count.kills += 1;
      saveAs('killed');
      // Nobody has touched anything: each file is the one or the other, and is put back or left alone by name.
      for (const name of names) expect(states[name]).toContain(contentOf(place, name));
      const left = await undoAll(place);
      for (const name of names) {
        const content = contentOf(place, name);
        if (content === states[name]![0]) count.undone += 1;
        else if (content === states[name]![1] && left.has(name)) count.left += 1;
        else count.harmed += 1;
      }
      // The user has gone on with the files before the next start.
      loadFrom('killed');
      for (const name of names) writeFileSync(join(cwd, name), `${contentOf(place, name) ?? ''}mine\n`);
      const mine = names.map((name) => contentOf(place, name));
      await undoAll(place);
      for (const [index, name] of names.entries()) {
        if (contentOf(place, name) !== mine[index]) count.harmed += 1;
      }
      const database = new Database(place.file, { readonly: true });
      if (database.pragma('integrity_check', { simple: true }) !== 'ok') count.broken += 1;
      database.close();
    }
    loadFrom('after');
  }
  const { kills, undone, left, harmed, broken } = count;
  console.log(
    `${kills} kills in edits, undos and redos: ${undone} files as they were, ${left} left alone by name, ${harmed} harmed, ` +
      `${broken} databases damaged`,
  );
  recordCount({ row: 'kills undoing', tried: kills, found: harmed + broken });
  expect([harmed, broken]).toEqual([0, 0]);
  expect(undone).toBeGreaterThan(kills);
}, 1_800_000);
