import type { PermissionTest } from '../../config/schema.js';
import type { Mode } from '../../core/coordinator.js';
import type { Decision } from '../../core/decision.js';
import { ConfigError } from '../../core/errors.js';
import { newId } from '../../core/id.js';
import type { ToolCall } from '../../core/message.js';
import type { AgentOrchestrator } from '../../orchestrator.js';

export interface TriedCase extends Decision {
  readonly mode: Mode;
  /** What is decided is what the case expects. */
  readonly holds: boolean;
}

/**
 * Asks the coordinator that decides here about one case, in a session of its own; `place` is where it is written. Throws
 * `ConfigError` when nothing could be called so.
 */
export async function tryCase(
  given: PermissionTest,
  place: string,
  { coordinators }: AgentOrchestrator,
): Promise<TriedCase> {
  const { permission, mode } = coordinators;
  const sessionId = `permissions-test-${newId()}`;
  if (given.mode !== undefined) mode.set(given.mode, sessionId);
  // Where paths lead is for the call that would follow.
  const { leadsTo: _, ...decision } = await permission.decide(callOf(given, place, coordinators), sessionId);
  return { ...decision, mode: mode.current(sessionId), holds: decision.verdict === given.expect };
}

/** The case in a few words. */
export function describeCase(given: PermissionTest): string {
  if ('command' in given) return given.command;
  const { tool, path, input } = given;
  return [tool, path, input && JSON.stringify(input)].filter((part) => part !== undefined).join(' ');
}

function callOf(
  given: PermissionTest,
  place: string,
  coordinators: AgentOrchestrator['coordinators'],
): ToolCall {
  const id = 'permissions-test';
  if ('command' in given) return { id, name: 'Bash', input: { command: given.command } };
  const tools = coordinators.tool.list();
  const tool = tools.find(({ name }) => name === given.tool);
  if (!tool) {
    throw new ConfigError(`${place}: there is no tool named ${given.tool}`, {
      advice: `The tools are ${tools.map(({ name }) => name).join(', ')}.`,
    });
  }
  const input: Record<string, unknown> = { ...given.input };
  if (given.path !== undefined) input.path = given.path;
  // What stands in a text rarely decides, so that a case need not say it.
  for (const { code, path } of tool.schema.safeParse(input).error?.issues ?? []) {
    const [name] = path;
    if (code === 'invalid_type' && typeof name === 'string' && !(name in input)) input[name] = 'x';
  }
  const problem = tool.schema.safeParse(input).error?.issues[0];
  if (problem === undefined) return { id, name: tool.name, input };
  throw new ConfigError(`${place}: ${tool.name} cannot be called so: ${problem.message}`, {
    advice: `Give what it needs as path and input; that is ${problem.path.join('.') || 'other keys'} here.`,
  });
}
