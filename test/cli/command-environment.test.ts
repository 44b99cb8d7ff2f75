import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** A variable of each class, and what a command must see of it: the value itself, another one, or nothing. */
const canaries: readonly (readonly [kind: string, name: string, value: string, seen: string | undefined])[] =
  [
    ['a locale', 'LC_TIME', 'de_DE.UTF-8', 'de_DE.UTF-8'],
    ['a base directory', 'XDG_CACHE_HOME', '/canary/cache', '/canary/cache'],
    ['a tool chain', 'JAVA_HOME', '/canary/java', '/canary/java'],
    ['a module path', 'PYTHONPATH', '/canary/python', '/canary/python'],
    ['a compiler', 'CC', 'canary-cc', 'canary-cc'],
    ['who commits', 'GIT_AUTHOR_NAME', 'Canary', 'Canary'],
    ['a certificate', 'SSL_CERT_FILE', '/canary.pem', '/canary.pem'],
    ['a proxy', 'HTTP_PROXY', 'http://proxy.canary:3128', 'http://proxy.canary:3128'],
    [
      'a proxy with a password',
      'https_proxy',
      'http://me:canary-p@ss@proxy.canary:1',
      'http://proxy.canary:1',
    ],
    ['a proxy with a password and no protocol', 'ALL_PROXY', 'me:canary@proxy.canary:1', 'proxy.canary:1'],
    ['what the user named', 'DATABASE_URL', 'db://me:canary@host/x', 'db://me:canary@host/x'],
    ['a secret that the user named', 'BUILD_TOKEN', 'canary-build', 'canary-build'],
    ['what the user named by its beginning', 'MYAPP_MODE', 'canary-mode', 'canary-mode'],
    ['a secret with such a beginning', 'MYAPP_API_KEY', 'canary-key', undefined],
    ['an address with a password with such a beginning', 'MYAPP_URL', 'db://me:canary@host/y', undefined],
    ['a secret', 'GITHUB_TOKEN', 'canary-token', undefined],
    ['a password in the address of a package source', 'GOPROXY', 'https://me:canary@go.canary', undefined],
    ['an application', 'OTHER_SETTING', 'canary-other', undefined],
    ['what a name on the list begins with', 'CI_JOB_URL', 'canary-job', undefined],
    ['a socket of keys', 'SSH_AUTH_SOCK', '/canary/agent', undefined],
    ['the session of the user', 'DBUS_SESSION_BUS_ADDRESS', 'unix:path=/canary', undefined],
    ['the screen', 'DISPLAY', ':canary', undefined],
    ['the terminal around', 'TMUX', '/canary/tmux', undefined],
    ['git led elsewhere', 'GIT_DIR', '/canary/git', undefined],
    ['a setting of git', 'GIT_CONFIG_PARAMETERS', "'core.pager=canary'", undefined],
    ['a preloaded library', 'LD_LIBRARY_PATH', '/canary/lib', undefined],
    ['code for perl', 'PERL5OPT', '-Mcanary', undefined],
    ['code for Java', 'JAVA_TOOL_OPTIONS', '-javaagent:canary', undefined],
    ['colour by force', 'FORCE_COLOR', '3', undefined],
    ['make around', 'MAKEFLAGS', '--jobserver-fds=3,4', undefined],
    ['a setting of Victor', 'VICTOR_MAX_TURNS', '49', undefined],
  ];
const named = ['DATABASE_URL', 'BUILD_TOKEN', 'MYAPP_*'];
const variables = Object.fromEntries(canaries.map(([, name, value]) => [name, value]));

function place(user: string, project = '') {
  const [home, cwd] = [join(temporaryDirectory(), 'home'), temporaryDirectory()];
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'config.yaml'), user, { mode: 0o600 });
  if (project !== '') writeFileSync(join(cwd, '.victorrc'), project);
  return { cwd, env: { ...variables, VICTOR_HOME: home } };
}

/** What the model reads of each command, with the user's settings and in a trusted project with its own. */
async function results(commands: readonly string[], user: string, project = ''): Promise<string[]> {
  const { cwd, env } = place(user, project);
  const { ask, toolResults } = await scriptedModel(
    { toolCalls: commands.map((command) => ({ name: 'Bash', input: { command } })) },
    { text: 'Done.' },
  );
  const { code, stderr } = await ask(['go', '--trust', '--permission-mode', 'yolo'], { cwd, env });
  expect(code, stderr).toBe(0);
  return toolResults().map((one) => JSON.parse(one).content as string);
}

