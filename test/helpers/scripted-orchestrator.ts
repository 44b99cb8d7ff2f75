import { onTestFinished } from 'vitest';
import type { EventOf, EventType, VictorEvent } from '../../src/core/event.js';
import type { ProviderRequest } from '../../src/core/provider.js';
import { AgentOrchestrator, type OrchestratorOptions } from '../../src/orchestrator.js';
import type { ScriptStep } from '../../src/providers/script.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { coreTools } from '../../src/tools/index.js';
import { makeWorkspace } from './workspace.js';

export interface ScriptedOrchestrator {
  readonly orchestrator: AgentOrchestrator;
  /** What the provider was asked, in order. */
  readonly requests: readonly ProviderRequest[];
  readonly cwd: string;
}

/** A real orchestrator over the scripted provider, in a workspace of its own, with every core tool. */
export async function scriptedOrchestrator(
  steps: readonly ScriptStep[] | ((request: ProviderRequest) => ScriptStep),
  options: OrchestratorOptions & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<ScriptedOrchestrator> {
  const { files, ...rest } = options;
  const cwd = options.cwd ?? (await makeWorkspace(files));
  const requests: ProviderRequest[] = [];
  let next = 0;
  const script = (request: ProviderRequest): ScriptStep => {
    requests.push(request);
    return typeof steps === 'function' ? steps(request) : (steps[next++] ?? { text: 'The script is over.' });
  };
  const provider = new ScriptedProvider({ script });
  const orchestrator = new AgentOrchestrator({ provider, tools: coreTools(), cwd, environment: {}, ...rest });
  onTestFinished(() => orchestrator.close());
  return { orchestrator, requests, cwd };
}

export async function collect(events: AsyncIterable<VictorEvent>): Promise<VictorEvent[]> {
  const all: VictorEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export function ofType<Type extends EventType>(events: readonly VictorEvent[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

export function toolCall(name: string, input: Record<string, unknown>): ScriptStep {
  return { toolCalls: [{ name, input }] };
}
