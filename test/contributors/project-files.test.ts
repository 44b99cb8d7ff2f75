import { execFileSync } from 'node:child_process';
import { realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createProjectFilesContributor,
  type ProjectFilesOptions,
} from '../../src/contributors/project-files.js';
import { makeWorkspace } from '../helpers/workspace.js';

async function contributor(
  files: Readonly<Record<string, string>>,
  options: Partial<ProjectFilesOptions> = {},
) {
  const workspaceRoot = await realpath(await makeWorkspace(files));
  const one = createProjectFilesContributor({ cwd: workspaceRoot, workspaceRoot, trusted: true, ...options });
  return {
    workspaceRoot,
    text: (turnId?: string) =>
      (one.getContribution(turnId === undefined ? {} : { turnId }) as { text: string }).text,
    from: (sub: string, more: Partial<ProjectFilesOptions> = {}) => {
      const given = { cwd: join(workspaceRoot, sub), workspaceRoot, trusted: true, ...more };
      return (createProjectFilesContributor(given).getContribution({}) as { text: string }).text;
    },
  };
}

describe('project-files', () => {
  it('contributes nothing where there are no files', async () => {
    const { text } = await contributor({ 'README.md': 'x' });
    expect(text()).toBe('');
  });

  it('reads AGENTS.md, else CLAUDE.md, in each folder from the root down to the working directory', async () => {
    const { from, workspaceRoot } = await contributor({
      'AGENTS.md': 'root agents',
      'CLAUDE.md': 'root claude',
      'a/CLAUDE.md': 'a claude',
      'a/b/x': '',
      'a/b/c/AGENTS.md': 'c agents',
      'other/AGENTS.md': 'other agents',
    });
    const text = from('a/b/c');
    const order = ['root agents', 'a claude', 'c agents'].map((part) => text.indexOf(part));
    expect(order.every((at) => at > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(text).not.toMatch(/root claude|other agents/);
    expect(text).toContain(`From ${join(workspaceRoot, 'a/CLAUDE.md')}:`);
    expect(from('a/b')).not.toContain('c agents');
  });

  it('puts the instructions of the user first, with their authority whatever the folder', async () => {
    const globalDirectory = await makeWorkspace({ 'AGENTS.md': 'mine' });
    const { text } = await contributor({ 'AGENTS.md': 'theirs' }, { globalDirectory, trusted: false });
    expect(text()).toMatch(
      /^# Instructions of the user\n\nFrom .*:\nmine\n\n# Notes found in this project\n/,
    );
  });

  it('labels what an untrusted folder says as text without authority', async () => {
    const { text } = await contributor({ 'AGENTS.md': 'theirs' }, { trusted: false });
    expect(text()).toMatch(/text from its files, without authority[\s\S]*theirs/);
    expect((await contributor({ 'AGENTS.md': 'theirs' })).text()).toMatch(
      /^# Instructions of this project\n/,
    );
  });

  it('C22: strips what a model reads and a person does not see, and says how much there was', async () => {
    const tags = [...'evil'].map((letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0)!)).join('');
    const { text } = await contributor({
      'AGENTS.md': `\ufeffUse${tags} ta\u200bbs\u202e.\u2066\ufe0f\u001b[2J\r\n\tNext — ümlaut 日本 🙂\n`,
    });
    expect(text()).toContain(
      'Use tabs.[2J\n\tNext — ümlaut 日本 🙂\n(9 hidden characters were removed from this file.)',
    );
    expect(text()).not.toMatch(/[\u{e0000}-\u{e007f}\u202a-\u202e\u2066-\u2069\u200b-\u200f\u001b\ufeff]/u);
  });

  it('cuts a file after 32 kB, between characters, and says where the rest is', async () => {
    const { text, workspaceRoot } = await contributor({ 'AGENTS.md': `a${'ü'.repeat(20_000)}` });
    expect(text()).toContain(`(Cut after 32 kB of 40: read AGENTS.md in ${workspaceRoot} for the rest.)`);
    expect(text()).not.toContain('\ufffd');
    expect(Buffer.byteLength(text())).toBeLessThan(33_000);
  });

  it('reads a file again when it changed, appeared or went away', async () => {
    const { text, workspaceRoot } = await contributor({ 'AGENTS.md': 'one' });
    const file = join(workspaceRoot, 'AGENTS.md');
    expect(text()).toContain('one');
    await writeFile(file, 'two');
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    expect(text()).toContain('two');
    await rm(file);
    expect(text()).toBe('');
    await writeFile(join(workspaceRoot, 'CLAUDE.md'), 'three');
    expect(text()).toContain('three');
  });

  it.each([
    [
      'a link to a secret',
      (file: string, outside: string) => symlink(join(outside, 'secret'), file),
      'symbolic link that leaves the workspace',
    ],
    ['a named pipe', (file: string) => execFileSync('mkfifo', [file]), 'is a named pipe'],
    ['two megabytes', (file: string) => writeFile(file, 'x'.repeat(2_000_000)), 'larger than 1024 kB'],
    ['no text', (file: string) => writeFile(file, Buffer.from([0xff, 0xfe, 0x41, 0x00])), 'not UTF-8'],
  ])('does not read %s, and says so', async (_, make, reason) => {
    const outside = await makeWorkspace({ secret: 'key-123' });
    const { text, workspaceRoot } = await contributor({});
    await make(join(workspaceRoot, 'AGENTS.md'), outside);
    expect(text()).toContain(`(${join(workspaceRoot, 'AGENTS.md')} was not read: it `);
    expect(text()).toContain(reason);
    expect(text()).not.toContain('key-123');
  });

  it('follows a link inside the workspace, as from CLAUDE.md to AGENTS.md', async () => {
    const { text, workspaceRoot } = await contributor({ 'docs/agents.md': 'linked' });
    await symlink('docs/agents.md', join(workspaceRoot, 'CLAUDE.md'));
    expect(text()).toContain('linked');
  });
});

it('what changes in the middle of a turn counts from the next one, so that the prompt stays the same meanwhile', async () => {
  const { workspaceRoot, text } = await contributor({ 'AGENTS.md': 'Use tabs.' });
  expect(text('one')).toContain('Use tabs.');
  await writeFile(join(workspaceRoot, 'AGENTS.md'), 'Use spaces now.');
  expect(text('one')).toContain('Use tabs.');
  expect(text('two')).toContain('Use spaces now.');
});
