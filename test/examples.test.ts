import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(`${root}examples`).filter((name) => name.endsWith('.ts'));
const read = (name: string) => readFileSync(`${root}examples/${name}`, 'utf8');

/** What each example prints, as it prints it. */
const printed: Readonly<Record<string, RegExp>> = {
  '01-basic-chat.ts': /^Response: Coordinators in Victor are [^\n]+\nTokens used: [1-9]\d*\n$/,
};

describe('examples', () => {
  it.each(files)('%s runs as a process without a key and prints what it says', async (name) => {
    const args = ['--import', 'tsx', `examples/${name}`];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      cwd: root,
      timeout: 20_000,
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(printed[name]!);
  });

  it.each(files)('%s opens with what it shows, imports only the package, and is in the table', (name) => {
    expect(read(name)).toMatch(/^\/\*\*\n \* [A-Z]/);
    const imported = [...read(name).matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    expect(imported.filter((from) => !from?.startsWith('node:'))).toEqual(['victor-agent']);
    expect(read('README.md')).toContain(`[${name}](${name})`);
  });

  it('has a file for every row of the table', () => {
    const linked = [...read('README.md').matchAll(/\]\(([^)]+\.ts)\)/g)].map(([, file]) => file);
    expect(linked).toEqual(files);
  });
});
