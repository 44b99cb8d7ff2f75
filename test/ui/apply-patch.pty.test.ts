import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { chat } from '../helpers/chat-pty.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const input = `*** Begin Patch
*** Update File: a.txt
@@
-one
+1
*** Add File: b.txt
+new
*** Delete File: gone.txt
*** End Patch`;

describe('a patch in victor chat, the real program', () => {
  it('is shown file by file with the question, applied with a yes, and taken back by /undo', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'a.txt'), 'one\n');
    writeFileSync(join(cwd, 'gone.txt'), 'bye\n');
    const { pty } = await chat(
      [{ toolCalls: [{ name: 'apply_patch', input: { input } }] }, { text: 'All done.' }],
      [],
      {
        cwd,
      },
    );
    pty.write(`change it${enter}`);
    const asked = (await pty.waitFor('Allow apply_patch?')).join('\n');
    expect(asked).toContain('a.txt\n  1 - one\n  1 + 1');
    expect(asked).toContain('b.txt · new\n  1 + new');
    expect(asked).toContain('gone.txt · deleted\n  1 - bye');
    expect(asked).not.toContain('*** Begin Patch');
    await sleep(900);
    pty.write('y');
    await pty.waitFor('All done.');
    expect(pty.history().join('\n')).toContain('✓ apply_patch a.txt, add b.txt, delete gone.txt · 3 files');
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('1\n');
    expect([existsSync(join(cwd, 'b.txt')), existsSync(join(cwd, 'gone.txt'))]).toEqual([true, false]);
    pty.write(`/expand 1${enter}`);
    await pty.waitFor(/\ngone\.txt · deleted/);
    pty.write(`/undo${enter}`);
    await pty.waitFor('Do it?');
    await sleep(900);
    pty.write(enter);
    await expect.poll(() => existsSync(join(cwd, 'gone.txt'))).toBe(true);
    await expect.poll(() => readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one\n');
  });
});
