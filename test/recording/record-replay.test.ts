import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect } from 'vitest';
import type { Recording } from '../../src/recording/recording.js';
import {
  type ModelServer,
  type ServerScript,
  type ServerStep,
  startModelServer,
} from '../helpers/model-server.js';
import {
  cleanEnvironment,
  finish,
  launcher,
  runVictor,
  startVictor,
  temporaryDirectory,
  type VictorOptions,
} from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

type Dialect = 'anthropic' | 'openai';
const dialects: readonly Dialect[] = ['anthropic', 'openai'];

const servers: ModelServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

async function serve(script: readonly ServerScript[]): Promise<ModelServer> {
  const server = await startModelServer(script);
  servers.push(server);
  return server;
}

function accessOf(server: ModelServer, dialect: Dialect): Record<string, string> {
  return dialect === 'anthropic'
    ? { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'key-of-the-user-1234' }
    : { OPENAI_BASE_URL: server.openAIUrl, OPENAI_API_KEY: 'key-of-the-user-1234' };
}

/** A fresh folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Every file of a folder with its text. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(folder.length + 1), readFileSync(file, 'utf8')];
    }),
  );
}

const recordingIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Recording;

/** A recording without what may differ from one run to the next. */
function withoutTimes(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'), (name, value: unknown) => (name === 'afterMs' ? 0 : value));
}

const project = { 'greeting.txt': 'hello\nworld\n', 'other.txt': 'nothing here\n' };
const run = ['--permission-mode', 'yolo', '--no-session'];

/** A conversation with parallel calls, an overload, an absolute path in small pieces, and a command that takes time. */
function conversation(cwd: string): readonly ServerScript[] {
  return [
    { status: 529, headers: { 'retry-after-ms': '40' }, body: { error: { type: 'overloaded_error' } } },
    {
      text: 'I look at two things at once.',
      chunks: 4,
      toolCalls: [
        { name: 'Read', input: { path: 'greeting.txt' } },
        { name: 'Grep', input: { pattern: 'nothing' } },
      ],
    },
    {
      chunks: 30,
      toolCalls: [
        { name: 'Write', input: { path: join(cwd, 'made', 'new.txt'), content: 'made by the model\n' } },
        { name: 'Edit', input: { path: 'greeting.txt', oldText: 'hello', newText: 'good morning' } },
        { name: 'Bash', input: { command: 'sleep 0.2; pwd; date +%Y-%m-%dT%H:%M:%S; cat made/new.txt' } },
      ],
    },
    { text: 'The greeting is friendlier now, and there is a new file. ✓', chunks: 12 },
  ];
}

async function record(dialect: Dialect, options: VictorOptions & { readonly file: string }) {
  const cwd = folderWith(project);
  const server = await serve(conversation(cwd));
  const result = await runVictor(['ask', 'make it friendlier', '--record', options.file, ...run], {
    ...options,
    cwd,
    env: { ...accessOf(server, dialect), ...options.env },
  });
  await server.close();
  return { ...result, cwd, files: filesOf(cwd), server };
}

const strace = spawnSync('strace', ['-V']).status === 0;

/** Runs victor under strace, where there is one, and answers the sockets to a network that it asked for. */
async function watchedVictor(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const log = join(temporaryDirectory(), 'sockets');
  const line = ['strace', '-f', '-qq', '-o', log, '-e', 'trace=socket,connect,bind,sendto'];
  const command = [...(strace ? line : []), process.execPath, launcher, ...args];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd,
    env: cleanEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result = await finish(child);
  const calls = strace ? readFileSync(log, 'utf8').split('\n') : [];
  return { ...result, sockets: calls.filter((call) => /AF_INET6?\b/.test(call)) };
}

