import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import { type Pty, startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function folder(files: Readonly<Record<string, string>>) {
  const cwd = realpathSync(temporaryDirectory());
  const home = temporaryDirectory();
  const write = (given: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(given)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
  };
  write(files);
  const env = { VICTOR_HOME: home };
  const run = (...args: readonly string[]) => runVictor(args, { cwd, env });
  const chat = (): Pty => {
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'chat'],
      cwd,
      env: cleanEnvironment({ ...env, NO_COLOR: '1' }),
      columns: 110,
      rows: 30,
    });
    ends.push(async () => {
      pty.kill();
      await pty.exit;
    });
    return pty;
  };
  return { cwd, home, write, run, chat };
}

/** A contributor that appends its words to a file as soon as it is loaded. */
const contributor = (file: string, words: string) =>
  `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(file)}, ${JSON.stringify(`${words} `)});
export const create = () => ({ name: 'own', priority: 1, getContribution: () => ({ section: 'own', text: 'x' }) });
`;

describe('victor trust', () => {
  it('C09: says what loads from now on, cleaned of what controls a terminal, and says so when there is nothing', async () => {
    const { cwd, run, write } = folder({
      '.victorrc': '{ "contributors": ["./a\\u001b]0;x\\u0007\\u202eb.mjs"], "model": "some" }',
      'AGENTS.md': 'Hello.\n',
    });
    const { code, stderr, stdout } = await run('trust');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stderr).toMatch(/\.victorrc: contributors: .*b\.mjs runs\n/);
    expect(stderr).toContain(`${cwd}/.victorrc: model: some\n`);
    expect(stderr).toContain(`${cwd}/AGENTS.md: instructions that the model follows\n`);
    expect(stderr).toContain(`${cwd} is trusted: this loads from now on`);
    write({ '.victorrc': 'maxTurns: 3\n' });
    expect((await run('trust')).stderr).toBe(
      `victor: ${cwd} is trusted: nothing in it waits to be loaded now, and what is new or changed later is asked again\n`,
    );
  });

  it('C07 C19: code that changed since is ignored by ask, doctor and validation with a line that says victor trust', async () => {
    const { cwd, home, run, write } = folder({ '.victorrc': 'contributors: [base, ./own.mjs]\n' });
    const log = join(home, 'loaded');
    write({ 'own.mjs': contributor(log, 'first') });
    await run('trust');
    expect((await run('ask', 'hello')).code).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe('first ');
    write({ 'own.mjs': contributor(log, 'second') });
    const line = `victor: ${cwd}/.victorrc: not loaded, because it is new or changed since you trusted this folder: ${cwd}/own.mjs. Run \`victor trust\` to see and confirm it.\n`;
    const asked = await run('ask', 'hello');
    expect(asked).toMatchObject({ code: 0, stderr: expect.stringContaining(line) });
    await run('doctor');
    await run('config', 'validate');
    await run('config', 'show');
    expect(readFileSync(log, 'utf8')).toBe('first ');
    expect((await run('trust')).stderr).toContain(`contributors: ${cwd}/own.mjs runs`);
    expect((await run('ask', 'hello')).stderr).not.toContain('not loaded');
    expect(readFileSync(log, 'utf8')).toBe('first second ');
  });

  it('C02 C07: settings that are a program and changed since do not run, for no command', async () => {
    const { cwd, home, run, write } = folder({ 'victor.config.mjs': 'export default { maxTurns: 3 };\n' });
    await run('trust');
    expect((await run('config', 'show')).stdout).toMatch(/^maxTurns = 3$/m);
    const canary = join(home, 'canary');
    write({
      'victor.config.mjs': `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(canary)}, '');\nexport default { maxTurns: 4 };\n`,
    });
    expect((await run('config', 'show')).stdout).toMatch(/^maxTurns = 50$/m);
    for (const command of [
      ['config', 'validate'],
      ['config', 'validate', join(cwd, 'victor.config.mjs')],
      ['doctor'],
      ['ask', 'hi'],
      ['tools'],
      ['models'],
    ])
      await run(...command);
    expect(existsSync(canary)).toBe(false);
    await run('config', 'show', '--trust');
    expect(existsSync(canary)).toBe(true);
  });

  it('C07: what was revoked has to be confirmed anew', async () => {
    const { home, run, write } = folder({ '.victorrc': 'contributors: [base, ./own.mjs]\n' });
    const log = join(home, 'loaded');
    write({ 'own.mjs': contributor(log, 'first') });
    await run('trust');
    await run('trust', '--revoke');
    expect((await run('ask', 'hello')).stderr).toContain(
      'ignored until this folder is trusted: contributors',
    );
    expect(existsSync(log)).toBe(false);
  });

  it('C07: what /reload confirmed during a chat is confirmed the next time too, and what it did not is not', async () => {
    const { home, run, write, chat } = folder({ '.victorrc': 'contributors: [base, ./own.mjs]\n' });
    const log = join(home, 'loaded');
    write({ 'own.mjs': contributor(log, 'first') });
    await run('trust');
    const pty = chat();
    await pty.waitFor(/^❯/m);
    write({ 'own.mjs': contributor(log, 'second') });
    await pty.waitFor('Saved, but not applied until you confirm it with /reload');
    pty.write('/reload\r');
    await pty.waitFor('its new code');
    expect(readFileSync(log, 'utf8')).toBe('first second ');
    write({ 'own.mjs': contributor(log, 'third') });
    await pty.waitFor((rows) => rows.filter((row) => row.includes('Saved, but not applied')).length === 2);
    pty.kill();
    await pty.exit;
    expect((await run('ask', 'hello')).stderr).toContain('new or changed since you trusted this folder');
    write({ 'own.mjs': contributor(log, 'second') });
    expect((await run('ask', 'hello')).stderr).not.toContain('new or changed');
    expect(readFileSync(log, 'utf8')).toBe('first second second ');
  });
});
