import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scriptedModel } from './helpers/ask-model.js';
import { atRest } from './helpers/chat-pty.js';
import { victorOnPath } from './helpers/completing-shell.js';
import type { ServerStep } from './helpers/model-server.js';
import { startPty } from './helpers/pty.js';
import { finish, runShell } from './helpers/run-victor.js';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const page = read('docs/first-steps.md');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
const [install = '', demo = '', folder = '', question = '', repair = '', chat = '', later = ''] = blocks;

const call = (name: string, input: Record<string, unknown>): ServerStep => ({ toolCalls: [{ name, input }] });
const counted = 'items.reduce((sum, { price, count }) => sum + price * count, 0)';
const script: readonly ServerStep[] = [
  call('Read', { path: 'price.js' }),
  { text: 'The count is left out.' },
  call('Edit', {
    path: 'price.js',
    oldText: 'items.reduce((sum, { price }) => sum + price, 0)',
    newText: counted,
  }),
  call('Bash', { command: 'node --test' }),
  { text: 'Repaired.' },
  call('Edit', { path: 'price.js', oldText: 'total', newText: 'sumOf' }),
  { text: 'Renamed.' },
];

describe('docs/first-steps.md', () => {
  it('installs the package and the command that package.json names', () => {
    const about = JSON.parse(read('package.json'));
    expect(install.split('\n')[0]).toBe(`npm install --global ${about.name}`);
    expect(Object.keys(about.bin)).toEqual(['victor']);
    expect(page).toContain(`Node ${about.engines.node.slice(2)} or newer`);
    expect(blocks).toHaveLength(7);
    expect(chat).toBe('victor\n');
  });

  it('its lines, one behind the other, lead from nothing to a repaired file, and the chat goes on there', async () => {
    const model = await scriptedModel(...script);
    const { env, cwd } = victorOnPath();
    const place = { ...env, ...model.env, GIT_PAGER: 'cat' };
    const installed = install.slice(install.indexOf('\n') + 1);
    const lines = [installed, demo, folder, question, 'echo; echo ---', repair, later].join('\n');
    const child = spawn('bash', ['--noprofile', '--norc', '-ec', lines], {
      cwd,
      env: place,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, stdout, stderr } = await finish(child);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [before = '', after = ''] = stdout.split('\n---\n');
    expect(before).toMatch(
      /^\d+\.\d+\.\d+\nok +installation[\s\S]*Repaired:[\s\S]*The count is left out\.\n$/,
    );
    expect(after).toMatch(/^Repaired\.\ndiff --git[\s\S]*\+.*price \* count[\s\S]*pass 1\n/);
    expect(after).toMatch(/^permissions\.mode = "accept-edits" {2}# user /m);
    expect(model.toolResults().join()).toMatch(/pass 1/);
    const here = join(cwd, 'first-steps');
    const file = join(here, 'price.js');
    expect(await readFile(file, 'utf8')).toContain(counted);

    const [command = ''] = chat.split('\n');
    const pty = startPty({
      command,
      args: ['--permission-mode', 'ask'],
      cwd: here,
      env: place,
      columns: 100,
      rows: 30,
    });
    onTestFinished(async () => {
      pty.kill();
      await pty.exit;
    });
    await pty.waitFor('❯');
    pty.write('Rename total.\r');
    await pty.waitFor('y once');
    // What is typed in the moment a question opens is no answer.
    const answered = async () => {
      pty.write('y');
      return (await readFile(file, 'utf8')).includes('sumOf');
    };
    await expect.poll(answered, { interval: 500, timeout: 60_000 }).toBe(true);
    await pty.waitFor(atRest('Renamed.'));
    const cycle = [...page.matchAll(/`Shift\+Tab` \| the next mode: ([^|]*)\|/g)][0]![1]!;
    const modes = [...cycle.matchAll(/`([\w-]+)`/g)].map(([, mode]) => mode!);
    for (const mode of [...modes.slice(1), modes[0]!]) {
      pty.write('\u001b[Z');
      await pty.waitFor((screen) => screen.some((row) => row.startsWith(`${mode} · anthropic/`)));
    }
  });

  it('the settings for who answers are ones', async () => {
    const { env, cwd } = victorOnPath();
    const lines = [...page.matchAll(/`(victor config (?:set provider|set model|path)[^`]*)`/g)].map(
      ([, line]) => line!,
    );
    expect(lines).toHaveLength(3);
    const { code, stdout } = await runShell([...lines, 'victor config show'].join(' && '), { env, cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^provider = "ollama"/m);
    const [, setting = ''] = /`(provider: \[openai[^`]*)`/.exec(page) ?? [];
    const written = `printf '%s\\n' '${setting.replace('…', 'example.com')}' > .victorrc && victor config validate`;
    expect(await runShell(written, { env, cwd })).toMatchObject({ code: 0 });
  });

  it('leads to pages that are there, and the README to it', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) expect(read(join('docs', link))).not.toBe('');
    expect(read('README.md')).toContain('(docs/first-steps.md)');
  });
});