describe.each(dialects)('a conversation recorded in the %s dialect', (dialect) => {
  it('replays in another folder and home on another day without key, server or socket: the same answer and the same effects', async () => {
    const file = join(temporaryDirectory(), 't.json');
    // 26 hours apart, so that the day is never the same.
    const recorded = await record(dialect, { file, env: { TZ: 'Etc/GMT+12' } });
    expect(recorded.code, recorded.stderr).toBe(0);
    expect(recorded.server.requests).toHaveLength(4);
    expect(recorded.files['made/new.txt']).toBe('made by the model\n');
    expect(recorded.stderr).toContain(`recorded 4 requests in ${file}.`);

    const cwd = folderWith(project);
    const home = temporaryDirectory();
    const elsewhere = { TZ: 'Pacific/Kiritimati', HOME: home, VICTOR_HOME: join(home, 'victor') };
    const args = ['ask', 'make it friendlier', '--replay', file, ...run];
    const replayed = await watchedVictor(args, cwd, elsewhere);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(replayed.stdout).toBe(recorded.stdout);
    expect(filesOf(cwd)).toEqual(recorded.files);
    expect(replayed.sockets).toEqual([]);
    expect(replayed.stderr).toMatch(/answered with status 529/);
    expect(replayed.stderr).not.toContain('not played');
  });

  it('is the same file when it is recorded again elsewhere, but for times', async () => {
    const files = [join(temporaryDirectory(), 'a.json'), join(temporaryDirectory(), 'b.json')];
    const [first, second] = [
      await record(dialect, { file: files[0]! }),
      await record(dialect, { file: files[1]! }),
    ];
    expect(first.cwd).not.toBe(second.cwd);
    expect(withoutTimes(files[0]!)).toEqual(withoutTimes(files[1]!));
    const text = readFileSync(files[0]!, 'utf8');
    expect(text).not.toContain(first.cwd);
    expect(text).toContain('<victor:cwd>');
    expect(text).toContain('<victor:environment>');
    expect(text).not.toMatch(/\d{4}-\d\d-\d\d, \w+day|after \d+\.\d s/);
  });

  it('has no key in it: not from a header, not from a file that was read, not from an answer in small pieces', async () => {
    const secrets = { MY_TOKEN: 'correct-horse-battery-staple', OTHER: 'x' };
    const shaped = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz';
    const file = join(temporaryDirectory(), 't.json');
    const cwd = folderWith({ 'notes.txt': `${secrets.MY_TOKEN} and ${shaped}\n` });
    const server = await serve([
      { toolCalls: [{ name: 'Read', input: { path: 'notes.txt' } }] },
      { text: `Your keys are ${secrets.MY_TOKEN}, ${shaped} and key-of-the-user-1234, I think.`, chunks: 40 },
    ]);
    const asked = await runVictor(['ask', `what of ${shaped}?`, '--record', file, ...run], {
      cwd,
      env: { ...accessOf(server, dialect), ...secrets },
    });
    expect(asked.code, asked.stderr).toBe(0);
    const text = readFileSync(file, 'utf8');
    // In pieces too: the answer as a reader puts it together.
    const said = recordingIn(file)
      .exchanges.flatMap(({ answer }) => answer?.chunks ?? [])
      .flatMap(({ text: event }) => [...event.matchAll(/"(?:text|content)":"((?:[^"\\]|\\.)*)"/g)])
      .map(([, piece]) => piece)
      .join('');
    for (const secret of [secrets.MY_TOKEN, shaped, 'key-of-the-user-1234']) {
      expect(text).not.toContain(secret);
      expect(said).not.toContain(secret);
    }
    expect(said).toContain('Your keys are [redacted], [redacted] and [redacted], I think.');
    expect(text.toLowerCase()).not.toMatch(/"(?:authorization|x-api-key|cookie)"/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('fails loudly when a tool has another result: which request, which tool, both texts, and what to do', async () => {
    const file = join(temporaryDirectory(), 't.json');
    await record(dialect, { file });
    const cwd = folderWith({ ...project, 'greeting.txt': 'hello\nmoon\n' });
    const replayed = await runVictor(['ask', 'make it friendlier', '--replay', file, ...run], { cwd });
    expect(replayed.code).toBe(1);
    expect(replayed.stderr).toMatch(
      /^victor: Request 3 of the replay \(POST \/v1\/[a-z/]+\) is not in .*t\.json\. Nearest is recorded request 3, which differs first at body\.messages\[\d\]\S*, in the result of Read: recorded ".*world.*, now ".*moon.*\. Tools really run again.*record again with --record\.$/m,
    );
    expect(replayed.stderr.match(/differs first/g)).toHaveLength(1);
    expect(existsSync(join(cwd, 'made'))).toBe(false);
  });
});

describe('what a replay is asked', () => {
  async function recordedOnce(
    script: readonly ServerScript[],
    args: readonly string[],
    options: VictorOptions = {},
  ) {
    const file = join(temporaryDirectory(), 't.json');
    const server = await serve(script);
    const env = { ...accessOf(server, 'anthropic'), ...options.env };
    const result = await runVictor(['ask', ...args, '--record', file, ...run], { ...options, env });
    return { ...result, file, server };
  }
  const replay = (file: string, args: readonly string[], options: VictorOptions = {}) =>
    runVictor(['ask', ...args, '--replay', file, ...run], options);

  it('another prompt is not in the recording: the first difference is shown, and the rest is not called unplayed', async () => {
    const { file } = await recordedOnce([{ text: 'Blue.' }], ['which colour has the sky?']);
    const { code, stdout, stderr } = await replay(file, ['which colour has the sea?']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /Request 1 of the replay .* body\.messages\[0\]\S*: recorded ".*sky\?".*, now ".*sea\?"/,
    );
    expect(stderr).not.toContain('not played');
  });

  it('chooses the recorded provider and model, whatever the settings say; another --model does not match', async () => {
    const { file } = await recordedOnce([{ text: 'Blue.' }], ['colour?', '-m', 'anthropic/claude-of-mine']);
    const env = { OPENAI_API_KEY: 'another-key-12345', VICTOR_MODEL: 'openai/gpt-x' };
    expect(await replay(file, ['colour?'], { env })).toMatchObject({ code: 0, stdout: 'Blue.\n' });
    const other = await replay(file, ['colour?', '-m', 'claude-of-yours'], { env });
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(
      /at body\.model: recorded "claude-of-mine", now "claude-of-yours"\. Leave --model out/,
    );
  });

  it('equal requests get their answers in the order in which they were recorded', async () => {
    const failing = { status: 500, headers: { 'retry-after-ms': '1' }, body: { error: { message: 'no' } } };
    const script = [failing, failing, { text: 'At last.' }];
    const { file, code, server } = await recordedOnce(script, ['go']);
    expect({ code, requests: server.requests.length }).toEqual({ code: 0, requests: 3 });
    const { stdout, stderr } = await replay(file, ['go']);
    expect(stdout).toBe('At last.\n');
    expect(stderr.match(/answered with status 500/g)).toHaveLength(2);
  });

  it('says on stderr what was not played', async () => {
    const { file } = await recordedOnce(
      [{ toolCalls: [{ name: 'List', input: {} }] }, { text: 'A folder.' }],
      ['look'],
    );
    const { code, stderr } = await replay(file, ['look', '--max-turns', '1']);
    expect(code).toBe(5);
    expect(stderr).toMatch(
      /1 of 2 recorded requests of .*t\.json were not played, the first of them number 2 \(POST/,
    );
  });

  it('a failure replays as the same failure, over the real parser: a refusal, a reset stream, a stream that ends early', async () => {
    // What breaks off is gone on with, unless there is one request in all.
    const home = temporaryDirectory();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ network: { attempts: 1 } }), { mode: 0o600 });
    const options = { env: { VICTOR_HOME: home } };
    for (const step of [
      { status: 401, body: { error: { type: 'authentication_error', message: 'who are you' } } },
      { text: 'Half of an answer', chunks: 5, cutAfterBytes: 700 },
      { text: 'Half of an answer', chunks: 5, cutAfterBytes: 700, cut: 'end' as const },
    ]) {
      const recorded = await recordedOnce([step], ['go'], options);
      expect(recorded.code).toBe(1);
      expect(recordingIn(recorded.file).ended).toBe('failed');
      const replayed = await replay(recorded.file, ['go'], options);
      const firstLine = (text: string) =>
        /^victor: .*$/m.exec(text)?.[0].replace(/:\d{4,5}| \(request [^)]+\)/g, '');
      expect({ code: replayed.code, stdout: replayed.stdout }).toEqual({ code: 1, stdout: recorded.stdout });
      expect(firstLine(replayed.stderr)).toBe(firstLine(recorded.stderr));
    }
  });

  it('the folder for long outputs has another name in each session, and the model may still name a file in it', async () => {
    const fileOf = (body: unknown) => /in (\/\S+output-[\w-]+\.txt)/.exec(JSON.stringify(body))?.[1];
    const script: ServerScript[] = [
      { toolCalls: [{ name: 'Bash', input: { command: 'seq 20000' } }] },
      (body) => ({ chunks: 20, toolCalls: [{ name: 'Read', input: { path: fileOf(body), limit: 2 } }] }),
      { text: 'It counts.' },
    ];
    const recorded = await recordedOnce(script, ['count']);
    expect(JSON.stringify(recorded.server.requests[2]?.body)).toContain('1\\t1\\n');
    const replayed = await replay(recorded.file, ['count']);
    expect(replayed, replayed.stderr).toMatchObject({ code: 0, stdout: recorded.stdout });
  });

  it('an id that a server makes up is counted, so that another day has the same', async () => {
    const script = (id: string): ServerScript[] => [
      { toolCalls: [{ name: 'List', input: {}, id: `toolu_${id}` }] },
      { text: 'Done.' },
    ];
    const cwd = folderWith(project);
    const one = await recordedOnce(script('01AAAAAAAAAAAA'), ['look'], { cwd });
    const other = await recordedOnce(script('01BBBBBBBBBBBB'), ['look'], { cwd });
    expect(withoutTimes(one.file)).toEqual(withoutTimes(other.file));
    expect(readFileSync(one.file, 'utf8')).toContain('toolu_1');
    expect(await replay(other.file, ['look'], { cwd })).toMatchObject({ code: 0, stdout: 'Done.\n' });
  });

  it.each([
    ['no file', undefined, /there is no such file|does not exist/i],
    ['no JSON', 'hello', /is no JSON/],
    ['other JSON', '{"a":1}', /is no recording of Victor/],
    ['a newer form', '{"format":"victor-recording","version":9}', /version 9, and this Victor plays 1/],
    ['half of one', '{"format":"victor-recording","version":1}', /is damaged at victor/],
  ])('%s to replay: one line, exit code 2', async (_title, text, pattern) => {
    const file = join(temporaryDirectory(), 't.json');
    if (text !== undefined) writeFileSync(file, text);
    const { code, stdout, stderr } = await replay(file, ['hi']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: [^\n]+\n$/);
    expect(stderr).toMatch(pattern);
  });
});

