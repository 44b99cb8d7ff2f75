import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { sessionPage } from '../../src/cli/sessions/session-page.js';
import { victorPaths } from '../../src/config/paths.js';
import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';
import type { LogRecord } from '../../src/core/store.js';
import { openStore } from '../../src/storage/open-store.js';
import { runVictor, temporaryDirectory, type VictorOptions } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const DAY_MS = 86_400_000;
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((one) =>
  existsSync(one),
);

/** A home with these sessions, each with one message a text, changed last so many days ago. */
async function homeWith(
  sessions: Readonly<Record<string, readonly (string | Message)[]>>,
  daysAgo: Readonly<Record<string, number>> = {},
) {
  const home = temporaryDirectory();
  const store = await openStore({ file: victorPaths({ VICTOR_HOME: home }).databaseFile });
  for (const [id, messages] of Object.entries(sessions)) {
    const time = Date.now() - (daysAgo[id] ?? 0) * DAY_MS;
    const log = messages.map((one) => ({
      entry: { type: 'message', message: typeof one === 'string' ? userMessage(one) : one } as LogRecord,
      timestamp: time,
    }));
    const described = { title: `About ${id}`, cwd: '/work', createdAt: time, updatedAt: time, tags: [] };
    await store.sessions.importSession({ ...described, id, log });
  }
  await store.close();
  const run = (args: readonly string[], options: VictorOptions = {}) =>
    runVictor(['sessions', ...args], { ...options, env: { VICTOR_HOME: home } });
  return { home, run };
}

describe('victor sessions search', () => {
  it('prints the best match first with its session, its speaker and the words in their line', async () => {
    const { run } = await homeWith({
      one: ['please retry the upload', assistantMessage('I set up a retry with backoff, retry after retry')],
      two: ['nothing about that'],
    });
    const { code, stdout, stderr } = await run(['search', 'retry']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^one {2}\d{4}-\d\d-\d\d .* Victor in About one$/),
      '  I set up a retry with backoff, retry after retry',
      expect.stringMatching(/^one {2}\d{4}-\d\d-\d\d .* you in About one$/),
      '  please retry the upload',
      '',
    ]);
    const [hit] = JSON.parse((await run(['search', 'retry', '--json', '--limit', '1'])).stdout);
    expect(hit).toMatchObject({
      session_id: 'one',
      title: 'About one',
      sequence: 2,
      role: 'assistant',
      matches: ['retry', 'retry', 'retry'],
    });
  });

  it('takes several words, one session, and says when nothing has them', async () => {
    const { run } = await homeWith({ one: ['alpha beta'], two: ['alpha beta', 'alpha'] });
    const ids = async (...args: string[]) =>
      (JSON.parse((await run(['search', ...args, '--json'])).stdout) as { session_id: string }[]).map(
        (hit) => hit.session_id,
      );
    expect((await ids('alpha', 'beta')).sort()).toEqual(['one', 'two']);
    expect(await ids('alpha', '--session', 'tw')).toEqual(['two', 'two']);
    expect(await run(['search', 'gamma'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'victor: no message has "gamma".\n',
    });
    expect(await run(['search', '?!'])).toMatchObject({ code: 2, stderr: expect.stringContaining('letter') });
  });

  it('prints no escape sequence and no key of what was found', async () => {
    const key = `ghp_${'k'.repeat(36)}`;
    const { run } = await homeWith({ one: [`needle \u001b]0;owned\u0007\u001b[31m ${key}`] });
    for (const json of [[], ['--json']]) {
      const { stdout } = await run(['search', 'needle', ...json]);
      expect(stdout).toContain('needle');
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      expect(stdout).not.toContain(key);
    }
  });
});

