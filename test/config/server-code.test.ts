import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingItems } from '../../src/config/folder-items.js';
import { serverCode } from '../../src/config/server-code.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

function folder(...paths: readonly string[]) {
  const directory = temporaryDirectory();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  for (const path of paths) write(path, '1');
  return { directory, write };
}

const unset = ['$', '{NOT_SET_HERE:-server.mjs}'].join('');
const working = ['$', '{PWD}/server.mjs'].join('');

describe('a change of the program that a definition names changes what was confirmed', () => {
  it.each([
    ['as a word', { args: ['server.mjs'] }],
    ['as the program itself', { command: './server.mjs' }],
    ['as what stands for a variable', { args: [unset] }],
    ['behind a variable that is a folder', { args: [working] }],
    ['behind =', { args: ['--import=./server.mjs', 'x'] }],
    ['behind an option of one letter', { args: ['-r./server.mjs'] }],
    ['in a line for a shell', { command: 'sh', args: ['-c', 'exec node "server.mjs"; true'] }],
    ['in a variable of the program', { env: { NODE_OPTIONS: '--import ./server.mjs' } }],
    ['without its ending', { args: ['server'] }, 'server.js'],
    ['as a folder', { args: ['.'] }, 'index.js'],
    ['as a folder for npx', { command: 'npx', args: ['-y', '.'] }, 'index.js'],
    ['as a folder with a package.json', { args: ['.'] }, 'lib/main.js'],
    ['by what a named file imports', { args: ['first.mjs'] }],
  ])('%s', (_, given, program = 'server.mjs') => {
    const { directory, write } = folder(program);
    write('package.json', '{ "main": "lib/main" }');
    write('first.mjs', "import './server.mjs';");
    const code = () => serverCode({ command: 'node', ...given }, directory);
    const before = code();
    expect(before?.length).toBeGreaterThan(0);
    write(program, '2');
    expect(code()).not.toEqual(before);
  });

  it('a folder that a package gets to work in is none of its code', () => {
    const { directory, write } = folder('index.js');
    const code = () => serverCode({ command: 'npx', args: ['-y', '@some/server', '.'] }, directory);
    const before = code();
    write('index.js', '2');
    expect(code()).toEqual(before);
  });

  it('one that is too large to tell has no pin, so that it is asked each time; an installed one is known by its change', () => {
    const { directory } = folder('large');
    truncateSync(join(directory, 'large'), 40 * 1024 * 1024);
    const pins = (command: string) =>
      settingItems({ mcpServers: { one: { command } } }, join(directory, '.mcp.json')).map(({ pin }) => pin);
    expect(pins('./large')).toEqual([undefined]);
    const elsewhere = folder('large').directory;
    truncateSync(join(elsewhere, 'large'), 40 * 1024 * 1024);
    const [before] = pins(join(elsewhere, 'large'));
    expect(before).toEqual(expect.any(String));
    truncateSync(join(elsewhere, 'large'), 41 * 1024 * 1024);
    expect(pins(join(elsewhere, 'large'))).not.toEqual([before]);
  });
});
