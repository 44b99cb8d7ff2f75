import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RequestMessage } from '../../src/core/provider.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const settings = { permissions: { mode: 'yolo' as const } };
const both = { files: true, conversation: true };
const write = (path: string, content: string) => toolCall('Write', { path, content });
const bash = (command: string) => toolCall('Bash', { command });
const done = { text: 'done' };
const told = (messages: readonly RequestMessage[]) =>
  messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []));

/** Three turns, each of which makes a file; the second runs commands too. */
const threeTurns: readonly ScriptStep[] = [
  write('one.txt', '1\n'),
  done,
  write('two.txt', '2\n'),
  bash('ls'),
  bash('echo made > by-bash.txt'),
  done,
  write('three.txt', '3\n'),
  done,
];

async function afterThreeTurns(more: readonly ScriptStep[] = []) {
  const made = await scriptedOrchestrator([...threeTurns, ...more], { settings });
  for (const text of ['first', 'second', 'third']) await made.orchestrator.chat(text);
  return { ...made, files: () => readdirSync(made.cwd).sort() };
}

describe('rewinding a session', () => {
  it('puts files and conversation back to before a prompt, and the model sees only what is left', async () => {
    const { orchestrator, files, requests } = await afterThreeTurns([{ text: 'again' }]);
    const { changes } = orchestrator;
    const prompts = await changes.prompts();
    expect(prompts.map(({ text }) => text)).toEqual(['first', 'second', 'third']);
    const preview = await changes.preview({ action: 'rewind', messageId: prompts[1]!.messageId });
    expect(preview.prompt).toBe('second');
    expect(preview.files.files.map(({ kind, path }) => `${kind} ${path.split('/').at(-1)}`)).toEqual([
      'remove two.txt',
      'remove three.txt',
    ]);
    // What only reads has changed nothing.
    expect(preview.uncovered).toEqual(['Bash echo made > by-bash.txt']);
    expect(preview.conversation?.messages).toBe(4);
    expect(files()).toEqual(['by-bash.txt', 'one.txt', 'three.txt', 'two.txt']);
    const { restored, left, conversation } = await changes.apply(preview, both);
    expect([restored.length, left, conversation]).toEqual([2, [], true]);
    expect(files()).toEqual(['by-bash.txt', 'one.txt']);
    await orchestrator.chat('second, otherwise');
    expect(told(requests.at(-1)!.messages)).toEqual(['first', 'second, otherwise']);
    expect((await changes.prompts()).map(({ text }) => text)).toEqual(['first', 'second, otherwise']);
  });

  it.each([
    [{ files: true, conversation: false }, ['one.txt'], ['first', 'second', 'third', 'next']],
    [{ files: false, conversation: true }, ['one.txt', 'three.txt', 'two.txt'], ['first', 'next']],
  ])('only in part: %o', async (parts, left, said) => {
    const { orchestrator, files, requests } = await afterThreeTurns([done]);
    const [, second] = await orchestrator.changes.prompts();
    const preview = await orchestrator.changes.preview({ action: 'rewind', messageId: second!.messageId });
    await orchestrator.changes.apply(preview, parts);
    expect(files().filter((name) => name !== 'by-bash.txt')).toEqual(left);
    await orchestrator.chat('next');
    expect(told(requests.at(-1)!.messages)).toEqual(said);
  });

  it('can be taken back, files and conversation, and again', async () => {
    const { orchestrator, files, requests } = await afterThreeTurns([done]);
    const { changes } = orchestrator;
    const all = files();
    for (const back of [2, 1, 0]) {
      const prompts = await changes.prompts();
      await changes.apply(
        await changes.preview({ action: 'rewind', messageId: prompts[back]!.messageId }),
        both,
      );
    }
    expect(files()).toEqual(['by-bash.txt']);
    expect(await changes.prompts()).toEqual([]);
    for (const said of [['first'], ['first', 'second'], ['first', 'second', 'third']]) {
      await changes.apply(await changes.preview({ action: 'redo' }), both);
      expect((await changes.prompts()).map(({ text }) => text)).toEqual(said);
    }
    expect(files()).toEqual(all);
    const nothing = await changes.preview({ action: 'redo' });
    expect([nothing.files.files, nothing.conversation]).toEqual([[], null]);
    await orchestrator.chat('next');
    expect(told(requests.at(-1)!.messages)).toEqual(['first', 'second', 'third', 'next']);
  });

  it('is an entry of the log: nothing is deleted, and a resume has the same conversation', async () => {
    const file = join(temporaryDirectory(), 'victor.db');
    const { orchestrator, cwd } = await scriptedOrchestrator(threeTurns, {
      settings,
      store: await openSqliteStore({ file }),
      sessionId: 'kept',
    });
    for (const text of ['first', 'second', 'third']) await orchestrator.chat(text);
    const before = await orchestrator.store.sessions.readLog('kept');
    const [, second] = await orchestrator.changes.prompts();
    const events: string[] = [];
    orchestrator.subscribe(({ type }) => events.push(type));
    const preview = await orchestrator.changes.preview({ action: 'rewind', messageId: second!.messageId });
    await orchestrator.changes.apply(preview, both);
    expect(events).toEqual(['rewind']);
    const after = await orchestrator.store.sessions.readLog('kept');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ entry }) => entry)).toEqual([
      { type: 'rewind', id: expect.any(String), before: second!.messageId },
    ]);
    const seen = orchestrator.coordinators.context.getContext('kept').messages;
    await orchestrator.close();
    const resumed = await scriptedOrchestrator([write('again.txt', 'x'), done], {
      settings,
      cwd,
      store: await openSqliteStore({ file }),
      sessionId: 'kept',
    });
    await resumed.orchestrator.openSession('kept');
    expect(resumed.orchestrator.coordinators.context.getContext('kept').messages).toEqual(seen);
    await resumed.orchestrator.chat('fourth');
    expect(told(resumed.requests[0]!.messages)).toEqual(['first', 'fourth']);
    // Also what an earlier process did can be taken back.
    const { changes } = resumed.orchestrator;
    for (const _ of ['again.txt', 'one.txt']) {
      await changes.apply(await changes.preview({ action: 'undo' }), { files: true, conversation: false });
    }
    expect(readdirSync(cwd)).toEqual(['by-bash.txt']);
  });

  it('to before a compaction or a reset has the conversation whole again', async () => {
    const { orchestrator, requests } = await afterThreeTurns([done, done]);
    await orchestrator.resetSession(orchestrator.sessionId);
    await orchestrator.chat('after the reset');
    const prompts = await orchestrator.changes.prompts();
    expect(prompts.map(({ text }) => text)).toEqual(['first', 'second', 'third', 'after the reset']);
    const preview = await orchestrator.changes.preview({
      action: 'rewind',
      messageId: prompts[2]!.messageId,
    });
    await orchestrator.changes.apply(preview, { files: false, conversation: true });
    await orchestrator.chat('third, otherwise');
    expect(told(requests.at(-1)!.messages)).toEqual(['first', 'second', 'third, otherwise']);
  });

  it('waits for the turn that runs', async () => {
    const { orchestrator, files } = await afterThreeTurns([write('four.txt', '4'), done]);
    const preview = await orchestrator.changes.preview({ action: 'undo' });
    const turn = collect(orchestrator.stream('fourth'));
    const { restored } = await orchestrator.changes.apply(preview, both);
    expect(ofType(await turn, 'turn-end')).toHaveLength(1);
    expect(restored).toHaveLength(1);
    expect(files()).toEqual(['by-bash.txt', 'four.txt', 'one.txt', 'two.txt']);
  });

  it('of a session that never was, or to a message it does not have, says so', async () => {
    const { orchestrator } = await afterThreeTurns();
    expect((await orchestrator.changes.preview({ action: 'undo' }, 'nobody')).files.files).toEqual([]);
    await expect(
      orchestrator.changes.preview({ action: 'rewind', messageId: 'nothing' }),
    ).rejects.toMatchObject({ code: 'config', message: 'This session has no message nothing.' });
  });
});

