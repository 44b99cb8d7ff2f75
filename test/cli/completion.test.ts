import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { completingShell, shellAvailable, victorOnPath } from '../helpers/completing-shell.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** What the scripts are told: whose the rest is, and the words. */
async function completed(words: readonly string[], options: Parameters<typeof runVictor>[1] = {}) {
  const { code, stdout, stderr } = await runVictor(['__complete', '--', ...words], options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [own, ...lines] = stdout.trimEnd().split('\n');
  return { own, values: lines.map((line) => line.split('\t')[0]) };
}

const tab = '\t';

describe('what a word may become', () => {
  it.each([
    [['ses'], ['sessions']],
    [['sessions', 'ex'], ['export']],
    [['help', 'ses'], ['sessions']],
    [
      ['ask', '--max-to'],
      ['--max-tool-calls', '--max-total-tokens'],
    ],
    [['--max-to'], ['--max-tool-calls', '--max-total-tokens']],
    [
      ['ask', '--permission-mode', 'a'],
      ['ask', 'accept-edits'],
    ],
    [
      ['ask', '--permission-mode=a'],
      ['--permission-mode=ask', '--permission-mode=accept-edits'],
    ],
    [['-m', 'x', 'ask', '-q', '--output-format', 's'], ['stream-json']],
    [
      ['mcp', 'add', '--transport', ''],
      ['stdio', 'http'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['config', 'set', 'compaction.thr'], ['compaction.threshold']],
    [
      ['config', 'set', 'permissions.mode', ''],
      ['ask', 'accept-edits', 'plan', 'read-only', 'yolo'],
    ],
    [
      ['config', 'set', 'subagents', ''],
      ['true', 'false'],
    ],
    [['config', 'set', 'compaction.strategy', 'h'], ['hybrid']],
    [
      ['config', 'set', 'provider', 'o'],
      ['openai', 'openrouter', 'ollama', 'offline'],
    ],
    [['config', 'set', 'contributors', ''], []],
    [['config', 'set', 'nonsense', ''], []],
    [['config', 'set', 'model', 'mistral'], ['mistral']],
    [['tools', 'rank', '--strategy', 'k'], ['keyword']],
    [
      ['-m', 'o'],
      ['openai', 'openrouter', 'ollama', 'offline'],
    ],
    [['ask', '--model=deeps'], ['--model=deepseek']],
    [['ask', '-m', 'nonsense/'], []],
    [['models', 'anth'], ['anthropic']],
    [['ask', '--', '--max'], []],
    [['ask', '--max-turns', ''], []],
    [['ask', '--nonsense=x'], []],
  ])('%j: %j', async (words, values) => {
    const { values: found } = await completed(words);
    expect(found).toEqual(values);
  });

  it.each([
    [['ask', '--json-schema', ''], 'files'],
    [['ask', 'a', 'b'], 'files'],
    [['ask', '--cwd='], 'directories'],
    [['trust', ''], 'directories'],
    [['sessions', 'import', ''], 'files'],
    [['ask', '--max-minutes', ''], 'none'],
  ])('%j: the shell completes %s', async (words, own) => {
    expect(await completed(words)).toEqual({ own, values: [] });
  });

  it('every command and flag that the help shows is one, and a hidden one is none', async () => {
    const { values } = await completed(['']);
    const { stdout } = await runVictor(['--help']);
    const shown = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    expect(values).toEqual(shown);
    expect(stdout).not.toContain('__complete');
  });

  it('models are those of the provider that is written, else of the one that answers here, with their prices', async () => {
    const named = await completed(['ask', '-m', 'anthropic/claude-s']);
    expect(named.values).toContain('anthropic/claude-sonnet-5-5');
    expect(named.values.every((value) => value!.startsWith('anthropic/claude-s'))).toBe(true);
    const env = { ANTHROPIC_API_KEY: 'test-key' };
    const any = await completed(['ask', '-m', ''], { env });
    expect(any.values).toContain('anthropic/claude-sonnet-5-5');
    expect(any.values).toContain('ollama');
    expect((await completed(['ask', '-m', 'claude-sonnet-5-5'], { env })).values).toContain(
      'claude-sonnet-5-5',
    );
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.yaml'), 'provider: openai\n', { mode: 0o600 });
    const configured = await completed(['--model=gpt-5.4'], { env: { ...env, VICTOR_HOME: home } });
    expect(configured.values).toContain('--model=gpt-5.4');
    const { stdout } = await runVictor(['__complete', '--', 'ask', '-m', 'anthropic/claude-sonnet-5-5']);
    expect(stdout).toMatch(/^anthropic\/claude-sonnet-5-5\t\$\d/m);
  });

  it('sessions, servers and workflows have their names; of a folder that is not trusted only what waits for it', async () => {
    const env = { VICTOR_HOME: join(temporaryDirectory(), 'home') };
    const cwd = temporaryDirectory();
    const servers = { 'own-server': { command: 'true' } };
    const steps = [{ prompt: 'hi' }];
    const workflows = { release: { steps }, 're$(touch made)': { steps }, 're lease': { steps } };
    writeFileSync(join(cwd, '.victorrc'), JSON.stringify({ mcpServers: servers, workflows }));
    const first = await runVictor(['ask', 'hi', '--session-id', 'first-one', '-m', 'offline'], { env, cwd });
    expect(first.code).toBe(0);
    await runVictor(['ask', '\u001b[31mred\tone', '--session-id', 'second', '-m', 'offline'], { env, cwd });
    const sessions = ['sessions', 'show', ''];
    expect((await completed(sessions, { env, cwd })).values).toEqual(['second', 'first-one']);
    expect((await completed(['ask', '-r', 'f'], { env, cwd })).values).toEqual(['first-one']);
    const { stdout } = await runVictor(['__complete', '--', ...sessions], { env, cwd });
    expect(stdout.split('\n')[1]).toMatch(/^second\t[^\u001b\t]*red one$/);
    expect((await completed(['mcp', 'test', ''], { env, cwd })).values).toEqual(['own-server']);
    expect((await completed(['run', ''], { env, cwd })).values).toEqual([]);
    await runVictor(['trust'], { env, cwd });
    expect((await completed(['run', 'r'], { env, cwd })).values).toEqual(['release']);
    expect((await completed(['mcp', 'test', ''], { env, cwd })).values).toEqual(['own-server']);
    expect(readdirSync(cwd)).toEqual(['.victorrc']);
  });

  it('without a home nothing is made, and settings that are broken are no error here', async () => {
    const home = join(temporaryDirectory(), 'home');
    expect((await completed(['sessions', 'show', ''], { env: { VICTOR_HOME: home } })).values).toEqual([]);
    const cwd = temporaryDirectory();
    expect(() => readdirSync(home)).toThrow('ENOENT');
    writeFileSync(join(cwd, '.victorrc'), 'maxTurns: [');
    expect(await completed(['run', ''], { cwd })).toEqual({ own: 'none', values: [] });
  });

  it('commands and flags load no settings, no store, no Ink and no SDK', async () => {
    const coverage = temporaryDirectory();
    await completed(['ask', '--max'], { env: { NODE_V8_COVERAGE: coverage } });
    const [file = ''] = readdirSync(coverage);
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
      result: { url: string }[];
    };
    const scripts = result
      .map(({ url }) => url)
      .filter((url) => /\/dist\/(?:program\/)?[^/]+\.js$/.test(url));
    const text = scripts.map((url) => readFileSync(fileURLToPath(url), 'utf8')).join('\n');
    expect(scripts.length).toBeGreaterThan(1);
    for (const heavy of [/Output tokens asked for/, /CREATE TABLE/, /yoga/i, /anthropic-version/]) {
      expect(heavy.test(text)).toBe(false);
    }
  });
});

describe('bash, in a terminal', () => {
  it('completes commands, flags, values behind a space and behind =, names and folders', async () => {
    const place = victorOnPath();
    mkdirSync(join(place.cwd, 'some-folder'));
    writeFileSync(join(place.cwd, 'some-file'), '');
    const shell = await completingShell('bash', place);
    expect(await shell.type(`victor sess${tab}`, /victor sessions$/m)).toContain('loaded> victor sessions');
    await shell.type(`victor ask --max-b${tab}`, /victor ask --max-budget-usd/);
    await shell.type(`victor ask --permission-mode acc${tab}`, /--permission-mode accept-edits/);
    await shell.type(`victor ask --permission-mode=acc${tab}`, /--permission-mode=accept-edits/);
    await shell.type(
      `victor ask --output-format=${tab}${tab}`,
      /text +json +stream-json|json +stream-json +text/,
    );
    await shell.type(`victor ask --cwd some${tab}`, /--cwd some-folder\//);
    await shell.type(`victor ask --json-schema some-fi${tab}`, /--json-schema some-file/);
    await shell.type(`victor ask "what" some-fi${tab}`, /"what" some-file/);
  });
});

describe.skipIf(!shellAvailable('zsh'))('zsh, in a terminal', () => {
  it('completes commands with what they do, flags, values behind a space and behind =, and folders', async () => {
    const place = victorOnPath();
    mkdirSync(join(place.cwd, 'some-folder'));
    const shell = await completingShell('zsh', place);
    await shell.type(`victor sess${tab}`, /victor sessions/);
    expect(await shell.type(`victor e${tab}`, /eval +-- /)).toMatch(/export +-- /);
    await shell.type(`victor ask --max-b${tab}`, /victor ask --max-budget-usd/);
    await shell.type(`victor ask --permission-mode acc${tab}`, /--permission-mode accept-edits/);
    await shell.type(`victor ask --permission-mode=acc${tab}`, /--permission-mode=accept-edits/);
    await shell.type(`victor ask --cwd=some${tab}`, /--cwd=some-folder\//);
  });
});

describe.skipIf(!shellAvailable('fish'))('fish', () => {
  it('completes commands with what they do, flags, values behind a space and behind =, and files', () => {
    const { env, cwd } = victorOnPath();
    writeFileSync(join(cwd, 'some-file'), '');
    const ask = (line: string) =>
      execFileSync('fish', ['--no-config', '-c', `victor completion fish | source; complete -C '${line}'`], {
        env,
        cwd,
        encoding: 'utf8',
      })
        .trimEnd()
        .split('\n');
    expect(ask('victor sess')).toEqual(['sessions\tfind, read and change stored sessions']);
    expect(ask('victor ask --max-b')).toEqual(['--max-budget-usd\tUS dollars this may cost']);
    expect(ask('victor ask --permission-mode acc')).toEqual(['accept-edits']);
    expect(ask('victor ask --permission-mode=acc')).toEqual(['--permission-mode=accept-edits']);
    expect(ask('victor sessions import some')).toEqual(['some-file']);
    expect(ask('victor sessions ').map((line) => line.split('\t')[0])).toContain('export');
  });
});