describe('victor sessions tag, fork, import and prune', () => {
  it('tags, shows tags, lists by tag and takes them away', async () => {
    const { run } = await homeWith({ one: ['a'], two: ['b'] });
    expect((await run(['tag', 'one', 'work', '#bug'])).stderr).toBe('victor: one is tagged bug, work\n');
    expect((await run(['list', '--tag', 'bug'])).stdout).toMatch(/^id .*\none .* About one #bug #work\n$/);
    expect(JSON.parse((await run(['list', '--json', '--tag', 'work'])).stdout)).toMatchObject([
      { id: 'one', tags: ['bug', 'work'] },
    ]);
    expect((await run(['tag', 'one', 'bug', 'work', '--remove'])).stderr).toBe('victor: one has no tags\n');
    expect((await run(['list', '--tag', 'bug'])).stderr).toBe('victor: no session has the tag bug.\n');
    expect(await run(['tag', 'one', 'two words'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one word'),
    });
  });

  it('fork prints the id of a copy that is a session of its own', async () => {
    const { run } = await homeWith({ one: ['hello'] });
    const { stdout, stderr, code } = await run(['fork', 'one']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const id = stdout.trim();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await run(['delete', 'one']);
    expect(JSON.parse((await run(['export', id, '--format', 'json'])).stdout)).toMatchObject({
      id,
      forked_from: 'one',
      log: [{ sequence: 1, message: { content: 'hello' } }],
    });
  });

  it('import gives back what export wrote, in another home and beside the original', async () => {
    const call = { id: 'c', name: 'Bash', input: { command: 'ls', deep: [{ a: null }] } };
    const { run } = await homeWith({
      one: [
        'odd \ud800 \u0000 \u001b[31m 😀 </script>',
        assistantMessage('', { toolCalls: [call], thinking: [{ text: 'hm', signature: 's' }] }),
        toolMessage(call, 'no such file', true),
      ],
    });
    await run(['tag', 'one', 'work']);
    const file = join(temporaryDirectory(), 'one.json');
    await run(['export', 'one', '--format', 'json', '-o', file]);
    const other = await homeWith({});
    expect(await other.run(['import', file])).toMatchObject({ code: 0, stdout: 'one\n', stderr: '' });
    const exported = (await other.run(['export', 'one', '--format', 'json'])).stdout;
    expect(exported).toBe(readFileSync(file, 'utf8'));
    expect(JSON.parse(exported).log[0].message.content).toBe('odd \ud800 \u0000 \u001b[31m 😀 </script>');

    const again = await other.run(['import', file]);
    expect(again).toMatchObject({ code: 0, stderr: 'victor: one is there already; this is another one.\n' });
    expect(again.stdout.trim()).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse((await other.run(['list', '--json'])).stdout)).toHaveLength(2);
  });

  it.each([
    ['no JSON', '{', /is not JSON/],
    ['another JSON', '[]', /not an exported session/],
    ['a system message', 'system', /not an exported session: .* at log\.0\.message\.role/],
    ['an id that is none', 'id', /not an exported session: .* at id/],
    ['a call without input', 'call', /at log\.0\.message\.toolCalls\.0\.input/],
  ])('import refuses %s, and brings nothing in', async (_case, content, message) => {
    const time = new Date(0).toISOString();
    const said = {
      id: 'm',
      role: content === 'system' ? 'system' : 'assistant',
      content: 'x',
      ...(content === 'call' ? { toolCalls: [{ id: 'c', name: 'Read' }] } : {}),
    };
    const session = {
      id: content === 'id' ? '../x' : 'one',
      title: '',
      cwd: '/',
      created_at: time,
      updated_at: time,
      log: [{ type: 'message', message: said, timestamp: time }],
    };
    const file = join(temporaryDirectory(), 'session.json');
    writeFileSync(file, /^\W/.test(content) ? content : JSON.stringify(session));
    const { run } = await homeWith({});
    const result = await run(['import', file]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    expect((await run(['list', '--json'])).stdout).toBe('[]\n');
  });

  it('prune shows what would go, deletes it with --yes, and nothing that is newer', async () => {
    const { run } = await homeWith({ old: ['a', 'b'], older: ['c'], fresh: ['d'] }, { old: 31, older: 90 });
    const ids = async () =>
      (JSON.parse((await run(['list', '--json'])).stdout) as { id: string }[]).map(({ id }) => id).sort();
    const dry = await run(['prune', '--older-than', '30d']);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/^id .*\nolder .*\nold .*\n$/);
    expect(dry.stderr).toBe(
      'victor: 2 sessions with 3 messages would be deleted. Nothing was; --yes does it.\n',
    );
    expect(await ids()).toEqual(['fresh', 'old', 'older']);
    expect((await run(['prune', '--older-than', '8w', '--yes'])).stderr).toBe(
      'victor: deleted 1 session with 1 message\n',
    );
    expect((await run(['prune', '--older-than', '30d', '--yes'])).stderr).toBe(
      'victor: deleted 1 session with 2 messages\n',
    );
    expect(await ids()).toEqual(['fresh']);
    expect((await run(['prune', '--older-than', '12h', '--yes'])).stderr).toBe(
      'victor: no session is that old.\n',
    );
    expect((await run(['search', 'a'])).stdout).toBe('');
  });

  it.each([[['prune']], [['prune', '--older-than', '30']], [['prune', '--older-than', '0d', '--yes']]])(
    '%j is refused, and nothing is deleted',
    async (args) => {
      const { run } = await homeWith({ old: ['a'] }, { old: 900 });
      expect(await run(args)).toMatchObject({ code: 2, stdout: '' });
      expect(JSON.parse((await run(['list', '--json'])).stdout)).toHaveLength(1);
    },
  );

  it('D11: a session that is open elsewhere is not deleted, reset or pruned, and its holder is named', async () => {
    const { home, run } = await homeWith({ old: ['a'], free: ['b'] }, { old: 90, free: 90 });
    const store = await openStore({ file: victorPaths({ VICTOR_HOME: home }).databaseFile });
    await store.sessions.holdSession('old');
    for (const command of ['delete', 'reset']) {
      const refused = await run([command, 'old']);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain(`process ${process.pid}`);
    }
    expect(await store.sessions.readLog('old')).toHaveLength(1);
    expect((await run(['prune', '--older-than', '1d', '--yes'])).stderr).toBe(
      'victor: deleted 1 session with 1 message\nvictor: kept 1 in use\n',
    );
    expect((await store.sessions.listSessions()).map(({ id }) => id)).toEqual(['old']);
    await store.close();
  });
});

describe('victor sessions export --format html', () => {
  const attacks = [
    '<script>document.title = "owned"</script>',
    '<img src=x onerror="document.title=\'owned\'">',
    '"><svg onload=document.title="owned">',
    "' autofocus onfocus='document.title=`owned`'",
    '</pre></article></main><style>body{display:none}</style><a href="javascript:document.title=1">x</a>',
    '<!--',
    ']]>',
    '&lt;script&gt;',
    '<base href="http://127.0.0.1:9/">',
    '\u001b]0;owned\u0007\u001b[31mred',
  ];

  it('shows what was said as text: one page, no script, no escape sequence', async () => {
    const call = { id: 'c', name: '<b>', input: { command: attacks[0] } };
    const messages = [
      ...attacks,
      assistantMessage(attacks[1]!, { toolCalls: [call] }),
      toolMessage(call, attacks[2]!),
    ];
    const { run } = await homeWith({ one: messages });
    await run(['rename', 'one', attacks[0]!]);
    const file = join(temporaryDirectory(), 'one.html');
    expect((await run(['export', 'one', '--format', 'html', '-o', file])).code).toBe(0);
    const page = readFileSync(file, 'utf8');
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+|!)/gi)].map(([, name]) => name));
    expect([...tags].sort()).toEqual(
      [
        '!',
        'article',
        'body',
        'dd',
        'dl',
        'dt',
        'h1',
        'h2',
        'head',
        'header',
        'html',
        'main',
        'meta',
        'p',
        'pre',
        'style',
        'title',
      ].sort(),
    );
    expect(page).not.toMatch(/<[^>]*\b(?:on\w+|src|href)\s*=/i);
    if (!chromium) return;
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=2000'];
    const dom = execFileSync(chromium, [...flags, '--dump-dom', `file://${file}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 120_000,
    });
    expect(/<title>([^<]*)<\/title>/.exec(dom)?.[1]).toBe(
      '&lt;script&gt;document.title = "owned"&lt;/script&gt;',
    );
    expect(dom.match(/<article/g)).toHaveLength(messages.length);
    expect(dom).not.toMatch(/<(?:script|img|svg|a|base)\b/i);
  });

  it('has the same elements whatever text stands in it', () => {
    const session = { id: 'one', cwd: '/', createdAt: 0, updatedAt: 0, messages: 1, tags: [], title: 'x' };
    const elements = (text: string) => {
      const call = { id: 'c', name: text, input: { [text]: text } };
      const messages = [
        userMessage(text),
        assistantMessage('x', { toolCalls: [call] }),
        toolMessage(call, text),
      ];
      const log = messages.map((message, at) => ({
        sequence: at,
        timestamp: 0,
        entry: { type: 'message' as const, message },
      }));
      return sessionPage({ ...session, title: `t${text}`, cwd: text, tags: [text] }, log).match(/<[^>]*>/g);
    };
    const plain = elements('words');
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '=',
      '/',
      '-',
      '!',
      ' ',
      'script',
      'on',
      '\u0000',
      '\u001b',
      '\u2028',
      'é',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { minLength: 1 }), (parts) => {
        expect(elements(`x${parts.join('')}`)).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });
});
