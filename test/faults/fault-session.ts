import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { VictorEvent } from '../../src/core/event.js';
import type { Tool } from '../../src/core/tool.js';
import { AgentOrchestrator, type OrchestratorOptions } from '../../src/orchestrator.js';
import type { ConnectionOptions } from '../../src/providers/connection-options.js';
import { type ModelServer, type ServerScript, startModelServer } from '../helpers/model-server.js';
import { makeWorkspace } from '../helpers/workspace.js';
import type { Dialect } from './dialects.js';

export type Script = readonly ServerScript[] | Extract<ServerScript, (...all: never[]) => unknown>;

export interface FaultSession {
  readonly orchestrator: AgentOrchestrator;
  readonly server: ModelServer;
  /** The text of each call of the tool `Note` that ran. */
  readonly noted: string[];
  /** What a turn came to, whether it failed or not. */
  turn(text: string, options?: { readonly sessionId?: string; readonly signal?: AbortSignal }): Promise<Turn>;
  /** What is wrong with the bodies of all requests so far, in words. */
  problems(): string[];
}

export interface Turn {
  /** `end` and the other reasons of a turn, or the code of its error. */
  readonly outcome: string;
  readonly text: string;
  readonly events: readonly VictorEvent[];
  readonly ms: number;
}

/** A real orchestrator that asks a real server, with one tool that counts. Faults are not tried again unless settings say so. */
export async function faultSession(
  dialect: Dialect,
  script: Script,
  options: OrchestratorOptions & { readonly connection?: ConnectionOptions } = {},
): Promise<FaultSession> {
  const { connection, ...rest } = options;
  const server = await startModelServer(script);
  const noted: string[] = [];
  const orchestrator = new AgentOrchestrator({
    provider: dialect.connect(server.url, connection),
    settings: { network: { attempts: 1 } },
    tools: [noteTool(noted)],
    cwd: await makeWorkspace(),
    environment: {},
    ...rest,
  });
  onTestFinished(async () => {
    await orchestrator.close();
    await server.close();
  });
  return {
    orchestrator,
    server,
    noted,
    turn: (text, turnOptions) => runTurn(orchestrator.stream(text, turnOptions)),
    problems: () => server.requests.flatMap(({ body }) => dialect.problems(body)),
  };
}

export async function runTurn(stream: AsyncIterable<VictorEvent>): Promise<Turn> {
  const events: VictorEvent[] = [];
  const startedAt = performance.now();
  let outcome = 'no end';
  try {
    for await (const event of stream) {
      events.push(event);
      if (event.type === 'turn-end') outcome = event.reason;
    }
  } catch (error) {
    outcome = (error as { code?: string }).code ?? `untyped: ${String(error)}`;
  }
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  return { outcome, text, events, ms: performance.now() - startedAt };
}

function noteTool(noted: string[]): Tool<{ text: string; number?: number | undefined }> {
  return {
    name: 'Note',
    description: 'Takes a note.',
    kind: 'read',
    schema: z.strictObject({ text: z.string(), number: z.number().optional() }),
    describe: ({ text }) => text.slice(0, 20),
    async execute({ text }) {
      noted.push(text);
      return { content: 'Noted.' };
    },
  };
}
