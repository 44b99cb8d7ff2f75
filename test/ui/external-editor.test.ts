import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editInEditor } from '../../src/ui/external-editor.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

/** Edits `text` with a shell script as the editor. */
async function edit(
  text: string,
  script: string,
  more: NodeJS.ProcessEnv = {},
  signal = new AbortController().signal,
) {
  const folder = temporaryDirectory();
  const program = join(folder, 'editor.sh');
  writeFileSync(program, script);
  const environment = { PATH: process.env.PATH, FOLDER: folder, EDITOR: `sh ${program}`, ...more };
  const edited = await editInEditor(text, { environment, cwd: folder, signal });
  const seen = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { edited, seen };
}

describe('the external editor', () => {
  it('gets the text in a file of this user alone, which is gone afterwards, and answers what it wrote', async () => {
    const { edited, seen } = await edit(
      'one\ntwo',
      'cp "$1" "$FOLDER/text"; stat -c %a "$1" "$(dirname "$1")" > "$FOLDER/modes"; echo "$1" > "$FOLDER/name"; printf "changed\\r\\nhere\\n" > "$1"',
    );
    expect(edited).toEqual({ text: 'changed\nhere' });
    expect(seen('text')).toBe('one\ntwo');
    expect(seen('modes')).toBe('600\n700\n');
    const name = seen('name').trim();
    expect(() => readFileSync(name)).toThrow('ENOENT');
    expect(readdirSync(tmpdir()).map((entry) => join(tmpdir(), entry))).not.toContain(join(name, '..'));
  });

  it('is VISUAL before EDITOR, with its arguments and variables as a shell takes them', async () => {
    const visual = 'WORD=two sh -c \'printf "$0 $WORD" > "$1"\' one';
    expect((await edit('x', 'exit 9', { VISUAL: visual })).edited).toEqual({ text: 'one two' });
    expect((await edit('x', 'printf plain > "$1"', { VISUAL: ' ' })).edited).toEqual({ text: 'plain' });
  });

  it.each(['sh "$FOLDER/editor.sh"', 'WORD="a b" sh "$FOLDER/editor.sh"'])(
    'with the command %s is ended itself, not only the shell that began it',
    async (EDITOR) => {
      const file = join(temporaryDirectory(), 'id');
      const ending = new AbortController();
      const script = 'echo $$ > "$ID.new"; mv "$ID.new" "$ID"; exec sleep 60';
      const edited = edit('x', script, { EDITOR, ID: file }, ending.signal);
      await expect.poll(() => existsSync(file)).toBe(true);
      const id = Number(readFileSync(file, 'utf8'));
      ending.abort();
      expect((await edited).edited.failed).toContain('was ended by SIGTERM');
      expect(() => process.kill(id, 0)).toThrow('ESRCH');
    },
  );

  it.each([
    'sh "$FOLDER/editor.sh"; echo next > "$ID.next"; true',
    '(sh "$FOLDER/editor.sh") || sh "$FOLDER/editor.sh"; cat',
    'sh -c \'sh "$FOLDER/editor.sh"; true\' && true',
  ])(
    'with the shell command %s is ended with all that it has begun, and nothing of it goes on',
    async (EDITOR) => {
      const file = join(temporaryDirectory(), 'id');
      const ending = new AbortController();
      const script = 'echo $$ > "$ID.new"; mv "$ID.new" "$ID"; sleep 60; true';
      const edited = edit('x', script, { EDITOR, ID: file }, ending.signal);
      await expect.poll(() => existsSync(file)).toBe(true);
      const id = Number(readFileSync(file, 'utf8'));
      const below = () =>
        spawnSync('ps', ['-o', 'pid=', '--ppid', String(id)], { encoding: 'utf8' }).stdout.trim();
      await expect.poll(below).not.toBe('');
      const sleeping = Number(below());
      ending.abort();
      expect((await edited).edited.failed).toContain('was ended by SIGTERM');
      const isGone = (pid: number) => {
        try {
          process.kill(pid, 0);
          return false;
        } catch {
          return true;
        }
      };
      for (const pid of [id, sleeping]) await expect.poll(() => isGone(pid)).toBe(true);
      expect(existsSync(`${file}.next`)).toBe(false);
    },
  );

  it.each([
    ['fails', 'exit 3', 'ended with code 3, so that the input is as it was.'],
    ['is killed', 'kill -9 $$', 'so that the input is as it was.'],
    ['takes the file away', 'rm "$1"', 'The input could not be edited: ENOENT'],
  ])('that %s changes nothing and says why', async (_, script, why) => {
    const { edited } = await edit('x', script);
    expect(edited.failed).toContain(why);
    expect(edited.text).toBeUndefined();
  });

  it('is missed with advice where there is none, and never taken from the folder that is worked in', async () => {
    const [cwd, empty] = [temporaryDirectory(), temporaryDirectory()];
    writeFileSync(join(cwd, 'vi'), '#!/bin/sh\ntouch "$0.ran"\n', { mode: 0o755 });
    const { signal } = new AbortController();
    const PATH = `.:${cwd}:${empty}`;
    const edited = await editInEditor('x', { environment: { PATH }, cwd, signal });
    expect(edited.failed).toMatch(/^There is no editor: set VISUAL or EDITOR/);
    const named = await editInEditor('x', { environment: { PATH, EDITOR: 'vi' }, cwd, signal });
    expect(named.failed).toContain('ended with code 127');
    expect(readdirSync(cwd)).toEqual(['vi']);
  });

  it('E01 writes nothing that controls a terminal', async () => {
    const { edited } = await edit('x', 'printf "a\\033[2Jb\\007\\000c\\377" > "$1"');
    expect(edited).toEqual({ text: 'abc\ufffd' });
  });

  it('ends when the terminal is needed back', async () => {
    const controller = new AbortController();
    const done = edit('x', 'exec sleep 60', {}, controller.signal);
    setTimeout(() => controller.abort(), 200);
    expect((await done).edited.failed).toContain('was ended by SIGTERM');
    const late = await edit('x', 'exec sleep 60', {}, AbortSignal.abort());
    expect(late.edited.failed).toContain('was ended by SIGTERM');
  });
});
