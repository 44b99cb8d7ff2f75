import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';
import type { LogRecord } from '../../src/core/store.js';
import { withoutProgress } from '../helpers/evaluation-progress.js';
import { runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { storeSession } from '../helpers/stored-session.js';

interface Row {
  readonly strategy: string;
  readonly configured: boolean;
  readonly budget_tokens: number;
  readonly before: { readonly messages: number; readonly tokens: number };
  readonly after: { readonly messages: number; readonly tokens: number };
  readonly facts: {
    readonly kept: number;
    readonly all: number;
    readonly own: { kept: number; all: number };
    readonly file: { kept: number; all: number };
    readonly shortened: number;
  };
  readonly pairs: { readonly calls: number; readonly whole: number };
  readonly lost: readonly { readonly kind: string; readonly text: string; readonly shortened?: true }[];
  readonly kept_by_others: readonly { readonly id: string; readonly kept_by: readonly string[] }[];
  readonly model_calls: number;
  readonly duration_ms: number;
  readonly problem?: string;
}

interface Answer {
  readonly cases: readonly {
    readonly session_id: string;
    readonly task?: string;
    readonly budget: number;
    readonly results: readonly Row[];
  }[];
  readonly totals: readonly { readonly budget: number; readonly results: readonly Row[] }[];
  readonly not_shown: readonly string[];
}

/** A home with settings and files beside them. */
function homeWith(settings: string, files: Readonly<Record<string, string>> = {}): string {
  const home = join(temporaryDirectory(), 'victor');
  mkdirSync(home, { mode: 0o700 });
  for (const [name, text] of Object.entries({ ...files, 'config.yaml': settings })) {
    writeFileSync(join(home, name), text);
  }
  return home;
}

const asLog = (messages: readonly Message[]) =>
  messages.map((message): LogRecord => ({ type: 'message', message }));

/** The user begins with a constraint; twenty reads follow, or so many. */
function longSession(reads = 20): Message[] {
  return [
    userMessage('Never touch the table invoices.'),
    ...Array.from({ length: reads }, (_, n) => {
      const call = { id: `call-${n}`, name: 'Read', input: { path: `src/part-${n}.ts` } };
      return [
        userMessage(`What does part ${n} do?`),
        assistantMessage('', { toolCalls: [call] }),
        toolMessage(call, `part ${n} \u001b[31m${'reads the queue and writes the log. '.repeat(5)}`),
        assistantMessage(`Part ${n} moves what is in queue ${n} to log ${n}.`),
      ];
    }).flat(),
  ];
}

const evaluate = (home: string, ...args: readonly string[]) =>
  runVictor(['eval', 'compaction', ...args], { env: { VICTOR_HOME: home } });
const evaluateJson = async (home: string, ...args: readonly string[]): Promise<Answer> => {
  const { stdout, stderr } = await evaluate(home, ...args, '--json');
  expect(withoutProgress(stderr)).toBe('');
  return JSON.parse(stdout);
};
const named = (rows: readonly Row[]) => rows.map(({ strategy }) => strategy);

describe.concurrent('victor eval compaction', () => {
  it('the sample shows what each strategy keeps, loses and drops that another keeps, and what that does not show', async () => {
    const strategies = ['--strategies', 'recent,semantic,task-aware,hybrid'];
    const { code, stdout, stderr } = await evaluate(homeWith(''), '--sample', ...strategies);
    expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('sample  Newsletters that came twice');
    expect(lines[1]).toMatch(
      /^98 messages, \d+ tokens, to 25 % = \d+ tokens; facts: \d+ constraints, \d+ files, \d+ open, 5 own$/,
    );
    expect(lines[2]).toMatch(/^strategy +messages +tokens +share +.* kept$/);
    for (const name of ['recent', 'semantic', 'task-aware', 'hybrid'])
      expect(stdout).toMatch(new RegExp(`^${name} +\\d+ -> \\d+ +\\d+ -> \\d+ +\\d+ % .*\\d+/\\d+`, 'm'));
    expect(stdout).toMatch(/^recent +.*in force/m);
    expect(stdout).toMatch(
      /^recent loses \d+ of \d+ facts:\n {2}constraint: Never send anything to a real address/m,
    );
    expect(stdout).toMatch(/^recent drops \d+ messages, \d+ of which another keeps:\n {2}user: /m);
    expect(stdout).toMatch(
      /What this does not show:\n- Whether a model would answer as well[\s\S]*the sample is one made-up session/,
    );
  });

  it('--json gives one object, in which every call has its result and no result is larger than what was there', async () => {
    const { cases, totals, not_shown } = await evaluateJson(homeWith(''), '--sample', '--budget', '10%,1000');
    expect(cases.map(({ budget }) => budget)).toEqual([0.1, 1000]);
    const [first] = cases;
    expect(named(first!.results)).toEqual([
      'recent',
      'semantic',
      'task-aware',
      'prune-tool-output',
      'hybrid',
    ]);
    for (const { results, budget } of cases) {
      for (const row of results) {
        expect(row.pairs.whole).toBe(row.pairs.calls);
        expect(row.after.tokens).toBeLessThanOrEqual(row.before.tokens);
        expect(row.lost).toHaveLength(row.facts.all - row.facts.kept);
        expect(row.budget_tokens).toBe(budget <= 1 ? Math.floor(row.before.tokens * budget) : budget);
        expect(row.facts.own.all).toBe(5);
        for (const { kept_by } of row.kept_by_others) expect(kept_by).not.toContain(row.strategy);
      }
    }
    expect(totals.map(({ results }) => named(results))).toEqual(cases.map(({ results }) => named(results)));
    expect(not_shown.length).toBeGreaterThan(2);
  });

  it('recorded sessions are read whole, also what was compacted since, and stay as they are; several have a sum', async () => {
    const home = homeWith('');
    const messages = longSession();
    const summary = { type: 'compaction', messages: messages.slice(-2), strategy: 'recent' } as const;
    await storeSession(home, 'first-1', [...asLog(messages), summary]);
    await storeSession(home, 'second-1', asLog(longSession()));
    const env = { VICTOR_HOME: home };
    const exported = async () =>
      (await runVictor(['sessions', 'export', 'first-1', '--json'], { env })).stdout;
    const before = await exported();
    const { cases, totals } = await evaluateJson(home, 'first', 'second-1', '--strategies', 'recent,none');
    expect(cases.map(({ session_id }) => session_id)).toEqual(['first-1', 'second-1']);
    const [recent, none] = cases[0]!.results;
    expect(recent!.before.messages).toBe(messages.length);
    expect(recent!.lost[0]).toEqual({ kind: 'constraint', text: 'Never touch the table invoices.' });
    expect(none).toMatchObject({ lost: [], after: { messages: messages.length } });
    expect(totals[0]!.results[1]!.before.messages).toBe(2 * messages.length);
    expect(await exported()).toBe(before);
    const { stdout } = await evaluate(home, 'first', 'second', '--strategies', 'recent,none');
    expect(stdout).toContain('\nAll 2 cases, to 25 % = ');
    expect(stdout).not.toContain('\u001b');
  });

  it('a strategy that asks a model gets none: it is said, and what it collects without one counts', async () => {
    const home = homeWith('compaction: { strategy: [summarize, { keepLast: 4 }] }');
    await storeSession(home, 's', asLog(longSession()));
    const { cases, not_shown } = await evaluateJson(home, 's', '--strategies', 'summarize');
    expect(cases[0]!.results[0]).toMatchObject({
      configured: true,
      model_calls: 1,
      lost: [],
      after: { messages: 5 },
    });
    expect(not_shown.join('\n')).toMatch(/What a model would write: summarize asked one, and none was\./);
    expect((await evaluate(home, 's', '--strategies', 'summarize')).stdout).toMatch(
      /^summarize .*in force, asks a model$/m,
    );
  });

  it('strategies of your own are tried by path; one that throws, is missing or hangs has its problem in its row, the others go on', async () => {
    const home = homeWith('');
    const cwd = temporaryDirectory();
    const module = (name: string, body: string) =>
      writeFileSync(
        join(cwd, `${name}.mjs`),
        `export const create = () => ({ name: '${name}', compact: ${body} });`,
      );
    module('last', '({ messages, metadata }) => ({ messages: messages.slice(-3), metadata })');
    module('throws', '() => { throw new Error("no luck"); }');
    module('hangs', '() => new Promise(() => {})');
    const strategies = './last.mjs,./throws.mjs,./missing.mjs,./hangs.mjs,recent';
    const run = (...more: string[]) =>
      runVictor(['eval', 'compaction', '--sample', '--strategies', strategies, ...more], {
        cwd,
        env: { VICTOR_HOME: home },
      });
    const [json, text] = await Promise.all([run('--json'), run()]);
    expect({ codes: [json.code, text.code], errors: json.stderr }).toEqual({
      codes: [0, 0],
      errors: expect.any(String),
    });
    const { results } = (JSON.parse(json.stdout) as Answer).cases[0]!;
    expect(results.map(({ strategy, problem }) => [strategy, problem])).toEqual([
      ['last', undefined],
      ['throws', 'no luck'],
      ['./missing.mjs', expect.stringMatching(/there is no file .*missing\.mjs/)],
      ['hangs', 'no answer within 10000 ms'],
      ['recent', undefined],
    ]);
    expect(text.stdout).toMatch(/^throws +failed$/m);
    expect(text.stdout).toMatch(/^hangs failed: no answer within 10000 ms$/m);
    // It took ten seconds, which is told while it lasts.
    expect(text.stderr).toMatch(/^victor: 4 of 5 done, now recent on sample$/m);
  });

  it('a strategy that empties the results of tools keeps no file: what it shortened is counted, named and not hidden', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(
      join(cwd, 'empties.mjs'),
      `const empty = (one) => (one.role === 'tool' ? { ...one, content: '[gone]' } : one);
      export const create = () => ({ name: 'empties', compact: ({ messages, metadata }) => ({ messages: messages.map(empty), metadata }) });`,
    );
    const home = homeWith('');
    await storeSession(home, 'long-1', asLog(longSession()));
    const args = ['eval', 'compaction', 'long-1', '--strategies', './empties.mjs,none'];
    const run = (...more: string[]) => runVictor([...args, ...more], { cwd, env: { VICTOR_HOME: home } });
    const [json, text] = await Promise.all([run('--json'), run()]);
    const { cases, not_shown } = JSON.parse(json.stdout) as Answer;
    const [empties, none] = cases[0]!.results;
    expect(empties!.facts).toMatchObject({ file: { kept: 0, all: 20 }, shortened: 20 });
    expect(empties!.lost[0]).toEqual({ kind: 'file', text: 'src/part-0.ts (Read)', shortened: true });
    expect(none!.facts).toMatchObject({ file: { kept: 20, all: 20 }, shortened: 0 });
    const caveat = 'Whether what matters of a shortened message is still there: empties shortened some';
    expect(not_shown.join('\n')).toContain(caveat);
    expect(text.stdout).toMatch(
      /^strategy .* files +shortened .*\nempties .* 0\/20 +20 .*\nnone .* 20\/20 +0 /m,
    );
    expect(text.stdout).toContain('  file, shortened: src/part-0.ts (Read)\n');
    expect(text.stdout.replaceAll(/\n {2}/g, ' ')).toContain(caveat);
  });

  it('of two strategies with one name only that of the settings is in force, and each is called what it was asked for by', async () => {
    const own = `export const create = () => ({ name: 'recent', compact: (context) => context });`;
    const home = homeWith('compaction: { strategy: ./mine.mjs }', { 'mine.mjs': own });
    const { cases } = await evaluateJson(home, '--sample');
    const marked = cases[0]!.results.map(({ strategy, configured }) => [strategy, configured]);
    expect(marked).toEqual([
      [join(home, 'mine.mjs'), true],
      ['recent', false],
      ['semantic', false],
      ['task-aware', false],
      ['prune-tool-output', false],
      ['hybrid', false],
    ]);
    const typed = await runVictor(
      ['eval', 'compaction', '--sample', '--strategies', `recent,./mine.mjs,${join(home, 'mine.mjs')}`],
      { cwd: home, env: { VICTOR_HOME: home } },
    );
    expect(typed.stdout).toMatch(/^\.\/mine\.mjs .* in force, over$/m);
    expect(typed.stdout).toMatch(/^recent (?!.*in force)/m);
    expect(typed.stdout.match(/in force/g)).toHaveLength(1);
  });

  it('--diff names all facts that were lost, and says where there are more messages than it names', async () => {
    const home = homeWith('');
    await storeSession(home, 'long-1', asLog(longSession(60)));
    const run = async (...more: string[]) =>
      (await evaluate(home, 'long-1', '--strategies', 'recent,none', ...more)).stdout;
    const [few, all] = await Promise.all([run(), run('--diff')]);
    const lost = Number(/^recent loses (\d+) of 61 facts:$/m.exec(few)![1]);
    const dropped = Number(/^recent drops \d+ messages, (\d+) of which another keeps:$/m.exec(few)![1]);
    expect(lost).toBeGreaterThan(50);
    expect(few).toContain(`  and ${lost - 3} more, which --diff shows\n`);
    expect(few).toContain(`  and ${dropped - 3} more, of which --diff shows up to 40 in all\n`);
    expect(all.match(/^ {2}(constraint|file): /gm)).toHaveLength(lost);
    expect(all.match(/^ {2}(user|assistant|tool): /gm)).toHaveLength(40);
    expect(all.match(/^ {2}and .*$/gm)).toEqual([
      `  and ${dropped - 40} more, of which --json has up to 200 in all`,
    ]);
  });

  it('a command that was refused did not fail, and a file that nobody was let read is none', async () => {
    const home = homeWith('');
    const call = { id: 'c', name: 'Bash', input: { command: 'npm publish', path: 'secret.ts' } };
    const answer = { ...toolMessage(call, 'Not run: a rule says so.', true), refused: true };
    const messages = [userMessage('Publish.'), assistantMessage('', { toolCalls: [call] }), answer];
    await storeSession(home, 'refused-1', asLog([...messages, userMessage('Thanks.')]));
    const { cases } = await evaluateJson(home, 'refused-1', '--strategies', 'recent');
    expect(cases[0]!.results[0]!.facts).toMatchObject({ kept: 0, all: 0 });
  });

  it('a strategy of your own that computes without end is named before it is run', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(
      join(cwd, 'spins.mjs'),
      'export const create = () => ({ name: "spins", compact: () => { for (;;); } });',
    );
    const child = startVictor(['eval', 'compaction', '--sample', '--strategies', 'recent,./spins.mjs'], {
      cwd,
    });
    try {
      const said = await new Promise<string>((resolve) => {
        let text = '';
        child.stderr!.on('data', (chunk: Buffer) => {
          text += chunk;
          if (text.includes('spins')) resolve(text);
        });
        child.once('close', () => resolve(`it ended: ${text}`));
      });
      expect(said).toMatch(/^victor: 1 of 2 done, now spins on sample$/m);
      expect(said).not.toContain('it ended');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('where nothing could be tried it exits with 1', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'bad.mjs'), 'export const create = () => ({ compact: () => 42 });');
    const { code, stdout } = await runVictor(
      ['eval', 'compaction', '--sample', '--strategies', './bad.mjs'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed: returned no context/);
  });

  it('cases of your own have facts, and a task in place of the last message', async () => {
    const home = homeWith('');
    await storeSession(home, 'long-1', asLog(longSession()));
    const file = join(home, 'cases.jsonl');
    writeFileSync(
      file,
      [
        '// Two questions about one session.',
        '{"session": "long", "task": "Which log has what was in queue 3?", "facts": ["queue 3 to log 3"]}',
        '',
        '{"session": "long-1", "facts": ["queue 19 to log 19", "nobody said this"]}',
      ].join('\n'),
    );
    const { cases } = await evaluateJson(home, '--cases', file, '--strategies', 'recent,task-aware');
    const own = cases.map(({ task, results }) => [task, ...results.map(({ facts }) => facts.own)]);
    expect(own).toEqual([
      ['Which log has what was in queue 3?', { kept: 0, all: 1 }, { kept: 1, all: 1 }],
      [undefined, { kept: 1, all: 2 }, { kept: 1, all: 2 }],
    ]);
  });

  it('lines that are no case are all named with what a line should be, and nothing is evaluated', async () => {
    const home = homeWith('');
    await storeSession(home, 'long-1', asLog(longSession()));
    const file = join(home, 'cases.jsonl');
    writeFileSync(
      file,
      '{"session": "long"}\nno json\n{"session": "gone"}\n{"session": "long", "fact": []}\n{"facts": []}\n',
    );
    const { code, stdout, stderr } = await evaluate(home, '--cases', file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^victor: [^\n]*cases\.jsonl: line 2: no JSON [^\n]*line 3: no session [^\n]*"gone"[^\n]*line 4: [^\n]*line 5: session: [^\n]*A line is \{"session"[^\n]*\n$/,
    );
  });

  it('a server that compares texts is not asked, which is said', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const home = homeWith(`embedder: [openai, { baseURL: "http://127.0.0.1:${port}/v1", model: m }]`);
      const { code, stderr, stdout } = await evaluate(
        home,
        '--sample',
        '--strategies',
        'semantic,task-aware',
      );
      expect({ code, asked }).toEqual({ code: 0, asked: 0 });
      expect(withoutProgress(stderr)).toBe(
        'victor: the server that the setting embedder names is not asked; the vectors of static stand in.\n',
      );
      expect(stdout).not.toContain('failed');
    } finally {
      server.close();
    }
  });

  it.each<[string, string[], RegExp]>([
    ['no session', [], /no session is named.*victor sessions list.*--sample.*--cases/],
    ['a session that is not there', ['zzz'], /no session has an id that starts with "zzz"/],
    [
      'a strategy that does not exist',
      ['--sample', '--strategies', 'recnt'],
      /no compaction named "recnt".*Did you mean recent\?/,
    ],
    ['no strategy', ['--sample', '--strategies', ','], /at least one strategy/],
    ['a budget that is none', ['--sample', '--budget', '0%'], /25%.*8000/],
    ['a file that is not there', ['--cases', 'none.jsonl'], /none\.jsonl cannot be read: does not exist/],
  ])('%s ends with exit code 2 and what to do', async (_, args, message) => {
    const { code, stdout, stderr } = await evaluate(homeWith(''), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^victor: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });
});
