import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished } from 'vitest';
import { HttpHeaders } from '../../src/http/headers.js';
import { HttpResponse } from '../../src/http/response.js';
import { ConfigError, createOrchestrator, recordTraffic, replayTraffic } from '../../src/index.js';
import { recordingFormat, recordingVersion } from '../../src/recording/recording.js';
import { type ServerScript, startModelServer } from '../helpers/model-server.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const run = ['--permission-mode', 'yolo', '--no-session'];

async function serve(script: readonly ServerScript[]) {
  const server = await startModelServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** A recording by hand: these requests, each over what an honest one has. */
function recordingOf(requests: readonly Record<string, unknown>[], folder = temporaryDirectory()): string {
  const file = join(folder, 'strange.json');
  const exchanges = requests.map((request) => ({
    request: {
      provider: 'anthropic',
      baseURL: 'https://api.anthropic.com',
      method: 'POST',
      path: '/v1/messages',
      headers: {},
      body: { model: 'm', messages: [] },
      ...request,
    },
    end: 'complete',
  }));
  const head = { format: recordingFormat, version: recordingVersion, victor: '0', ended: 'complete' };
  writeFileSync(file, JSON.stringify({ ...head, exchanges }));
  return file;
}

const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;

describe('a recording from a stranger', () => {
  it.each(['./evil.js', '<absolute>', 'offline', 'scripted', 'a-package', '__proto__', 'toString'])(
    'whose provider is %s is refused before anything of it is loaded or asked',
    async (name) => {
      const cwd = temporaryDirectory();
      const ran = join(cwd, 'it-ran');
      writeFileSync(
        join(cwd, 'evil.js'),
        `import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(ran)}, ''));`,
      );
      const provider = name === '<absolute>' ? join(cwd, 'evil.js') : name;
      for (const requests of [[{ provider }], [{}, { provider }]]) {
        const file = recordingOf(requests, cwd);
        expect(() => replayTraffic({ file, cwd })).toThrow(ConfigError);
        const { code, stdout, stderr } = await runVictor(['ask', 'hi', '--replay', file, ...run], { cwd });
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toMatch(/^victor: [^\n]*is no provider that can be played[^\n]*\n$/);
      }
      expect(existsSync(ran)).toBe(false);
    },
  );

  it('that names an address and headers connects to nothing, and has no setting but provider, model and fallback', async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void listener.close());
    const { port } = listener.address() as { port: number };
    const baseURL = `http://127.0.0.1:${port}`;
    const file = recordingOf([
      { baseURL, headers: { 'x-api-key': 'k' } },
      { provider: 'openai', baseURL },
    ]);
    expect(replayTraffic({ file }).settings).toEqual({
      provider: 'anthropic',
      model: 'anthropic/m',
      fallback: ['openai/m'],
    });
    const { code } = await runVictor(['ask', 'hi', '--replay', file, ...run], {
      env: { ANTHROPIC_API_KEY: 'key-of-the-user-1234' },
    });
    expect({ code, connections }).toEqual({ code: 1, connections: 0 });
    for (const address of ['file:///etc/passwd', 'javascript:1']) {
      expect(() => replayTraffic({ file: recordingOf([{ baseURL: address }]) })).toThrow(/baseURL/);
    }
  });

  it('that somebody else answers in place of does not end well', async () => {
    const file = recordingOf([{}]);
    const { code, stderr } = await runVictor([
      'ask',
      'where is it?',
      '-m',
      'offline/extractive',
      '--replay',
      file,
      ...run,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /offline answered in place of the recording: 1 of 1 recorded requests .* were not played/,
    );
  });

  it.each([
    [
      'shares a list that it does not have',
      [{ body: { messages: [{}] } }, { body: {}, same: { messages: 1 } }],
    ],
    [
      'adds to a list what is none',
      [{ body: { messages: [{}] } }, { body: { messages: 7 }, same: { messages: 1 } }],
    ],
    ['shares what nothing had', [{}, { body: {}, same: { constructor: true, __proto__: 3 } }]],
  ])('that %s matches nothing, and says so', async (_title, requests) => {
    const file = recordingOf(requests);
    const { code, stderr } = await runVictor(['ask', 'hi', '--replay', file, ...run]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Request 1 of the replay .* is not in .*strange\.json/);
    expect(stderr).not.toMatch(/TypeError|iterable/);
  });

  it.each([
    ['nested 3,000 deep', [{ body: { deep: nested(3_000) } }], /nested too deeply/],
    [
      'whose small file stands for a billion items',
      [
        { body: { list: Array(10_000).fill(1) } },
        ...Array.from({ length: 1_000 }, () => ({ body: { list: [1] }, same: { list: 1e9 } })),
      ],
      /more than 5000000 items/,
    ],
    ['that shares less than nothing', [{}, { body: {}, same: { messages: -1 } }], /damaged at .*same/],
  ])('%s is refused with exit code 2', async (_title, requests, message) => {
    const file = recordingOf(requests);
    const { code, stderr } = await runVictor(['ask', 'hi', '--replay', file, ...run]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('that shares two million characters, or a million numbers, 3,000 times is looked through within seconds', async () => {
    for (const pad of ['x'.repeat(2_000_000), [Array(1_000_000).fill(1)]]) {
      const again = Array.from({ length: 3_000 }, () => ({ body: {}, same: { pad: true } }));
      const file = recordingOf([{ body: { pad } }, ...again]);
      const baseURL = 'https://api.anthropic.com';
      const traffic = replayTraffic({ file });
      const body = JSON.stringify({ pad, other: 1 });
      const asked = traffic.fetch({ provider: 'anthropic', baseURL }, fetch)(`${baseURL}/v1/messages`, {
        method: 'POST',
        body,
      });
      await expect(asked).rejects.toThrow('differs first at body.other');
    }
  });
});

describe('recording', () => {
  it('keeps a conversation in which an answer is nested 3,000 deep, without the key in its depth', async () => {
    const key = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz';
    const body = `{"error":{"message":"no","deep":${'['.repeat(3_000)}"${key}"${']'.repeat(3_000)}}}`;
    const url = 'http://127.0.0.1:1';
    const file = join(temporaryDirectory(), 't.json');
    const traffic = recordTraffic({ file });
    const send = (async () => {
      const headers = new HttpHeaders({ 'content-type': 'application/json' });
      return new HttpResponse(
        { statusCode: 400, statusMessage: '' },
        headers,
        Readable.from([Buffer.from(body)]),
        url,
      );
    }) as unknown as typeof fetch;
    const fetched = traffic.fetch({ provider: 'anthropic', baseURL: url }, send);
    const deep = `{"model":"m","deep":${'['.repeat(3_000)}"${key}"${']'.repeat(3_000)}}`;
    const answer = await fetched(`${url}/v1/messages`, { method: 'POST', body: deep });
    for await (const _piece of answer.body as unknown as AsyncIterable<Buffer>);
    traffic.close();
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(key);
    expect(text.match(/<victor:too-deep>/g)).toHaveLength(2);
    // The same request finds its answer.
    const played = replayTraffic({ file }).fetch({ provider: 'anthropic', baseURL: url }, send);
    expect((await played(`${url}/v1/messages`, { method: 'POST', body: deep })).status).toBe(400);
  });

  it.each(['an empty file', 'nothing'])(
    'through a symbolic link to %s is refused, and nothing is asked',
    async (what) => {
      const cwd = temporaryDirectory();
      const target = join(cwd, 'target');
      if (what !== 'nothing') writeFileSync(target, '');
      symlinkSync(target, join(cwd, 'link.json'));
      const server = await serve([{ text: 'One.' }]);
      const { code, stderr } = await runVictor(['ask', 'hi', '--record', 'link.json', ...run], {
        cwd,
        env: { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'key-of-the-user-1234' },
      });
      expect({ code, requests: server.requests.length }).toEqual({ code: 2, requests: 0 });
      expect(stderr).toMatch(/link\.json is a symbolic link/);
      expect(lstatSync(join(cwd, 'link.json')).isSymbolicLink()).toBe(true);
      if (what === 'nothing') expect(existsSync(target)).toBe(false);
      else expect(readFileSync(target, 'utf8')).toBe('');
    },
  );
});

describe('a conversation that a fallback answered', () => {
  it('replays where no fallback is configured, with the ask and in the library', async () => {
    const overloaded = { error: { kind: 'overloaded', message: 'Overloaded' } } as const;
    const claude = await serve([overloaded, overloaded, overloaded]);
    const gpt = await serve([{ text: 'I am the other one.' }]);
    const home = temporaryDirectory();
    const settings = { model: 'anthropic/claude-sonnet-4-5', fallback: ['openai/gpt-4o'] };
    writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
    const file = join(temporaryDirectory(), 't.json');
    const recorded = await runVictor(['ask', 'hi', '--record', file, ...run], {
      env: {
        VICTOR_HOME: home,
        ANTHROPIC_API_KEY: 'key-of-anthropic',
        ANTHROPIC_BASE_URL: claude.url,
        OPENAI_API_KEY: 'key-of-openai',
        OPENAI_BASE_URL: gpt.openAIUrl,
      },
    });
    expect(recorded).toMatchObject({ code: 0, stdout: 'I am the other one.\n' });

    const replayed = await runVictor(['ask', 'hi', '--replay', file, ...run]);
    expect(replayed, replayed.stderr).toMatchObject({ code: 0, stdout: recorded.stdout });
    expect(replayed.stderr).not.toContain('not played');
    const cwd = temporaryDirectory();
    const orchestrator = await createOrchestrator({
      cwd,
      environment: { VICTOR_HOME: temporaryDirectory() },
      persist: false,
      traffic: replayTraffic({ file, cwd }),
    });
    onTestFinished(() => orchestrator.close());
    expect(orchestrator.settings.fallback).toEqual(['openai/gpt-4o']);
  });
});