/** By name, what `printenv` as the model's own command prints; hashed, because secrets are taken out of every result. */
const digest = (names: readonly string[]) =>
  names.map((name) => `printf '%s ' ${name}; printenv ${name} | sha256sum`).join('; ');

describe.concurrent('K07 the environment of commands, through the Bash tool of victor ask', () => {
  const settings = `commandEnvironment: [${named.join(', ')}]\nsandbox: off\n`;

  it.each(['auto', 'off'])('has of each class what it may have, and no more: sandbox %s', async (sandbox) => {
    const user = settings.replace('off', sandbox);
    const names = canaries.map(([, name]) => name);
    const [output = ''] = await results([digest(names)], user);
    const { createHash } = await import('node:crypto');
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const wrong = canaries.filter(
      ([, name, , seen]) => !output.includes(`${name} ${hash(seen === undefined ? '' : `${seen}\n`)}`),
    );
    console.log(`${canaries.length} variables, ${wrong.length} seen otherwise than they may be`);
    expect(wrong).toEqual([]);
  });

  it('is the same whatever a trusted project names', async () => {
    const project = 'commandEnvironment: [OTHER_SETTING, GITHUB_TOKEN, SSH_*]\n';
    const [output = ''] = await results(
      ['env | grep -cE "^(OTHER_SETTING|GITHUB_TOKEN|SSH_)"; env | grep -c "^MYAPP_MODE"'],
      settings,
      project,
    );
    expect(output).toMatch(/\n0\n1$/);
  });

  it('says why a variable is missing, and never its value: asked for by name, or named by what failed', async () => {
    const [asked, failed, quiet, own, never] = await results(
      [
        'echo "<$OTHER_SETTING>"',
        'echo "Error: SSH_AUTH_SOCK is not set" >&2; exit 1',
        'echo "SSH_AUTH_SOCK" "$JAVA_HOME"',
        'OTHER_SETTING=mine; echo $OTHER_SETTING',
        'node -p process.env.PERL5OPT',
      ],
      settings,
    );
    expect(asked).toContain(
      `OTHER_SETTING: set, but not given to commands. The user can give it: victor config set commandEnvironment '[DATABASE_URL, BUILD_TOKEN, MYAPP_*, OTHER_SETTING]'`,
    );
    expect(failed).toContain('SSH_AUTH_SOCK: set, but not given to commands.');
    for (const one of [quiet, own]) expect(one).not.toContain('not given');
    expect(never).toContain('PERL5OPT: set, but never given to a command');
    expect([asked, failed, never].join()).not.toContain('canary');
  });

  it('is mended by what it advises', async () => {
    const { cwd, env } = place('sandbox: off\n');
    const set = await runVictor(['config', 'set', 'commandEnvironment', '[OTHER_SETTING]'], { cwd, env });
    expect(set.code, set.stderr).toBe(0);
    const { ask, toolResults } = await scriptedModel(
      { toolCalls: [{ name: 'Bash', input: { command: 'echo "<$OTHER_SETTING>"' } }] },
      { text: 'Done.' },
    );
    await ask(['go', '--permission-mode', 'yolo'], { cwd, env });
    expect(toolResults().at(-1)).toContain('<canary-other>');
  });

  it('is told by victor doctor, by name', async () => {
    const key = 'provider: [openai, { apiKeyVariable: OTHER_SETTING }]\n';
    const { cwd, env } = place(settings + key);
    const { stdout } = await runVictor(['doctor'], { cwd, env });
    const line = stdout.split('\n').find((one) => one.includes('command environment')) ?? '';
    for (const [, name, , seen] of canaries)
      expect([name, line.includes(` ${name}`)]).toEqual([name, seen === undefined]);
    expect(line).not.toContain('canary');
    const [named, never = ''] = line.split('never given to commands: ');
    expect(named).toContain('SSH_AUTH_SOCK');
    for (const name of ['OTHER_SETTING', 'PERL5OPT', 'LD_LIBRARY_PATH']) expect(never).toContain(name);
  });

  it.each([
    ['NODE_OPTIONS', 'never given to a command'],
    ['LD_*', 'never given to a command'],
    ['"*"', 'expected a name such as DATABASE_URL'],
    ['"A*B"', 'expected a name such as DATABASE_URL'],
  ])('takes no %s in the setting', async (name, message) => {
    const { cwd, env } = place(`commandEnvironment: [${name}]\n`);
    const { code, stderr } = await runVictor(['config', 'show'], { cwd, env });
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });
});
