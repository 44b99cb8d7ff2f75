import type { AnalyticsEvent } from '../../src/core/extension.js';

/** Three events with every kind of value, text that needs escaping included. */
export const events: readonly AnalyticsEvent[] = [
  {
    id: 'e1',
    sessionId: 's1',
    type: 'turn_start',
    data: { mode: 'ask', text_length: 12 },
    timestamp: 1_700_000_000_000,
  },
  {
    id: 'e2',
    sessionId: 's1',
    type: 'tool_result',
    data: { name: 'a\nb\u0000"é😀', failed: true },
    timestamp: 1_700_000_000_001,
  },
  {
    id: 'e3',
    sessionId: 's2',
    type: 'request_end',
    data: { costUsd: null, ratio: 0.5 },
    timestamp: 1_700_000_000_002,
  },
];
