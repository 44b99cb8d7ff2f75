import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { coreTools } from '../../src/tools/index.js';
import { pointsOf } from '../durability/must-hold.js';
import { recordCount } from '../helpers/record-count.js';
import { toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

/** Histories tried; each has up to 14 steps. */
const runs = pointsOf('user edits');
const seed = 20_261_128;

const names = ['a.txt', 'b.txt', 'made.txt'];
const name = fc.constantFrom(...names);
const userEdit = fc.record({ name, how: fc.constantFrom('append', 'append', 'rewrite', 'delete', 'mode') });
const agentEdit = fc.record({
  name,
  how: fc.constantFrom('edit', 'edit', 'overwrite'),
  reads: fc.boolean(),
  /** What the user does in the moment before or after the file is written. */
  meanwhile: fc.option(fc.record({ user: userEdit, when: fc.constantFrom('before', 'after') }), { freq: 4 }),
});
const restore = fc.record({
  action: fc.constantFrom('undo', 'undo', 'redo', 'rewind'),
  prompt: fc.nat(20),
  conversation: fc.boolean(),
  /** What the user does while the list is shown, or while a file is put back. */
  meanwhile: fc.option(fc.record({ user: userEdit, when: fc.constantFrom('shown', 'applied') }), { freq: 3 }),
});
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ turn: fc.array(agentEdit, { minLength: 1, maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ user: userEdit }) },
  { weight: 4, arbitrary: fc.record({ restore }) },
);

type Drawn<From> = From extends fc.Arbitrary<infer One> ? One : never;
type UserEdit = Drawn<typeof userEdit>;
type AgentEdit = Drawn<typeof agentEdit>;
type Restore = Drawn<typeof restore>;

const counts = { histories: 0, userEdits: 0, agentEdits: 0, restores: 0, restored: 0, left: 0, lost: 0 };

/** A folder that an agent and a user both change, and what only the test knows of it: who wrote each file last. */
class Workspace {
  readonly #cwd: string;
  readonly orchestrator: AgentOrchestrator;
  /** The user was the last to write the file, or set its mode. */
  readonly #usersContent = new Set<string>();
  readonly #usersMode = new Map<string, number>();
  #turn: AgentEdit[] = [];
  #current: AgentEdit | undefined;
  #read: string | undefined;
  #number = 0;
  /** Runs once, where the store is asked to keep or to look up a change. */
  #onSave: (() => void) | undefined;
  #onSeal: (() => void) | undefined;

