import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initialState } from '../../src/state.js';
import { initialInput } from '../../src/ui/input-state.js';
import type { Key } from '../../src/ui/keys.js';
import { imagePath, withImageMention } from '../../src/ui/mentions/pasted-image.js';
import type { Screen } from '../../src/ui/screen.js';
import { makeWorkspace } from '../helpers/workspace.js';

it.each<readonly [pasted: string, path: string | undefined]>([
  ['/home/me/shot.png', '/home/me/shot.png'],
  ['/home/me/my\\ shot\\ \\(1\\).PNG', '/home/me/my shot (1).PNG'],
  ["'/home/me/my shot.jpeg'", '/home/me/my shot.jpeg'],
  ['"/home/me/my shot.webp"', '/home/me/my shot.webp'],
  ['file:///home/me/my%20shot.gif', '/home/me/my shot.gif'],
  ['file://elsewhere%/a.png', undefined],
  ['shot.png', undefined],
  ['/home/me/notes.txt', undefined],
  ['/a.png\n/b.png', undefined],
  ['see /home/me/shot.png', undefined],
])('%j is the path %j', (pasted, path) => {
  expect(imagePath(pasted)).toBe(path);
});

it('a picture that is pasted by its path becomes a mention; what is not there, and what goes to a command, stays a path', async () => {
  const cwd = await makeWorkspace({ 'a shot.png': '' });
  const screen = (text: string): Screen => ({
    state: initialState(),
    input: { ...initialInput(), text },
    columns: 80,
    rows: 24,
    now: 0,
    approval: undefined,
    queued: [],
    hint: '',
    print: { number: 0, blocks: [] },
  });
  const paste = (path: string): Key => ({ type: 'paste', text: path });
  const path = join(cwd, 'a shot.png');
  expect(withImageMention(paste(path), screen(''), cwd)).toEqual({ type: 'text', text: '@"a shot.png" ' });
  expect(withImageMention(paste(path), screen(''), '/elsewhere')).toEqual({
    type: 'text',
    text: `@"${path}" `,
  });
  const others: [Key, string][] = [
    [paste(join(cwd, 'none.png')), ''],
    [paste(path), '!file '],
    [{ type: 'text', text: path }, ''],
  ];
  for (const [key, text] of others) expect(withImageMention(key, screen(text), cwd)).toBe(key);
});
