import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOtlpExporter } from '../../src/exporters/otlp.js';
import { createPrometheusPushgatewayExporter } from '../../src/exporters/prometheus-pushgateway.js';
import { createWebhookExporter } from '../../src/exporters/webhook.js';
import { startSink } from '../exporters/sink.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { finish, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';

/** The words of every process of this machine. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return []; // It has ended.
      }
    });
}

describe('K08: keys and the arguments of processes', () => {
  it('K08: no process of a run has a key among its words, whatever it starts', async () => {
    const [key, fileKey, hookKey] = [
      'sk-ant-canary-of-the-variable',
      'sk-ant-canary-of-the-file',
      'canary-of-the-hook',
    ];
    const cwd = temporaryDirectory();
    const home = temporaryDirectory();
    const hook = await startSink();
    writeFileSync(join(home, 'key'), fileKey, { mode: 0o600 });
    const exporter = ['webhook', { url: hook.url, secretVariable: 'HOOK_SECRET' }];
    const seen = new Set<string>();
    for (const settings of [
      { exporters: [exporter] },
      { exporters: [exporter], apiKeyFile: join(home, 'key') },
    ]) {
      writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
      const calls = [
        { name: 'Bash', input: { command: 'git init -q . ; sleep 0.4; true "$ANTHROPIC_API_KEY"' } },
        { name: 'Grep', input: { pattern: '.' } },
        { name: 'GitStatus', input: {} },
      ];
      const { env } = await scriptedModel({ toolCalls: calls }, { text: 'Done.' });
      const child = startVictor(['ask', 'go', '--permission-mode', 'yolo', '--debug'], {
        cwd,
        env: { ...env, ANTHROPIC_API_KEY: key, VICTOR_HOME: home, HOOK_SECRET: hookKey },
      });
      let running = true;
      const ended = finish(child).finally(() => {
        running = false;
      });
      while (running) {
        for (const line of commandLines()) seen.add(line);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect((await ended).code).toBe(0);
    }
    const lines = [...seen];
    expect(lines.some((line) => /victor\.js ask go/.test(line))).toBe(true);
    expect(lines.some((line) => /sleep 0\.4/.test(line))).toBe(true);
    expect(lines.filter((line) => [key, fileKey, hookKey].some((one) => line.includes(one)))).toEqual([]);
  });

  it('K08: there is no option that takes a key', async () => {
    for (const option of ['--api-key', '--key', '--token']) {
      const { code, stderr } = await runVictor(['ask', 'hi', option, 'sk-ant-canary-of-the-option']);
      expect(code).toBe(2);
      expect(stderr).not.toContain('canary-of-the-option');
    }
    expect((await runVictor(['ask', '--help'])).stdout).not.toMatch(/--\S*(?:key|token|secret|password)\b/i);
  });
});

describe('K12: an address with a password in it', () => {
  const address = 'https://user:s3cret-canary@127.0.0.1:1/x';

  it.each([
    ['webhook', () => createWebhookExporter({ url: address })],
    ['otlp', () => createOtlpExporter({ endpoint: address })],
    ['prometheus-pushgateway', () => createPrometheusPushgatewayExporter({ url: address })],
  ])('K12: is no address of the exporter %s, and the error does not repeat it', (_, make) => {
    expect(make).toThrow(/without a user name/);
    expect(make).not.toThrow(/s3cret/);
  });

  it('K12: in the settings it is refused, and neither stored, shown nor logged', async () => {
    const home = temporaryDirectory();
    const settings = [
      { exporters: [['webhook', { url: address }]] },
      { baseURL: address, provider: 'openai' },
    ];
    for (const one of settings) {
      writeFileSync(join(home, 'config.json'), JSON.stringify(one), { mode: 0o600 });
      for (const args of [
        ['ask', 'hi', '--debug'],
        ['config', 'show', '--origin'],
        ['config', 'validate'],
        ['doctor'],
      ]) {
        const { stdout, stderr } = await runVictor(args, { env: { VICTOR_HOME: home } });
        expect(stdout + stderr, args.join(' ')).not.toBe('');
        expect(stdout + stderr, args.join(' ')).not.toContain('s3cret-canary');
      }
      const others = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
        (name) => name !== 'config.json',
      );
      for (const name of others.filter((each) => each.includes('.')))
        expect(readFileSync(join(home, name), 'latin1'), name).not.toContain('s3cret-canary');
    }
  });
});

describe('K15: the report of a crash', () => {
  const key = 'canary-key-0123456789abcdef';
  const failure = `Object.assign(new Error('request failed with ' + process.env.DEPLOY_TOKEN), {
    config: { headers: { authorization: 'Bearer canary-of-the-header', 'x-api-key': process.env.DEPLOY_TOKEN } },
    env: process.env, cause: new Error('caused by ' + process.env.DEPLOY_TOKEN),
  })`;
  const own = `Object.assign(${failure}, { stack: 'Error: request failed with ' + process.env.DEPLOY_TOKEN })`;

  it.each([
    ['an exception that nobody caught', `setTimeout(() => { throw ${failure}; });`, 1],
    ['a rejection of an extension', `Promise.reject(${failure});`, 0],
    ['a rejection without a stack', `Promise.reject(${own});`, 0],
    [
      'an exception that is no error',
      `setTimeout(() => { throw { message: process.env.DEPLOY_TOKEN, env: process.env }; });`,
      1,
    ],
  ])(
    'K15: %s tells of no environment, no header and no key, with --debug too',
    async (_, beside, expected) => {
      const home = temporaryDirectory();
      const cwd = temporaryDirectory();
      const module = `export const create = () => ({ async getContribution() {\n${beside}\nawait new Promise((r) => setTimeout(r, 50)); return 'Be brief.'; } });`;
      writeFileSync(join(home, 'crash.mjs'), module, { mode: 0o600 });
      writeFileSync(join(home, 'config.json'), JSON.stringify({ contributors: ['./crash.mjs'] }), {
        mode: 0o600,
      });
      const env = { VICTOR_HOME: home, DEPLOY_TOKEN: key, PLAIN_NAME: 'canary-of-the-environment' };
      for (const debug of [[], ['--debug']]) {
        const { code, stdout, stderr } = await runVictor(['ask', 'hello', ...debug], { cwd, env });
        expect(code, stderr).toBe(expected);
        expect(stderr).toMatch(/failed|unexpected error/);
        expect(stdout + stderr).not.toMatch(/canary/);
      }
      expect(readdirSync(cwd)).toEqual([]);
      const left = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.(?!mjs$)\w+$/.test(name),
      );
      for (const name of left)
        expect(readFileSync(join(home, name), 'latin1'), name).not.toContain('canary-');
    },
  );
});
