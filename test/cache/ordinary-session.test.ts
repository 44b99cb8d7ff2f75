import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { modes } from '../../src/core/coordinator.js';
import { type CachedSession, cachedSession, type Dialect, dialects } from '../helpers/cached-session.js';
import { long } from '../helpers/campaign.js';
import type { ServerStep } from '../helpers/model-server.js';
import { ofType } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const run = promisify(execFile);
const TURNS = 50;

afterEach(() => {
  vi.useRealTimers();
});

const call = (name: string, input: Record<string, unknown>): ServerStep => ({
  toolCalls: [{ name, input }],
});

/** What the model does in one turn: looks around, edits where the mode lets it, sometimes runs a command, answers. */
function stepsOf(turn: number): readonly ServerStep[] {
  const read = { name: 'Read', input: { path: 'src/counter.js' } };
  const search = { name: 'Grep', input: { pattern: `step ${turn % 7}` } };
  const edit = { path: 'src/counter.js', oldText: '// end', newText: `// step ${turn}\n// end` };
  const command = { command: `echo 'turn ${turn}' >> notes.txt && wc -l notes.txt` };
  return [
    { thinking: `Turn ${turn}.`, text: 'Let me look.', toolCalls: [read, search] },
    call('Edit', edit),
    ...(turn % 5 === 1 ? [call('Bash', command)] : []),
    { text: `Turn ${turn} is done: **${'so '.repeat(turn % 5)}it is**.` },
  ];
}

/** A script that does not count requests but looks how far the turn has come. */
function script(): () => ServerStep {
  let turn = 0;
  let step = 0;
  return () => {
    const steps = stepsOf(turn);
    const now = steps[step]!;
    step = (step + 1) % steps.length;
    if (step === 0) turn += 1;
    return now;
  };
}

async function repository(): Promise<string> {
  const cwd = await makeWorkspace({
    'AGENTS.md': `Use tabs. ${'Keep it short. '.repeat(40)}`,
    'src/counter.js': 'let count = 0;\n// end\n',
    'notes.txt': 'notes\n',
  });
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  await run('git', ['init', '-q'], { cwd });
  await run('git', ['add', '.'], { cwd });
  await run('git', [...identity, 'commit', '-qm', 'first'], { cwd });
  return cwd;
}

/**
 * Fifty turns over midnight: the mode, the date, the branch and what git says change all the while, by hands that are
 * not the model's, too.
 */
async function fiftyTurns({ orchestrator, cwd }: CachedSession, text: (turn: number) => string) {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2031, 4, 6, 23, 30) });
  for (let turn = 0; turn < TURNS; turn += 1) {
    vi.setSystemTime(Date.now() + 60_000);
    if (turn % 9 === 4) orchestrator.setMode(modes[turn % modes.length]!);
    if (turn % 9 === 6) orchestrator.setMode('yolo');
    if (turn % 12 === 5) await run('git', ['switch', '-qc', `work-${turn}`], { cwd });
    if (turn % 10 === 8) await writeFile(join(cwd, `by-hand-${turn}.txt`), 'by hand\n');
    await orchestrator.chat(text(turn));
  }
}

const usual = {
  contributors: ['base', 'project-files', 'mode', ['environment', { git: true }]],
  permissions: { mode: 'yolo' },
} as const;

async function open(dialect: Dialect, settings: Record<string, unknown> = {}): Promise<CachedSession> {
  const cwd = await repository();
  await writeFile(join(cwd, 'tool.mjs'), numberedTool);
  await writeFile(join(cwd, '.victorrc'), JSON.stringify(settings));
  return cachedSession(dialect, script(), { cwd, flags: usual });
}

/** Areas of work, each with tools of its own, as a company's MCP servers have them. */
const areas = ['invoice', 'calendar', 'warehouse', 'translation', 'weather', 'payroll', 'ticket', 'video'];
const verbs = [
  'create',
  'delete',
  'list',
  'archive',
  'export',
  'merge',
  'approve',
  'rename',
  'share',
  'audit',
];
const numberedTool = `export const create = ({ name, area }, { z }) => ({
  name, kind: 'read', description: 'Will ' + name.replaceAll('_', ' ') + ' in the ' + area + ' system.',
  schema: z.object({ id: z.string() }), describe: ({ id }) => id, execute: async () => ({ content: 'ok' }) });`;

