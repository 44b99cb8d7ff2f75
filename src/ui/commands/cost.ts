import { dollars, duration, tokenCount } from '../displayable.js';
import { type Command, output } from './command.js';

export const cost: Command = {
  name: 'cost',
  describe: 'tokens, money and time of this session since Victor started',
  run({ port, sessionId }) {
    const counted = port.coordinators.metrics.snapshot(sessionId);
    const { usage } = counted;
    const { unpricedCalls: calls } = counted;
    const unknown = calls > 0;
    const unpriced = unknown
      ? ` (${calls} of ${counted.providerCalls} calls without a known price: set prices)`
      : '';
    return output('This session', [
      `cost      ${unknown && counted.costUsd === 0 ? 'unknown' : dollars(counted.costUsd)}${unpriced}`,
      `tokens    ${tokenCount(usage.totalTokens)}: ${tokenCount(usage.inputTokens)} in, ${tokenCount(usage.outputTokens)} out, ` +
        `${tokenCount(usage.cacheReadTokens)} from cache, ${tokenCount(usage.cacheWriteTokens)} to cache`,
      `calls     ${counted.providerCalls} to the model (${duration(counted.providerMs)}), ` +
        `${counted.toolCalls} to tools (${duration(counted.toolMs)}), ${counted.toolErrors} failed, ${counted.denials} refused`,
      `turns     ${counted.turns}`,
    ]);
  },
};
