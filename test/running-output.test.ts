import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import type { EventOf, VictorEvent } from '../src/core/event.js';
import type { Tool } from '../src/core/tool.js';
import type { AgentOrchestrator } from '../src/orchestrator.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from './helpers/scripted-orchestrator.js';

const yolo = { permissions: { mode: 'yolo' } } as const;

/** Everything that subscribers are told from now on. */
function listen(orchestrator: AgentOrchestrator): VictorEvent[] {
  const told: VictorEvent[] = [];
  onTestFinished(orchestrator.subscribe((event) => told.push(event)));
  return told;
}

/** Waits until a running call has put this out. */
async function putOut(told: readonly VictorEvent[], text: string): Promise<EventOf<'tool-output'>> {
  await expect.poll(() => ofType(told, 'tool-output').at(-1)?.tail ?? '').toContain(text);
  return ofType(told, 'tool-output').at(-1)!;
}

const untilGo = 'until [ -e go ]; do sleep 0.02; done';

describe('what a call puts out while it runs', () => {
  it('is told to subscribers before the call ends, and is in no stream of the turn', async () => {
    const command = `echo one; echo two >&2; ${untilGo}; echo three`;
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [toolCall('Bash', { command }), { text: 'Done.' }],
      { settings: yolo },
    );
    const told = listen(orchestrator);
    const streamed = collect(orchestrator.stream('go'));
    const { callId, lines, bytes, turnId } = await putOut(told, 'two');
    expect(ofType(told, 'tool-result')).toEqual([]);
    expect({ callId, lines, bytes, turnId }).toEqual({
      callId: ofType(told, 'tool-call')[0]?.call.id,
      lines: 2,
      bytes: 8,
      turnId: undefined,
    });
    writeFileSync(join(cwd, 'go'), '');
    const events = await streamed;
    expect(ofType(events, 'tool-result')[0]?.result.content).toContain('one\ntwo\nthree');
    expect(ofType(events, 'tool-output')).toEqual([]);
    expect(told.findLastIndex(({ type }) => type === 'tool-output')).toBeLessThan(
      told.findIndex(({ type }) => type === 'tool-result'),
    );
  });

  it("is told of a command of the user's own", async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([]);
    const told = listen(orchestrator);
    const over = orchestrator.runCommand(`seq 100; ${untilGo}`);
    expect(await putOut(told, '100')).toMatchObject({ lines: 100, bytes: 292 });
    writeFileSync(join(cwd, 'go'), '');
    await over;
    expect(ofType(told, 'message')[0]?.message).toMatchObject({ command: true });
  });

  it("may be told by a user's own tool, and not any more after its call", async () => {
    let late: ((chunk: string) => void) | undefined;
    const tool: Tool<{ steps: number }> = {
      name: 'Steps',
      description: 'Counts.',
      kind: 'read',
      schema: z.strictObject({ steps: z.number() }),
      paths: () => [],
      describe: ({ steps }) => `${steps} steps`,
      async execute(_, { onOutput }) {
        onOutput?.('step 1\n');
        late = onOutput;
        return { content: 'counted' };
      },
    };
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Steps', { steps: 1 }), { text: 'Done.' }],
      {
        settings: yolo,
        tools: [tool],
      },
    );
    const told = listen(orchestrator);
    await orchestrator.chat('go');
    late?.('step 2\n');
    expect(ofType(told, 'tool-output').map(({ tail }) => tail)).toEqual(['step 1']);
  });

  it('is told some ten times a second and costs no memory, however much it is', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Bash', { command: 'yes "a line of some length" | head -c 100000000' }), { text: 'Done.' }],
      { settings: yolo },
    );
    const told = listen(orchestrator);
    await orchestrator.chat('go');
    const outputs = ofType(told, 'tool-output');
    const [result] = ofType(told, 'tool-result');
    expect(outputs.length).toBeGreaterThan(0);
    expect(outputs.length).toBeLessThanOrEqual(2 + (result?.durationMs ?? 0) / 100);
    for (const { tail } of outputs) expect(tail.length).toBeLessThanOrEqual(4_096);
  });
});
