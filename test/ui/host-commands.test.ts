import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assistantMessage, userMessage } from '../../src/core/message.js';
import type { BlockBody } from '../../src/state.js';
import { initialState } from '../../src/state.js';
import type { CommandContext } from '../../src/ui/commands/command.js';
import { commands } from '../../src/ui/commands/registry.js';
import { runCommand } from '../../src/ui/commands/run-command.js';
import type { Host } from '../../src/ui/host.js';
import { fakeHost } from './programs/fake-host.js';
import { createFakePort } from './programs/fake-port.js';

const nobody = null;

function textOf(blocks: readonly BlockBody[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'output') return `${block.title}\n${block.text}`;
      if (block.kind === 'notice') return block.text;
      return block.kind === 'error' ? `${block.error.message} ${block.error.advice}` : block.kind;
    })
    .join('\n');
}

async function answer(
  text: string,
  change: Partial<CommandContext> = {},
  around: Host | null = fakeHost,
): Promise<string> {
  const port = change.port ?? createFakePort({ act: async () => {} });
  const shown: BlockBody[] = [];
  const context: CommandContext = {
    port,
    ...(around ? { host: around } : {}),
    sessionId: 'session-one',
    state: initialState(),
    commands,
    columns: 80,
    cwd: '/nowhere',
    hint: () => {},
    send: () => {},
    copy: async () => [],
    switchSession: async () => [],
    changeMode: () => true,
    show: (blocks) => void shown.push(...blocks),
    choose: async () => undefined,
    setInput: () => {},
    quit: () => {},
    ...change,
  };
  const blocks = await runCommand(text, context, false);
  return textOf([...shown, ...blocks]);
}

describe('commands that ask the program around the screen', () => {
  it('/status tells where it runs, with whom, under which rules', async () => {
    expect(await answer('/status')).toBe(
      [
        'Status',
        'version   1.2.3',
        'model     fake/one',
        'mode      ask',
        'trust     /work is not trusted: nothing in it runs by itself, and its settings only tighten yours',
        '          victor trust, typed in a shell there, trusts it from the next start on',
        'sandbox   on, without network',
        'session   session-one',
        'folder    /work/app',
        'settings  /work/.victorrc',
        '          /home/me/config.json',
        'database  /home/me/victor.db',
      ].join('\n'),
    );
  });

  it.each([
    ['/stats', '30 days by model'],
    ['/stats 7', '7 days by model'],
    ['/stats tool', '30 days by tool'],
    ['/stats 14 by Session', '14 days by session'],
  ])('%s asks for the report that victor stats prints', async (text, said) => {
    expect(await answer(text)).toBe(`Statistics\n${said}\nin 78 cells`);
  });

  it('/permissions tells the mode, each rule with its place, and what was allowed', async () => {
    const text = await answer('/permissions');
    expect(text).toContain('mode   ask: reads run, everything else asks');
    expect(text).toContain('deny   Bash(git push:*)  # project /work/.victorrc:7');
    expect(text).toContain('allowed by you for this session\nEdit  what is not protected in the workspace');
    expect(text).toMatch(/allowed by you for every session in this folder\n\? +Bash {2}npm test/);
    expect(text).toContain('victor permissions forget');
  });

  it('/permissions explain tells what would happen to a command', async () => {
    expect(await answer('/permissions explain rm -rf /')).toBe(
      'What would happen to rm -rf /\nask: rm -rf / may do anything\nmode: ask',
    );
    expect(await answer('/permissions nonsense')).toContain('/permissions explain COMMAND');
  });

  it('/doctor tells each group as it is looked at, and how much is broken', async () => {
    expect(await answer('/doctor')).toBe(
      [
        'Looking at the system, the settings and this chat …',
        'Checked: system\n✓ git: /usr/bin/git',
        'Checked: this chat\n✗ provider: no key',
        '1 thing is broken: see what has a ✗.',
      ].join('\n'),
    );
  });

  it('/model offers every model, the present one first, and changes to the chosen one', async () => {
    const asked: (readonly string[])[] = [];
    const hints: string[] = [];
    const take = (index: number | undefined) => ({
      hint: (text: string) => void hints.push(text),
      choose: async (_: string, options: readonly string[]) => {
        asked.push(options);
        return index;
      },
    });
    expect(await answer('/model', take(1))).toBe('other/two answers from now on.');
    expect(asked[0]).toEqual(['fake/one (current)  $3 in', 'other/two  $1 in']);
    expect(hints).toEqual(['Asking the providers for their models …', '']);
    expect(await answer('/model', take(0))).toContain('fake/one answers. /model NAME changes it');
    expect(await answer('/model', take(undefined))).toContain('fake/one answers.');
  });

  it('say so where there is no such program', async () => {
    const port = createFakePort({ act: async () => {} });
    const without = (text: string) => answer(text, { port }, nobody);
    for (const text of ['/stats', '/doctor', '/permissions explain ls'])
      expect(await without(text)).toMatch(/^There is nothing to/);
    expect(await without('/status')).toContain('model     fake/one');
    expect(await without('/model')).toContain('fake/one answers.');
  });
});

