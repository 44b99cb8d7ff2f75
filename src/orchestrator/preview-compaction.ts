import { strategiesWithoutModel } from '../compaction/index.js';
import { tryStrategy } from '../compaction/try-strategy.js';
import type { ContextCoordinator } from '../coordinators/context.js';
import type { CompactionPreview, CompactionTrial } from '../core/compaction.js';
import { contextSize, focused } from '../core/context-size.js';
import type * as contract from '../core/coordinator.js';
import { extensionName } from '../core/describe-failure.js';
import type { CompactionStrategy } from '../core/extension.js';
import type { Message } from '../core/message.js';
import { messageLine } from '../core/message-line.js';

/** What compacting a session now would do, by the strategy in force and by the others. */
export async function previewCompaction(
  context: contract.ContextCoordinator,
  sessionId: string,
  focus = '',
): Promise<CompactionPreview> {
  const original = focused(context.getContext(sessionId), focus);
  const inForce: CompactionStrategy = (context as Partial<ContextCoordinator>).strategyFor?.(sessionId) ?? {
    name: 'custom',
    compact: (one) => context.compactContext(one),
  };
  const strategy = extensionName(inForce);
  const others = strategiesWithoutModel().filter(({ name }) => name !== strategy && name !== 'none');
  const trials: CompactionTrial[] = [];
  let kept: readonly Message[] = original.messages;
  for (const one of [inForce, ...others]) {
    const tried = await tryStrategy(one, original);
    const name = extensionName(one);
    if ('problem' in tried) {
      trials.push({ strategy: name, problem: tried.problem });
      continue;
    }
    trials.push({ strategy: name, after: contextSize(tried.context.messages) });
    if (one === inForce) kept = tried.context.messages;
  }
  const after = new Map(kept.map((message) => [message.id, message]));
  return {
    strategy,
    before: contextSize(original.messages),
    trials,
    gone: original.messages.filter(({ id }) => !after.has(id)).map(messageLine),
    shortened: original.messages.filter((one) => (after.get(one.id) ?? one) !== one).map(messageLine),
  };
}
