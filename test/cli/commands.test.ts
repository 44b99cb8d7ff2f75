import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { promptIn, type RequestBody } from '../helpers/ask-model.js';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer((body: RequestBody) => ({ text: `heard: ${promptIn(body)}` }), {
    models: ['model-a', 'model-b'],
  });
});
afterAll(() => server.close());

const model = () => ({ ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' });

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(temporaryDirectory());
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe.concurrent('victor config', () => {
  const env = () => ({ VICTOR_HOME: join(temporaryDirectory(), 'home') });

  it('set writes the user file, path names it, show tells where a value comes from', async () => {
    const home = env();
    const set = await runVictor(['config', 'set', 'compaction.threshold', '0.5'], { env: home });
    expect(set).toMatchObject({ code: 0, stdout: '' });
    const file = (await runVictor(['config', 'path'], { env: home })).stdout.trimEnd();
    expect(file.startsWith(home.VICTOR_HOME)).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(/threshold: 0\.5/);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const cwd = folderWith({ '.victorrc': 'maxTurns: 7\n' });
    const { code, stdout } = await runVictor(['config', 'show', '--origin'], {
      cwd,
      env: { ...home, VICTOR_MODEL: 'some-model' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^compaction\.threshold = 0\.5 {2}# user .*config\.yaml:\d+$/m);
    expect(stdout).toMatch(/^model = "some-model" {2}# environment VICTOR_MODEL$/m);
    expect(stdout).toMatch(/^maxTokens = 8192 {2}# defaults$/m);
    const plain = await runVictor(['config', 'show', '--json'], { cwd, env: home });
    expect(JSON.parse(plain.stdout)).toMatchObject({ compaction: { threshold: 0.5 } });
    const origins = await runVictor(['config', 'show', '--json', '--origin'], { cwd, env: home });
    expect(JSON.parse(origins.stdout)['compaction.threshold']).toMatchObject({
      value: 0.5,
      layer: 'user',
      file,
    });
  });

  it('set refuses what is not valid and changes nothing', async () => {
    const home = env();
    await runVictor(['config', 'set', 'maxTurns', '9'], { env: home });
    for (const [key, value, pattern] of [
      ['maxTurn', '3', /maxTurns/],
      ['maxTurns', 'many', /maxTurns/],
      ['permissions.mode', 'god', /accept-edits/],
    ] as const) {
      const result = await runVictor(['config', 'set', key, value], { env: home });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/^victor: [^\n]+\n$/);
      expect(result.stderr).toMatch(pattern);
    }
    expect((await runVictor(['config', 'show'], { env: home })).stdout).toMatch(/^maxTurns = 9$/m);
  });
});

describe.concurrent('victor trust', () => {
  it('C02, C19: code in a folder runs only once it is trusted, and what was ignored is said', async () => {
    const cwd = folderWith({
      'victor.config.mjs':
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('canary', '');\nexport default { maxTurns: 3 };\n",
    });
    const canary = () => statSync(join(cwd, 'canary'), { throwIfNoEntry: false }) !== undefined;
    const before = await runVictor(['ask', 'hi'], { cwd, env: model() });
    expect(before.code).toBe(0);
    expect(before.stderr).toMatch(/victor\.config\.mjs.*not trusted.*victor trust/);
    await runVictor(['--help'], { cwd });
    expect(canary()).toBe(false);

    expect(await runVictor(['trust'], { cwd })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(cwd),
    });
    expect((await runVictor(['trust', '--list'])).stdout).toContain(`${cwd}\n`);
    expect((await runVictor(['config', 'show'], { cwd })).stdout).toMatch(/^maxTurns = 3$/m);
    expect(canary()).toBe(true);

    expect((await runVictor(['trust', '--revoke', cwd])).stderr).toMatch(/no longer trusted/);
    expect((await runVictor(['config', 'show'], { cwd })).stdout).toMatch(/^maxTurns = 50$/m);
  });

  it('--trust is for one run only', async () => {
    const cwd = folderWith({ '.victorrc.json': '{"workflows":{"x":{"steps":[{"prompt":"go"}]}}}' });
    const once = await runVictor(['run', 'x', '--trust'], { cwd, env: model() });
    expect(once).toMatchObject({ code: 0, stdout: 'heard: go\n' });
    expect((await runVictor(['trust', '--list'])).stdout).not.toContain(cwd);
  });

  it('the home folder needs --force', async () => {
    const HOME = temporaryDirectory();
    const refused = await runVictor(['trust', HOME], { env: { HOME } });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^victor: .*--force\.\n$/);
    expect((await runVictor(['trust', HOME, '--force'], { env: { HOME } })).code).toBe(0);
  });
});

describe.concurrent('victor run', () => {
  it('runs the steps of a workflow in one session and prints each answer', async () => {
    const cwd = folderWith({
      '.victorrc': [
        'workflows:',
        '  review:',
        '    description: look twice',
        '    steps:',
        '      - prompt: "look at {{input}}"',
        '      - prompt: "again: {{input}}"',
        '',
      ].join('\n'),
    });
    const text = await runVictor(['run', 'review', 'a', 'file', '--trust'], { cwd, env: model() });
    expect(text).toMatchObject({ code: 0, stdout: 'heard: look at a file\n\nheard: again: a file\n' });
    const json = await runVictor(['run', 'review', 'x', '--trust', '--json'], { cwd, env: model() });
    expect(JSON.parse(json.stdout)).toMatchObject({
      result: 'heard: again: x',
      num_turns: 2,
      is_error: false,
    });
  });
});

describe.concurrent('victor models and tools', () => {
  it('models lists what the provider serves, in the form that --model takes, and says where a price is unknown', async () => {
    const result = await runVictor(['models'], { env: model() });
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^anthropic\/model-a {2}price unknown; 128,000 tokens assumed$/m);
    const openai = await runVictor(['models', 'openai', '--json'], {
      env: { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: server.openAIUrl },
    });
    expect(JSON.parse(openai.stdout)).toMatchObject({ provider: 'openai', models: ['model-a', 'model-b'] });
  });

  it('models shows what each one costs and whose word that is, sees and can', async () => {
    const priced = await startModelServer([], {
      models: ['claude-opus-4-5', 'claude-haiku-5-5', 'claude-next'],
    });
    const cwd = temporaryDirectory();
    const prices = { 'claude-next': { input: 1, output: 2, cacheRead: 0.5 } };
    const home = temporaryDirectory();
    const own = JSON.stringify({ prices, model: 'claude-opus-4-5' });
    writeFileSync(join(home, 'config.json'), own, { mode: 0o600 });
    const env = { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: priced.url, VICTOR_HOME: home };
    const shown = await runVictor(['models', '--trust'], { env, cwd });
    const listed = await runVictor(['models', '--trust', '--json'], { env, cwd });
    await priced.close();
    expect(shown.stdout.trimEnd().split('\n')).toEqual([
      'anthropic/claude-opus-4-5  (current)  $5 in, $25 out, cache $0.5 read, $6.25 write, $10 for an hour; ' +
        '200,000 tokens; images, thinking, tools',
      'anthropic/claude-haiku-5-5  $0.1 in, $0.5 out, cache $0.01 read, $0.125 write, $0.2 for an hour, ' +
        'above 100,000 tokens $0.5 in, $2.5 out; 1,000,000 tokens; images, thinking, tools',
      'anthropic/claude-next  $1 in, $2 out, cache $0.5 read, $1.25 write, $2 for an hour (your price); ' +
        '200,000 tokens; images, thinking, tools',
    ]);
    expect(shown.stderr).toMatch(
      /US dollars per million tokens: .* npm package \S+ \d+\.\d+\.\d+ of \d{4}-\d\d-\d\d/,
    );
    const { details, price_list } = JSON.parse(listed.stdout);
    expect(price_list).toMatchObject({ package: expect.any(String), license: 'MIT' });
    expect(details).toMatchObject([
      { model: 'claude-opus-4-5', context_window: 200_000, max_output: 64_000, price_from: 'list' },
      { model: 'claude-haiku-5-5', price: { longContext: [{ above: 100_000, input: 0.5 }] } },
      { model: 'claude-next', abilities: ['images', 'thinking', 'tools'], price_from: 'settings' },
    ]);
  });

  it('config get shows one setting, or what is below it; unset takes it out again and leaves the rest with its comments', async () => {
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.yaml'), '# mine\nmaxTurns: 7 # few\n', { mode: 0o600 });
    const env = { VICTOR_HOME: home };
    const config = (...args: string[]) => runVictor(['config', ...args], { env });
    await config('set', 'compaction.threshold', '0.5');
    expect((await config('get', 'compaction.threshold')).stdout).toBe('compaction.threshold = 0.5\n');
    expect((await config('get', 'compaction', '--origin')).stdout).toMatch(
      /^compaction\.threshold = 0\.5 {2}# user \S+config\.yaml:\d$/m,
    );
    expect(JSON.parse((await config('show', 'maxTurns', '--json')).stdout)).toEqual({ maxTurns: 7 });
    expect(await config('get', 'model')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'victor: model is not set, and has no default.\n',
    });
    expect(await config('unset', 'compaction.threshold')).toMatchObject({ code: 0, stdout: '' });
    expect((await config('get', 'compaction.threshold')).stdout).not.toContain('0.5');
    expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toContain('# mine\nmaxTurns: 7 # few\n');
    expect((await config('get', 'maxTurns')).stdout).toBe('maxTurns = 7\n');
  });

  it('models without a key lists what the embedded provider has, and on stderr what every other one takes', async () => {
    const result = await runVictor(['models']);
    expect(result).toMatchObject({ code: 0, stdout: 'offline/extractive  (current)  costs nothing\n' });
    expect(result.stderr).toMatch(/^victor: no model is set up\. .*--model/);
    expect(result.stderr).toMatch(/^anthropic\/\S+ +needs a key in ANTHROPIC_API_KEY$/m);
    expect(result.stderr).toMatch(/^ollama\/NAME +needs its server on this machine, and no key$/m);
    expect((await runVictor(['models', 'offline'])).stderr).toBe('');
  });

  it('tools lists them, with schemas as JSON', async () => {
    const table = await runVictor(['tools']);
    expect(table.code).toBe(0);
    for (const name of ['Read', 'Write', 'Edit', 'Bash', 'Glob', 'Grep', 'List']) {
      expect(table.stdout).toMatch(new RegExp(`^${name} +(read|edit|execute) `, 'm'));
    }
    const tools = JSON.parse((await runVictor(['tools', '--json'])).stdout);
    expect(tools.find((tool: { name: string }) => tool.name === 'Bash')).toMatchObject({
      kind: 'execute',
      input_schema: { type: 'object', properties: { command: expect.anything() } },
    });
  });
});

describe.concurrent('colours', () => {
  it('lists have none in a pipe, NO_COLOR and TERM=dumb or not; FORCE_COLOR decides alone', async () => {
    const look = async (env: Record<string, string>) =>
      (await runVictor(['tools'], { env })).stdout.includes('\u001b[');
    expect(await look({})).toBe(false);
    expect(await look({ NO_COLOR: '1', TERM: 'xterm-256color' })).toBe(false);
    expect(await look({ FORCE_COLOR: '1' })).toBe(true);
    expect(await look({ FORCE_COLOR: '0' })).toBe(false);
  });
});