  constructor(cwd: string) {
    this.#cwd = cwd;
    const provider = new ScriptedProvider({ script: () => this.#script() });
    const settings = { permissions: { mode: 'accept-edits' as const } };
    this.orchestrator = new AgentOrchestrator({
      provider,
      tools: coreTools(),
      cwd,
      environment: {},
      settings,
    });
    const { checkpoints } = this.orchestrator.store;
    const { saveCheckpoint, getCheckpoint } = checkpoints;
    checkpoints.saveCheckpoint = async (...given) => {
      await saveCheckpoint(...given);
      this.#once('save');
    };
    checkpoints.getCheckpoint = async (id) => {
      this.#once('seal');
      return getCheckpoint(id);
    };
  }

  content(file: string): string | undefined {
    try {
      return readFileSync(join(this.#cwd, file), 'utf8');
    } catch {
      return undefined;
    }
  }

  user({ name, how }: UserEdit): void {
    const path = join(this.#cwd, name);
    const content = this.content(name);
    counts.userEdits += 1;
    this.#number += 1;
    if (how === 'mode' && content !== undefined) {
      const mode = 0o600 + (this.#number % 8);
      chmodSync(path, mode);
      this.#usersMode.set(name, mode);
      return;
    }
    if (how === 'delete') {
      rmSync(path, { force: true });
      this.#usersMode.delete(name);
    } else writeFileSync(path, `${how === 'append' ? (content ?? '') : ''}U${this.#number}\n`);
    if (how !== 'delete' || content !== undefined) this.#usersContent.add(name);
  }

  /** One turn; each edit is known to have been written by its result. */
  async turn(edits: readonly AgentEdit[]): Promise<void> {
    this.#turn = [...edits];
    let current: AgentEdit | undefined;
    for await (const event of this.orchestrator.stream(`turn ${this.#number}`)) {
      if (event.type !== 'tool-call' && event.type !== 'tool-result') continue;
      if (event.call.name === 'Read') continue;
      if (event.type === 'tool-call') {
        current = this.#current;
        const { meanwhile } = current!;
        const act = meanwhile ? () => this.user(meanwhile.user) : undefined;
        this.#onSave = meanwhile?.when === 'before' ? act : undefined;
        this.#onSeal =
          meanwhile?.when === 'after'
            ? () => {
                // The tool has written by now, if it was going to.
                const wrote = this.content(current!.name)?.includes(`A${this.#number}\n`);
                if (wrote) this.#usersContent.delete(current!.name);
                act?.();
              }
            : undefined;
      } else if (!event.result.isError && current?.meanwhile?.when !== 'after') {
        counts.agentEdits += 1;
        this.#usersContent.delete(current!.name);
        this.#usersMode.delete(current!.name);
      }
      if (event.type === 'tool-result') {
        this.#onSave = undefined;
        this.#onSeal = undefined;
      }
    }
  }

  /** Takes something back and holds it to what must never happen. */
  async restore({ action, prompt, conversation, meanwhile }: Restore): Promise<void> {
    const { changes, store } = this.orchestrator;
    const prompts = await changes.prompts();
    const chosen = prompts[prompt % Math.max(1, prompts.length)];
    if (action === 'rewind' && !chosen) return;
    const request =
      action === 'rewind' ? { action, messageId: chosen!.messageId } : { action: action as 'undo' | 'redo' };
    const preview = await changes.preview(request);
    if (meanwhile?.when === 'shown') this.user(meanwhile.user);
    const before = new Map(names.map((file) => [file, this.content(file)]));
    if (meanwhile?.when === 'applied') {
      this.#onSave = () => {
        this.user(meanwhile.user);
        before.set(meanwhile.user.name, this.content(meanwhile.user.name));
      };
    }
    const usersBefore = new Set(this.#usersContent);
    const { restored, left } = await changes.apply(preview, { files: true, conversation });
    this.#onSave = undefined;
    counts.restores += 1;
    counts.restored += restored.length;
    counts.left += left.length;
    const files = new Set(restored.map(({ path }) => path.slice(this.#cwd.length + 1)));
    for (const file of names) {
      const was = before.get(file);
      const is = this.content(file);
      const usersOwn = usersBefore.has(file) || this.#usersContent.has(file);
      if (usersOwn && is !== was) this.#lost(`${action} changed ${file}, which was the user's`, was, is);
      if (!files.has(file)) {
        if (is !== was) this.#lost(`${action} changed ${file} without saying so`, was, is);
        continue;
      }
      // What was replaced can be had back, and an undo takes nothing away that the user wrote.
      if (was !== undefined && !(await store.checkpoints.readContent(sha256(was))))
        this.#lost(`${action} kept nothing of ${file}`, was, is);
      const gone = [...(was?.matchAll(/^U\d+$/gm) ?? [])].filter(([mark]) => !is?.split('\n').includes(mark));
      if (action === 'undo' && gone.length > 0) this.#lost(`undo took ${gone} out of ${file}`, was, is);
      const mode = this.#usersMode.get(file);
      if (mode !== undefined && is !== undefined && was !== undefined) {
        const now = statSync(join(this.#cwd, file)).mode & 0o777;
        if (now !== mode) this.#lost(`${action} changed the mode of ${file}`, String(mode), String(now));
      }
      if (is === undefined || was === undefined) this.#usersMode.delete(file);
    }
  }

  #script(): ScriptStep {
    const [next] = this.#turn;
    if (!next) return { text: 'done' };
    const content = this.content(next.name);
    if (content !== undefined && this.#read !== next.name && (next.reads || next.how === 'overwrite')) {
      this.#read = next.name;
      return toolCall('Read', { path: next.name });
    }
    this.#read = undefined;
    this.#turn.shift();
    this.#current = next;
    this.#number += 1;
    const mark = `A${this.#number}`;
    const old = content?.match(/^A\d+$/m)?.[0];
    if (next.how === 'edit' && old !== undefined) {
      return toolCall('Edit', { path: next.name, oldText: old, newText: `${mark}\n${mark}b` });
    }
    return toolCall('Write', { path: next.name, content: `${mark}\n` });
  }

  #once(when: 'save' | 'seal'): void {
    const act = when === 'save' ? this.#onSave : this.#onSeal;
    if (when === 'save') this.#onSave = undefined;
    else this.#onSeal = undefined;
    act?.();
  }

  #lost(what: string, was: string | undefined, is: string | undefined): never {
    counts.lost += 1;
    throw new Error(`${what}: ${JSON.stringify(was)} -> ${JSON.stringify(is)}`);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

it('no edit of the user is ever lost, over undo, rewind and redo, whatever they and the agent do in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14, size: 'max' }), async (steps) => {
      counts.histories += 1;
      const cwd = await makeWorkspace({ 'a.txt': 'A0\n', 'b.txt': 'A0\nU0\n' });
      const workspace = new Workspace(cwd);
      try {
        for (const one of steps) {
          if ('turn' in one) await workspace.turn(one.turn);
          else if ('user' in one) workspace.user(one.user);
          else await workspace.restore(one.restore);
        }
      } finally {
        await workspace.orchestrator.close();
        rmSync(cwd, { recursive: true, force: true });
      }
    }),
    { numRuns: runs, seed },
  );
  const { histories, userEdits, agentEdits, restores, restored, left, lost } = counts;
  console.log(
    `${histories} histories, seed ${seed}: ${agentEdits} edits of the agent, ${userEdits} of the user, ${restores} restores ` +
      `(${restored} files put back, ${left} left alone), ${lost} edits lost`,
  );
  recordCount({ row: 'user edits', tried: histories, found: lost });
  expect(lost).toBe(0);
  expect(restored).toBeGreaterThan(histories / 2);
  expect(left).toBeGreaterThan(histories / 10);
}, 1_800_000);
