import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyToClipboard } from '../../src/ui/clipboard.js';
import { clipboardPrograms, mostTerminalBytes, terminalCopy } from '../../src/ui/clipboard-ways.js';
import { codeBlocks } from '../../src/ui/code-blocks.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

const names = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') =>
  clipboardPrograms(environment, platform).map(([name]) => name);

describe('the sequence for the terminal', () => {
  it('holds the text and nothing that a terminal obeys', () => {
    const sequence = terminalCopy('a\u001b[2J\u0007ü', { TERM: 'xterm' })!;
    const [, encoded = ''] = /^\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007$/.exec(sequence) ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe('a\u001b[2J\u0007ü');
  });

  it('goes to tmux itself and through it', () => {
    const plain = terminalCopy('x', { TERM: 'xterm' })!;
    const inner = plain.replaceAll('\u001b', '\u001b\u001b');
    expect(terminalCopy('x', { TERM: 'screen', TMUX: '/tmp/x' })).toBe(
      `${plain}\u001bPtmux;${inner}\u001b\\`,
    );
  });

  it('is not made of more than terminals take, nor for one that would print it', () => {
    expect(terminalCopy('x'.repeat(mostTerminalBytes), { TERM: 'xterm' })).toBeDefined();
    expect(terminalCopy('x'.repeat(mostTerminalBytes + 1), { TERM: 'xterm' })).toBeUndefined();
    expect(terminalCopy('x', { TERM: 'dumb' })).toBeUndefined();
  });
});

describe('programs for a clipboard', () => {
  it('are those of the display that is there', () => {
    expect(names({})).toEqual([]);
    expect(names({}, 'darwin')).toEqual(['pbcopy']);
    expect(names({ DISPLAY: ':0' })).toEqual(['xclip', 'xsel']);
    expect(names({ WAYLAND_DISPLAY: 'w', DISPLAY: ':0' })).toEqual(['wl-copy', 'xclip', 'xsel']);
    expect(names({ TMUX: 't' })).toEqual(['tmux']);
  });

  it('get the text on standard input, without the keys of this process; one that fails is passed over', async () => {
    const [bin, cwd] = [temporaryDirectory(), temporaryDirectory()];
    const script = (name: string, body: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    script('wl-copy', 'exit 1');
    script('xclip', `cat > '${bin}/text'; env > '${bin}/env'; echo "$@" > '${bin}/args'`);
    const environment = {
      PATH: `${bin}:${process.env.PATH}`,
      TERM: 'dumb',
      WAYLAND_DISPLAY: 'w',
      DISPLAY: ':7',
      ANTHROPIC_API_KEY: 'secret-key',
    };
    const written: string[] = [];
    const write = (data: string) => void written.push(data);
    const options = { environment, platform: 'linux', cwd, write } as const;
    expect(await copyToClipboard('two\nlines ü', options)).toEqual(['xclip']);
    expect(readFileSync(join(bin, 'text'), 'utf8')).toBe('two\nlines ü');
    expect(readFileSync(join(bin, 'args'), 'utf8')).toBe('-selection clipboard\n');
    const seen = readFileSync(join(bin, 'env'), 'utf8');
    expect(seen).toContain('DISPLAY=:7');
    expect(seen).not.toContain('secret-key');
    expect(written).toEqual([]);
  });

  it('are never taken from the folder that the chat works in', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'xclip'), `#!/bin/sh\ntouch '${cwd}/ran'\n`);
    chmodSync(join(cwd, 'xclip'), 0o755);
    const environment = { PATH: cwd, TERM: 'xterm', DISPLAY: ':0' };
    const options = { environment, platform: 'linux', cwd, write: () => {} } as const;
    expect(await copyToClipboard('x', options)).toEqual(['the terminal']);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });
});

describe('blocks of code in an answer', () => {
  it.each([
    ['none', 'just text with `code`', []],
    ['two', 'a\n```ts\none\n\ntwo\n```\nb\n~~~\nthree\n~~~', ['one\n\ntwo', 'three']],
    ['a fence inside a longer one', '````\n```\nx\n```\n````', ['```\nx\n```']],
    ['indented, as in a list', '- a\n  ```\n  x\n    y\n  ```', ['x\n  y']],
    ['in a quote', '> ```sh\n> ls\n>\n>  -l\n> ```\n> said', ['ls\n\n -l']],
    ['in a quote that ends first', '> ```\n> a\n\nb\n```\nc\n```', ['a', 'c']],
    ['of an item that begins with it', '1. ```\n   a\n     b\n   ```', ['a\n  b']],
    ['one that never ends', '```\nx', ['x']],
    ['no block where a line only begins so', '``` a ``` b', []],
  ])('%s', (_, markdown, blocks) => {
    expect(codeBlocks(markdown)).toEqual(blocks);
  });
});