/** Each kind of session is had in both dialects where campaigns are long, else in one of them. */
const isHad = (dialect: Dialect, short: Dialect) => long || dialect === short;

describe.each(dialects)('an ordinary session of 50 turns over the %s dialect', (dialect) => {
  it('only ever adds to what was sent, byte by byte, and the diagnosis is silent', async () => {
    const session = await open(dialect);
    await fiftyTurns(session, (turn) => `Do step ${turn}.`);
    const { server, events } = session;
    expect(server.requests).toHaveLength(TURNS * 3 + TURNS / 5);
    expect(session.onlyAdds()).not.toContain(false);
    expect(session.breaks()).toEqual([]);
    // It was a session in which things did change.
    const last = server.requests.at(-1)!.rawBody;
    expect(last).toContain('2031-05-06');
    expect(last).toContain('2031-05-07');
    expect(last).toContain('Mode plan');
    expect(last).toContain('work-41');
    const results = ofType(events, 'tool-result');
    expect(
      results.filter(({ call: one, result }) => one.name === 'Edit' && !result.isError).length,
    ).toBeGreaterThan(30);
    // What the provider counts says the same.
    const counted = session.counted();
    counted.slice(1).forEach(({ cacheReadTokens }, index) => {
      const before = counted[index]!;
      expect(cacheReadTokens).toBeGreaterThanOrEqual(before.cacheReadTokens + before.cacheWriteTokens);
    });
    expect(counted.at(-1)!.cacheReadTokens).toBeGreaterThan(10_000);
  });

  it.runIf(isHad(dialect, 'openai'))(
    'loses its beginning at each compaction and at nothing else',
    async () => {
      const session = await open(dialect, { contextWindow: 10_000, maxTokens: 1_000 });
      await fiftyTurns(session, (turn) => `Do step ${turn}.`);
      const compactions = ofType(session.events, 'compaction').length;
      expect(compactions).toBeGreaterThan(1);
      expect(compactions).toBeLessThan(15);
      expect(session.onlyAdds().filter((adds) => !adds)).toHaveLength(compactions);
      expect(session.breaks()).toHaveLength(compactions);
      for (const { cause, by, segment } of session.breaks()) {
        expect({ cause, by }).toEqual({ cause: 'compaction', by: { kind: 'strategy', name: 'recent' } });
        expect(segment).toMatch(/^message \d+ |^note behind/);
      }
    },
  );

  it.runIf(isHad(dialect, 'anthropic'))(
    'with 200 tools, loses it at most three times: when the list of tools grows',
    async () => {
      const names = areas.flatMap((area) =>
        verbs.flatMap((verb) => [1, 2].map((n) => `${verb}_${area}_${n}`)),
      );
      const tools = [...names, ...verbs.flatMap((verb) => [1, 2, 3, 4].map((n) => `${verb}_fleet_${n}`))].map(
        (name) => ['./tool.mjs', { name, area: name.split('_')[1] }],
      );
      const session = await open(dialect, { tools: tools.slice(0, 184) });
      expect(session.orchestrator.coordinators.tool.list()).toHaveLength(200);
      const text = (turn: number) => {
        const area = areas[turn % areas.length]!;
        return `Please ${verbs.map((verb) => `${verb} the ${area}`).join(', ')} in the ${area} system.`;
      };
      await fiftyTurns(session, text);
      const epochs = ofType(session.events, 'tool-selection').at(-1)!.selection.epoch;
      const lost = session.onlyAdds().filter((adds) => !adds).length;
      expect(lost).toBeGreaterThan(0);
      expect(lost).toBeLessThanOrEqual(3);
      // The first list is an epoch, too.
      expect(lost).toBe(epochs - 1);
      expect(session.breaks()).toHaveLength(lost);
      for (const { cause, by, segment } of session.breaks()) {
        expect({ cause, by }).toEqual({ cause: 'tool-epoch', by: { kind: 'strategy', name: 'hybrid' } });
        expect(segment).toMatch(/^tool \w+_\w+_\d$/);
      }
    },
  );
});
