import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** A copy of the launcher in a folder of its own, beside a package.json and no bundle. */
function unbuilt(): string {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'bin'));
  for (const file of ['victor.js', 'package.json']) {
    copyFileSync(join(dirname(launcher), file), join(folder, 'bin', file));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"1.2.3"}');
  return join(folder, 'bin', 'victor.js');
}

function node(args: readonly string[]) {
  return spawnSync(process.execPath, args, { env: cleanEnvironment(), encoding: 'utf8' });
}

describe('bin/victor.js', () => {
  it.each(['--version', '-V'])('%s prints the version and nothing else', async (flag) => {
    expect(await runVictor([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('--version needs no bundle', () => {
    expect(node([unbuilt(), '--version'])).toMatchObject({ status: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('a checkout that is not built gets one line of advice', () => {
    const { status, stdout, stderr } = node([unbuilt(), 'ask', 'hi']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: .*npm ci.*\n$/);
  });

  it('a Node that is too old gets one line of advice', () => {
    const pretend = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' })";
    const { status, stdout, stderr } = node([
      '--import',
      `data:text/javascript,${pretend}`,
      launcher,
      'ask',
      'hi',
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: Node 18\.20\.4 is too old\..*20\.19.*\n$/);
  });

  it('may be executed', () => {
    expect(statSync(launcher).mode & 0o111).toBe(0o111);
  });
});
