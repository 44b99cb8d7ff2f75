import type { StopReason } from '@agentclientprotocol/sdk';
import type { EventOf } from '../core/event.js';

/** Why a turn ended, in the words of the protocol. */
export function stopReasonOf({ reason, limit }: EventOf<'turn-end'>): StopReason {
  switch (reason) {
    case 'max-tokens':
      return 'max_tokens';
    case 'refusal':
      return 'refusal';
    case 'interrupted':
      return 'cancelled';
    case 'limit':
      return limit?.name === 'maxTotalTokens' ? 'max_tokens' : 'max_turn_requests';
    default:
      return 'end_turn';
  }
}
