import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import type { VictorEvent } from '../../src/core/event.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { type ServerStep, startModelServer } from '../helpers/model-server.js';
import { cleanEnvironment, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';
import { ofType } from '../helpers/scripted-orchestrator.js';

const words = 'word '.repeat(500);
/** Only the request for a summary comes without tools. */
const isSummary = (body: { tools?: unknown }) => body.tools === undefined;

/** A session with a model server of its own, in a folder with instructions and a long file. */
async function session(summary: ServerStep, strategy: unknown = ['summarize', { keepLast: 2 }]) {
  let calls = 0;
  const server = await startModelServer((body) => {
    if (isSummary(body)) return summary;
    const last = body.messages.at(-1);
    const text = JSON.stringify(last.content);
    if (!text.includes('tool_result') && text.includes('read the rules'))
      return { toolCalls: [{ name: 'Read', input: { path: 'AGENTS.md' }, id: `toolu_${++calls}` }] };
    return { text: words };
  });
  onTestFinished(() => server.close());
  const [cwd, home] = [temporaryDirectory(), temporaryDirectory()];
  mkdirSync(join(cwd, '.git'));
  writeFileSync(join(cwd, 'AGENTS.md'), 'SECRET-RULE-ONE: indent with tabs.\n');
  const settings = { compaction: { strategy, threshold: 0.5 }, contextWindow: 200_000, maxTokens: 1_000 };
  writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
  const environment = cleanEnvironment({
    VICTOR_HOME: home,
    ANTHROPIC_API_KEY: 'key',
    ANTHROPIC_BASE_URL: server.url,
  });
  const orchestrator = await createOrchestrator({ cwd, environment, persist: false });
  onTestFinished(() => orchestrator.close());
  const events: VictorEvent[] = [];
  orchestrator.subscribe((event) => events.push(event));
  await orchestrator.chat('Please read the rules. Never touch the folder vendor, whatever happens!');
  for (let turn = 0; turn < 5; turn += 1) await orchestrator.chat(`${turn} ${words}`);
  return { server, orchestrator, events, cwd };
}

describe('a summary by a model server', () => {
  it('has the constraints word for word and the files touched, whatever the model says, and instructions are read anew', async () => {
    const { server, orchestrator, cwd } = await session({ text: '## Goal\n- to rhyme' });
    expect(await orchestrator.compact()).toMatchObject({ strategy: 'summarize', changed: true });
    const asked = server.requests.find(({ body }) => isSummary(body))!;
    expect(JSON.stringify(asked.body)).not.toContain('SECRET-RULE-ONE');
    writeFileSync(join(cwd, 'AGENTS.md'), 'SECRET-RULE-TWO: indent with spaces.\n');
    await orchestrator.chat('go on');
    const { messages, system } = server.requests.at(-1)!.body;
    const first = JSON.stringify(messages[0]);
    expect(first).toContain('Never touch the folder vendor, whatever happens!');
    expect(first).toContain('AGENTS.md: Read (instructions, not summarised; read it again)');
    expect(first).toContain('to rhyme');
    expect(JSON.stringify(messages)).not.toContain('SECRET-RULE-ONE');
    expect(JSON.stringify(system)).toContain('SECRET-RULE-TWO');
  });

  it.each<[string, ServerStep]>([
    ['is empty', { text: ' ' }],
    ['is longer than what it stands for', { text: 'long '.repeat(20_000) }],
    ['the server refuses to write', { status: 400, body: { error: { message: 'no summaries' } } }],
  ])('that %s is no summary: recent messages are kept, and the failure is told', async (_, summary) => {
    const { server, orchestrator, events } = await session(summary);
    const report = await orchestrator.compact();
    expect(report).toMatchObject({ strategy: 'recent', changed: true, after: { messages: 10 } });
    expect(report.after.tokens).toBeLessThan(report.before.tokens);
    expect(ofType(events, 'extension-failure').map(({ failure }) => failure.name)).toEqual(['summarize']);
    await orchestrator.chat('go on');
    expect(JSON.stringify(server.requests.at(-1)!.body.messages)).not.toContain('long long');
  });

  it('is not needed by hybrid where the others gained enough to stand on, so its failure loses nothing', async () => {
    const { orchestrator, events } = await session({ text: ' ' }, [
      'hybrid',
      {
        strategies: [
          ['recent', { keepLast: 8 }],
          ['summarize', { keepLast: 2 }],
        ],
      },
    ]);
    expect(await orchestrator.compact()).toMatchObject({ strategy: 'hybrid', after: { messages: 8 } });
    expect(ofType(events, 'extension-failure')).toEqual([]);
  });
});
