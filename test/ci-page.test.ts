import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { exitCodes, signalExitCode } from '../src/cli/exit-code.js';
import { afterFile } from './helpers/after-file.js';
import { promptIn, type RequestBody, scriptedModel } from './helpers/ask-model.js';
import { victorOnPath } from './helpers/completing-shell.js';
import { type ServerStep, startModelServer } from './helpers/model-server.js';
import { finish, runShell, startVictor } from './helpers/run-victor.js';
import { it } from './helpers/sampled.js';
import { makeWorkspace } from './helpers/workspace.js';

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const page = read('docs/ci.md');
const schema = read('examples/ci/review.schema.json');

const review = {
  summary: 'One thing is wrong.',
  findings: [{ severity: 'error', file: 'a,b.ts', line: 3, message: '100% wrong\n::error::forged' }],
};
const answerOf = (prompt: string): string => {
  if (prompt.includes('"versions"')) return '{"versions":["20","22"]}';
  if (prompt.includes('"findings"')) return JSON.stringify(review);
  return 'MIT';
};

/** A repository with a commit behind it and a change on top, as the snippets expect one. */
async function repository(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = await makeWorkspace({ 'a.txt': 'one\n', ...files });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  writeFileSync(join(cwd, 'a.txt'), 'two\n');
  git('commit', '-qam', 'second');
  writeFileSync(join(cwd, 'a.txt'), 'three\n');
  return cwd;
}

/** The lines of a block, with those that go on in the next joined. */
function commandsIn(block: string): string[] {
  const commands: string[] = [];
  for (const line of block.trimEnd().split('\n')) {
    if (line.startsWith(' ')) commands.push(`${commands.pop()}\n${line}`);
    else commands.push(line);
  }
  return commands;
}

describe('docs/ci.md', () => {
  const blocks = [...page.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

  it('has the snippets that are run here', () => {
    expect(blocks).toHaveLength(4);
    expect(blocks.flatMap(commandsIn)).toHaveLength(8);
  });

  it.each(blocks.map((block) => [block.split('\n')[0]!, block] as const))(
    'runs as it stands there, from %s on',
    async (_, block) => {
      const cwd = await repository({ 'review.schema.json': schema });
      const { env, prompts } = await answeringModel(answerOf);
      for (const command of commandsIn(block)) {
        const result = await runShell(command, { cwd, env });
        expect({ command, code: result.code, stderr: result.stderr }).toMatchObject({ command, code: 0 });
        if (command.includes('jq'))
          expect(result.stdout).toBe(command.includes('versions') ? '20\n22\n' : '1\n');
      }
      expect(prompts.length).toBeGreaterThan(0);
    },
  );

  const bash = { toolCalls: [{ name: 'Bash', input: { command: 'touch made' } }] };
  const cases: readonly (readonly [number, string, readonly ServerStep[], readonly string[]])[] = [
    [0, 'success', [{ text: 'Done.' }], []],
    [1, 'error', [{ error: { kind: 'authentication', message: 'no' } }], []],
    [1, 'refusal', [{ text: '', stopReason: 'refusal' }], []],
    [2, '', [], ['--output-format', 'xml']],
    [4, 'denied', [bash, { text: 'Done.' }], []],
    [5, 'limit', [bash], ['--max-turns', '1']],
    [6, 'invalid', [{ text: 'no' }], ['--json-schema', '{"type":"object"}']],
  ];
  const rows = [...page.matchAll(/^\| ([\d, ]+) \| ([^|]*) \|/gm)].flatMap(([, codes = '', subtypes = '']) =>
    codes
      .split(', ')
      .map((code) => [Number(code), [...subtypes.matchAll(/`(\w+)`/g)].map(([, one]) => one!)] as const),
  );

  it('has every exit code and subtype, and no other', () => {
    const signals = (['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const).map(signalExitCode);
    expect(rows.map(([code]) => code)).toEqual([...Object.values(exitCodes), ...signals]);
    const driven = cases
      .filter(([, subtype]) => subtype !== '')
      .map(([code, subtype]) => `${code} ${subtype}`);
    driven.push('7 waiting');
    const written = rows
      .filter(([code]) => code < 128)
      .flatMap(([code, all]) => all.map((one) => `${code} ${one}`));
    expect(written).toEqual(driven);
  });

  it.each(cases)('exit code %i, %s: ends so, and the JSON says it', async (code, subtype, steps, flags) => {
    const { ask } = await scriptedModel(...steps);
    const result = await ask(['go', '--json', ...flags]);
    expect(result.code).toBe(code);
    if (subtype === '') return expect(result.stdout).toBe('');
    expect(JSON.parse(result.stdout)).toMatchObject({ subtype, is_error: code !== 0 && code !== 4 });
  });

  it('exit code 7, waiting: ends so, and the JSON says it', async () => {
    const settings = { workflows: { release: { steps: [{ approval: 'Release it?' }] } } };
    const cwd = await repository({ '.victorrc': JSON.stringify(settings) });
    const { env } = await scriptedModel();
    const child = startVictor(['run', 'release', '--trust', '--json'], { cwd, env });
    const { code, stdout } = await finish(child);
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ subtype: 'waiting', is_error: true });
  });

  it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const)(
    '%s: its exit code, and the JSON says it',
    async (signal) => {
      const { env, server } = await scriptedModel({ text: 'slow', chunks: 4, delayMs: 60_000 });
      const child = startVictor(['ask', 'go', '--json'], { env });
      await server.arrival(1);
      child.kill(signal);
      const { code, stdout } = await finish(child);
      expect(code).toBe(signalExitCode(signal));
      expect(JSON.parse(stdout)).toMatchObject({ subtype: 'interrupted', is_error: true });
    },
  );
});

