import type { CurrentProvider, ToolCoordinator } from '../core/coordinator.js';
import type { Tool, ToolDefinition } from '../core/tool.js';

/**
 * The tools as this model is sent them. What a model is not offered stays in the session's list, so that another one that
 * is asked in between changes neither the order nor what a provider has cached for either.
 */
export function offeredDefinitions(
  tool: Pick<ToolCoordinator, 'list' | 'definitions'>,
  current: Pick<CurrentProvider, 'provider' | 'model'>,
  sessionId: string,
): readonly ToolDefinition[] {
  const withheld = tool.list(sessionId).filter((one) => !isOffered(one, current));
  const names = new Set(withheld.map(({ name }) => name));
  const definitions = tool.definitions(sessionId);
  return names.size === 0 ? definitions : definitions.filter(({ name }) => !names.has(name));
}

/** A tool that cannot say is offered: the model may need it. */
function isOffered(tool: Tool, { provider, model }: Pick<CurrentProvider, 'provider' | 'model'>): boolean {
  try {
    return tool.offeredTo?.({ provider, model }) !== false;
  } catch {
    return true;
  }
}
