import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { recordCount } from '../helpers/record-count.js';
import { cleanEnvironment, hangMs, launcher, temporaryDirectory } from '../helpers/run-victor.js';
import { adversarialTexts, controlsIn } from './adversarial-text.js';

/** Without colours these are all that Victor itself sends; a tab is text here. */
const ours = /\r?\n|\r|\t/g;

const hostile = adversarialTexts(40, 9);
const oneLine = hostile.map((text) => text.replaceAll(/[\n\0/]/g, ' ').replaceAll(/\p{Surrogate}/gu, '?'));
const servers: ModelServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A folder whose every name is hostile, a server whose every word is, and a home to keep it. */
async function hostileWorld() {
  const server = await startModelServer(
    (body) => {
      const results = body.messages.filter((one: { role: string }) => one.role === 'user').length;
      if (results > 2) return { text: hostile.join('\n') };
      const calls = oneLine.slice(0, 8).flatMap((name) => [
        { name: 'Read', input: { path: name } },
        { name: 'Bash', input: { command: `echo ${name}` } },
        { name, input: { path: name } },
      ]);
      return { text: hostile.slice(0, 10).join('\n'), toolCalls: calls };
    },
    { models: oneLine },
  );
  servers.push(server);
  const cwd = join(temporaryDirectory(), `work ${'\u001b]0;owned\u0007\u202e'} folder`);
  mkdirSync(cwd);
  for (const name of oneLine.slice(0, 8)) writeFileSync(join(cwd, name.slice(0, 60)), hostile.join('\n'));
  execFileSync('git', ['init', '-q'], { cwd });
  writeFileSync(join(cwd, 'AGENTS.md'), hostile.join('\n'));
  const home = temporaryDirectory();
  const env = cleanEnvironment({
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'test-key',
    VICTOR_HOME: home,
    TERM: 'xterm-256color',
    NO_COLOR: '1',
  });
  return { cwd, env };
}

async function bytesOf(args: readonly string[], world: { cwd: string; env: Record<string, string> }) {
  const pty = startPty({ command: process.execPath, args: [launcher, ...args], ...world, columns: 160 });
  const timer = setTimeout(() => pty.kill(), hangMs);
  const code = await pty.exit;
  clearTimeout(timer);
  expect(code, args.join(' ')).toBeLessThan(128);
  return pty.bytes().toString('utf8');
}

describe('hostile words on a real terminal', () => {
  it('E01-E09 no command lets a control byte of a model, a file name, a title or an error through', async () => {
    const world = await hostileWorld();
    const commands: readonly (readonly string[])[] = [
      ['ask', hostile[0]!.replaceAll('\0', ''), '--session-id', 'one'],
      ['ask', 'go', '--debug', '--allowed-tools', 'Bash', '--permission-mode', 'accept-edits'],
      ['ask', 'go', '--json'],
      ['ask', 'go', '--output-format', 'stream-json'],
      ['ask', 'go', '--model', oneLine[3]!],
      ['ask', 'go', '--mode', oneLine[4]!],
      ['sessions', 'list'],
      ['sessions', 'list', '--json'],
      ['sessions', 'show', 'one'],
      ['sessions', 'export', 'one'],
      ['sessions', 'export', 'one', '--json'],
      ['sessions', 'rename', 'one', hostile[5]!.replaceAll('\0', '')],
      ['sessions', 'show', oneLine[6]!],
      ['sessions', 'delete', 'one'],
      ['tools'],
      ['tools', 'rank', oneLine[7]!],
      ['models'],
      ['models', '--json'],
      ['stats'],
      ['stats', '--by', 'session'],
      ['doctor'],
      ['config', 'show', '--origin'],
      ['config', 'validate'],
      ['trust'],
      ['trust', '--list'],
      ['run', oneLine[8]!],
      [`--${oneLine[9]!}`],
    ];
    let bytes = 0;
    let controls = 0;
    const found: string[] = [];
    for (const args of commands) {
      const output = await bytesOf(args, world);
      bytes += output.length;
      const rest = output.replace(ours, '\n');
      controls += controlsIn(rest);
      if (controlsIn(rest) > 0) found.push(`${args.join(' ')}: ${JSON.stringify(rest.slice(0, 2_000))}`);
      expect(output.length, args.join(' ')).toBeGreaterThan(0);
    }
    console.log(
      `${commands.length} commands on a pty, ${bytes} characters, ${found.length} with control characters`,
    );
    recordCount({ row: 'commands', tried: commands.length, found: controls });
    expect(found).toEqual([]);
  }, 240_000);
});