/** A model that answers by what it is asked last. */
async function answeringModel(answer: (prompt: string) => string) {
  const prompts: string[] = [];
  const server = await startModelServer((body: RequestBody) => {
    prompts.push(promptIn(body));
    return { text: answer(promptIn(body)) };
  });
  afterFile(() => server.close());
  return { env: { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' }, prompts };
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

describe('examples/ci/github-action.yml', () => {
  const action = parse(read('examples/ci/github-action.yml')) as {
    readonly defaults: { readonly run: { readonly shell: string } };
    readonly permissions: unknown;
    readonly jobs: { readonly review: { readonly steps: readonly Step[] } };
  };
  const steps = action.jobs.review.steps.filter(({ run }) => run !== undefined);

  /** As GitHub runs a step with `shell: bash`. */
  async function runStep({ run = '' }: Step, cwd: string, env: Readonly<Record<string, string>>) {
    const file = join(cwd, '..', 'step.sh');
    writeFileSync(file, run);
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
      cwd,
      env,
      stdio: [...stdio],
    });
    const { code, stdout } = await finish(child);
    return { code, stdout };
  }

  it('may read the repository and nothing else, and runs the steps that are run here', () => {
    expect(action.permissions).toEqual({ contents: 'read' });
    expect(action.jobs.review.steps[0]).toMatchObject({ with: { 'persist-credentials': false } });
    expect(action.defaults.run.shell).toBe('bash');
    expect(steps.map(({ name }) => name)).toEqual([
      'Install',
      'Review',
      'Show the findings',
      'Fail on errors',
    ]);
    expect(page).toContain('examples/ci/github-action.yml');
  });

  it('reviews the change: findings at their lines, whatever a model writes, the summary, and a check that fails', async () => {
    const outer = await makeWorkspace();
    const cwd = join(outer, 'work');
    renameSync(await repository({ '.github/workflows/review.schema.json': schema }), cwd);
    const place = victorOnPath();
    const model = await answeringModel(answerOf);
    const base = execFileSync('git', ['rev-parse', 'HEAD~1'], { cwd, encoding: 'utf8' }).trim();
    const summary = join(outer, 'summary.md');
    const env = { ...place.env, ...model.env, BASE: base, GITHUB_STEP_SUMMARY: summary };
    const [, ask, show, fail] = steps as [Step, Step, Step, Step];
    expect(Object.keys(ask.env ?? {})).toEqual(['ANTHROPIC_API_KEY', 'BASE']);
    expect(await runStep(ask, cwd, env)).toEqual({ code: 0, stdout: '' });
    expect(model.prompts[0]).toMatch(/Review this change[\s\S]*\+two/);
    expect(JSON.parse(readFileSync(join(cwd, 'review.json'), 'utf8'))).toEqual(review);
    const shown = await runStep(show, cwd, env);
    expect(shown).toEqual({
      code: 0,
      stdout: '::error file=a%2Cb.ts,line=3::100%25 wrong%0A::error::forged\n',
    });
    expect(readFileSync(summary, 'utf8')).toBe('One thing is wrong.\n');
    expect((await runStep(fail, cwd, env)).code).toBe(1);
    writeFileSync(join(cwd, 'review.json'), JSON.stringify({ ...review, findings: [] }));
    expect((await runStep(fail, cwd, env)).code).toBe(0);
  });
});