describe('what no checkpoint covers', () => {
  it('is named for the whole turn; commands that were refused or only read are not', async () => {
    const script = [
      bash('echo before > made.txt'),
      write('a.txt', 'a'),
      bash('touch denied.txt'),
      bash('cat a.txt'),
      done,
    ];
    const { orchestrator } = await scriptedOrchestrator(script, {
      settings: { permissions: { mode: 'yolo', deny: ['Bash(touch *)'] } },
    });
    await orchestrator.chat('go');
    const { uncovered, prompt } = await orchestrator.changes.preview({ action: 'undo' });
    expect([prompt, uncovered]).toEqual(['go', ['Bash echo before > made.txt']]);
  });
});

it("leaves the user's repository byte for byte as it is: turns, undo, rewind, redo", async () => {
  const { orchestrator, cwd } = await scriptedOrchestrator([...threeTurns], {
    settings,
    files: { 'a.txt': 'a\n' },
  });
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...argv], { cwd });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  const fingerprint = () =>
    readdirSync(join(cwd, '.git'), { recursive: true, withFileTypes: true })
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const content = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
        return `${path} ${content}`;
      })
      .sort();
  const before = fingerprint();
  expect(before.length).toBeGreaterThan(10);
  for (const text of ['first', 'second', 'third']) await orchestrator.chat(text);
  const { changes } = orchestrator;
  const [first] = await changes.prompts();
  for (const request of [
    { action: 'undo' },
    { action: 'redo' },
    { action: 'rewind', messageId: first!.messageId },
    { action: 'redo' },
  ] as const) {
    const { restored } = await changes.apply(await changes.preview(request), both);
    expect(restored.length).toBeGreaterThan(0);
    expect(fingerprint()).toEqual(before);
  }
  expect(await readFile(join(cwd, 'three.txt'), 'utf8')).toBe('3\n');
});