describe('/copy', () => {
  const port = createFakePort({ act: async () => {} });
  const code = 'Look:\n```ts\nlet a = 1;\n```\nand\n```\nb\n```';
  const messages = [
    userMessage('q'),
    assistantMessage('first'),
    assistantMessage(''),
    assistantMessage(code),
  ];
  const coordinators = {
    ...port.coordinators,
    context: { getContext: () => ({ messages, metadata: {} }) },
  };
  const copied = async (text: string, ways: readonly string[] = ['xclip', 'the terminal']) => {
    let taken: string | undefined;
    const copy = async (given: string) => {
      taken = given;
      return ways;
    };
    const said = await answer(text, { port: { ...port, coordinators }, copy });
    return { taken, said };
  };

  it.each([
    ['/copy', code],
    ['/copy 2', 'first'],
    ['/copy code', 'b'],
    ['/copy code 1', 'let a = 1;'],
    ['/copy 1 code 2', 'b'],
  ])('%s takes what it names', async (text, expected) => {
    expect(await copied(text)).toEqual({
      taken: expected,
      said: `Copied ${expected.length} characters by xclip and the terminal.`,
    });
  });

  it.each([
    ['/copy 3', 'There are 2 answers in the context.'],
    ['/copy 0', 'There are 2 answers in the context.'],
    ['/copy code 3', 'That answer has 2 blocks of code.'],
    ['/copy 2 code', 'That answer has no block of code.'],
    ['/copy everything', 'Say /copy'],
  ])('%s says why there is nothing to take', async (text, said) => {
    const { taken, said: answered } = await copied(text);
    expect(taken).toBeUndefined();
    expect(answered).toContain(said);
  });

  it('code is that of the nearest answer that has any, and says which', async () => {
    messages.push(assistantMessage('done'));
    expect(await copied('/copy code 1')).toEqual({
      taken: 'let a = 1;',
      said: 'Copied 10 characters of the answer before the last (2) by xclip and the terminal.',
    });
    expect((await copied('/copy 1 code')).said).toBe('That answer has no block of code.');
    messages.push(assistantMessage('done again'));
    expect((await copied('/copy code')).said).toContain('of the answer 3 from the end');
    expect((await copied('/copy code 3')).said).toBe('That answer has 2 blocks of code.');
    messages.splice(1, messages.length, assistantMessage('text'));
    expect((await copied('/copy code')).said).toBe('No answer in the context has a block of code.');
  });

  it('says what to do where there is no way to a clipboard', async () => {
    expect((await copied('/copy', [])).said).toContain('install xclip or wl-copy');
  });
});

describe('/init', () => {
  it('asks the model for AGENTS.md in an ordinary turn', async () => {
    const sent: string[] = [];
    const cwd = mkdtempSync(join(tmpdir(), 'init-'));
    expect(await answer('/init', { cwd, send: (text) => void sent.push(text) })).toBe('');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/^Write AGENTS\.md in the working directory/);
  });

  it('leaves one that is there alone, and asks for nothing in a mode that writes no files', async () => {
    const sent: string[] = [];
    const send = (text: string) => void sent.push(text);
    const cwd = mkdtempSync(join(tmpdir(), 'init-'));
    const port = createFakePort({ act: async () => {} });
    port.setMode('plan', 'session-one');
    expect(await answer('/init', { cwd, send, port })).toContain('Mode plan writes no files.');
    writeFileSync(join(cwd, 'AGENTS.md'), 'x');
    expect(await answer('/init', { cwd, send })).toContain('AGENTS.md is here already');
    expect(sent).toEqual([]);
  });
});