describe('a recording', () => {
  it('does not replace a file that is none, and nothing is asked then; it does replace an older recording', async () => {
    const file = join(folderWith({ 'precious.json': '{"mine":true}\n' }), 'precious.json');
    const server = await serve([{ text: 'One.' }, { text: 'Two.' }]);
    const env = accessOf(server, 'anthropic');
    const refused = await runVictor(['ask', 'hi', '--record', file], { env });
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^victor: .*precious\.json is there already and is no recording.*--record\.\n$/,
    );
    expect(readFileSync(file, 'utf8')).toBe('{"mine":true}\n');
    expect(server.requests).toHaveLength(0);

    const mine = join(temporaryDirectory(), 'mine.json');
    for (const text of ['One.', 'Two.']) {
      expect(await runVictor(['ask', 'hi', '--record', mine], { env })).toMatchObject({
        stdout: `${text}\n`,
      });
    }
    expect(readFileSync(mine, 'utf8')).toContain('Two.');
  });

  it.each<[string, ServerStep, RegExp]>([
    [
      'while the answer streams',
      { text: 'A long answer', error: { kind: 'stalled', message: 'Nothing more.' } },
      /A long/,
    ],
    ['while a tool runs', { toolCalls: [{ name: 'Bash', input: { command: 'sleep 7' } }] }, /• Bash/],
  ])('is valid and says that it is partial when the user interrupts %s', async (_title, step, seen) => {
    const file = join(temporaryDirectory(), 't.json');
    const server = await serve([step]);
    const child = startVictor(['ask', 'go', '--record', file, ...run], {
      env: accessOf(server, 'anthropic'),
    });
    const done = finish(child);
    await new Promise<void>((resolve) => {
      let text = '';
      const look = (chunk: Buffer) => {
        text += chunk;
        if (seen.test(text)) resolve();
      };
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
    });
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toContain(`recorded 1 request in ${file}. It is partial: the turn was interrupted.`);
    expect(recordingIn(file)).toMatchObject({ format: 'victor-recording', version: 1, ended: 'interrupted' });
    const replayed = await runVictor(['ask', 'go', '--replay', file, ...run]);
    expect(replayed.code).toBe(1);
    expect(replayed.stderr).toMatch(
      /holds only a part of this answer|has been played, and it was interrupted there/,
    );
  });

  it('says so when no request went out, and writes no file', async () => {
    const file = join(temporaryDirectory(), 't.json');
    const { code, stderr } = await runVictor(['ask', 'where is it?', '--record', file]);
    expect(code).toBe(0);
    expect(stderr).toContain('nothing was recorded');
    expect(existsSync(file)).toBe(false);
  });

  it('that cannot be written fails the run after the answer, and keeps what came into its place meanwhile', async () => {
    const file = join(temporaryDirectory(), 't.json');
    const server = await serve([
      () => {
        writeFileSync(file, 'somebody else was here');
        return { text: 'One.' };
      },
    ]);
    const { code, stdout, stderr } = await runVictor(['ask', 'hi', '--record', file], {
      env: accessOf(server, 'anthropic'),
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'One.\n' });
    expect(stderr).toMatch(/The recording .*t\.json was not written: .*is no recording/);
    expect(readFileSync(file, 'utf8')).toBe('somebody else was here');
  });

  it('in a place that cannot be is refused before anything is asked', async () => {
    const file = join(folderWith({ 'a-file': '' }), 'a-file', 't.json');
    const server = await serve([{ text: 'One.' }]);
    const { code, stdout, stderr } = await runVictor(['ask', 'hi', '--record', file], {
      env: accessOf(server, 'anthropic'),
    });
    expect({ code, stdout, requests: server.requests.length }).toEqual({ code: 2, stdout: '', requests: 0 });
    expect(stderr).toMatch(/^victor: [^\n]+--record[^\n]*\n$/);
  });

  it('cannot be made and played at once', async () => {
    const { code, stderr } = await runVictor(['ask', 'hi', '--record', 'a.json', '--replay', 'b.json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--replay.*--record|--record.*--replay/);
  });

  it('costs nothing when it is played, although the model has a price', async () => {
    const prices = { 'claude-x': { input: 1000, output: 1000 } };
    const home = temporaryDirectory();
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'config.json'), JSON.stringify({ prices }));
    const file = join(temporaryDirectory(), 't.json');
    const server = await serve([{ text: 'One.' }]);
    const env = { VICTOR_HOME: home };
    const args = ['ask', 'hi', '--json', '-m', 'anthropic/claude-x'];
    const paid = await runVictor([...args, '--record', file], {
      env: { ...env, ...accessOf(server, 'anthropic') },
    });
    expect(JSON.parse(paid.stdout).total_cost_usd).toBeGreaterThan(0);
    const played = await runVictor(['ask', 'hi', '--json', '--replay', file], { env });
    expect(JSON.parse(played.stdout)).toMatchObject({ result: 'One.', total_cost_usd: 0 });
  });
});

describe('the watch for sockets', () => {
  it.skipIf(!strace)('is a good one: it sees the connection of a run that is not a replay', async () => {
    const server = createServer((_request, response) => response.writeHead(401).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`, ANTHROPIC_API_KEY: 'k' };
    const { sockets } = await watchedVictor(['ask', 'hi', '--no-session'], temporaryDirectory(), env);
    expect(sockets.length).toBeGreaterThan(0);
    await new Promise((resolve) => server.close(resolve));
  });
});
