import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Pty, startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';

const enter = '\r';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** `victor chat` on the offline provider, in a folder with this `.victorrc`. */
async function chat(settings: string, args: readonly string[] = []) {
  const cwd = temporaryDirectory();
  const file = join(cwd, '.victorrc');
  writeFileSync(file, settings);
  const pty: Pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat', ...args],
    cwd,
    env: cleanEnvironment({ VICTOR_HOME: temporaryDirectory(), NO_COLOR: '1' }),
    columns: 100,
    rows: 30,
  });
  ends.push(async () => {
    pty.kill();
    await pty.exit;
  });
  await pty.waitFor('❯');
  return { pty, cwd, file };
}

const seen = (pty: Pty, text: string) => pty.history().filter((line) => line.includes(text)).length;

describe('editing .victorrc during victor chat', () => {
  it('prints the swap with file and line, and /compact names the new strategy in its own report', async () => {
    const { pty, file } = await chat('compaction:\n  strategy: recent\n', ['--trust']);
    pty.write(`hello${enter}`);
    // /compact needs the turn to end.
    await pty.waitFor('For a reasoned answer');
    await pty.waitFor((rows) => !rows.join('\n').includes('Esc interrupts'));
    writeFileSync(file, '# A comment.\ncompaction:\n  strategy: task-aware\n');
    await pty.waitFor('compaction.strategy: recent -> task-aware (.victorrc:3)');
    pty.write(`/compact${enter}`);
    await pty.waitFor(/\(task-aware\): \d+ messages/);
    expect(seen(pty, 'compaction.strategy:')).toBe(1);
  });

  it('a command that is sent right after the save works with what was saved', async () => {
    const { pty, file } = await chat('compaction: { strategy: recent }\n');
    writeFileSync(file, 'compaction: { strategy: none }\n');
    pty.write(`/compact${enter}`);
    await pty.waitFor('Nothing to compact (none)');
    expect(seen(pty, 'compaction.strategy: recent -> none (.victorrc:1)')).toBe(1);
  });

  it('keeps the old settings on an error, says why with file, line and the nearest key, and goes on', async () => {
    const { pty, file } = await chat('compaction:\n  strategy: none\n');
    writeFileSync(file, 'compaction:\n  stratgy: recent\n');
    await pty.waitFor(/\.victorrc:2: .*stratgy/);
    await pty.waitFor('The settings from before still hold.');
    pty.write(`/compact${enter}`);
    await pty.waitFor('Nothing to compact (none)');
    writeFileSync(file, 'compaction:\n  strategy: recent\n');
    await pty.waitFor('compaction.strategy: none -> recent (.victorrc:2)');
  });

  it('a file that is removed leaves its defaults, and a stricter mode shows in the footer', async () => {
    const { pty, file } = await chat('maxTurns: 7\n');
    writeFileSync(file, 'maxTurns: 7\npermissions: { mode: plan }\n');
    await pty.waitFor('permissions.mode: ask -> plan (.victorrc:2)');
    await pty.waitFor(/^plan · offline/m);
    rmSync(file);
    await pty.waitFor('maxTurns: 7 -> 50 (default)');
    await pty.waitFor('.victorrc is no longer read');
  });

  it('new code of a trusted project waits until /reload confirms it', async () => {
    const { pty, cwd, file } = await chat('', ['--trust']);
    writeFileSync(
      join(cwd, 'mine.mjs'),
      `export const create = () => ({ name: 'mine', compact: (context) => context });`,
    );
    writeFileSync(file, 'compaction:\n  strategy: ./mine.mjs\n');
    await pty.waitFor(/confirm it with \/reload[\s\S]*compaction\.strategy/);
    pty.write(`/compact${enter}`);
    await pty.waitFor('Nothing to compact (recent)');
    pty.write(`/reload${enter}`);
    await pty.waitFor(/compaction\.strategy: recent -> .*mine\.mjs \(\.victorrc:2\)/);
    pty.write(`/compact${enter}`);
    await pty.waitFor('Nothing to compact (mine)');
    pty.write(`/reload${enter}`);
    await pty.waitFor('The settings are as they were.');
  });
});
