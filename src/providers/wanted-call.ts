import type { StopReason } from '../core/provider.js';

/**
 * Whether a call that was streamed is to be run. Arguments that the output limit cut are no arguments; a message that
 * was refused, or has not ended, asks for nothing.
 */
export function isWanted(stopReason: StopReason, isWhole: boolean): boolean {
  if (stopReason === 'refusal' || stopReason === 'pause') return false;
  return isWhole || stopReason !== 'max-tokens';
}
