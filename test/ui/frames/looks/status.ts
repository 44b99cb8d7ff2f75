import type { Look } from '../look.js';
import { now } from '../stage.js';

export const statusLooks: readonly Look[] = [
  {
    name: 'a status line with everything',
    scene: ({ footer }) =>
      footer({
        mode: 'accept-edits',
        sandbox: 'sandbox',
        trust: 'trusted',
        branch: 'fix/parser',
        contextTokens: 45_200,
        costUsd: 0.42,
        today: { until: now + 1, costUsd: 3.1, unpriced: false },
      }),
    sees: ['accept-edits'],
  },
  {
    name: 'a status line with failing extensions and unknown prices',
    scene: ({ footer }) =>
      footer({
        costUsd: 1.5,
        unpriced: true,
        failingExtensions: [
          { kind: 'exporter', name: 'webhook' },
          { kind: 'contributor', name: './team-prompt.js' },
        ],
      }),
    sees: ['ask'],
  },
  {
    name: 'a status line of the user',
    scene: ({ footer }) =>
      footer({ mode: 'yolo', custom: 'sonnet on fix/parser · 45k · and more that is long' }),
    sees: ['yolo · sonnet on fix/parser'],
  },
  {
    name: 'a context that was compacted',
    scene: ({ emit }) =>
      emit({
        type: 'compaction',
        strategy: 'recent',
        automatic: true,
        before: { messages: 84, tokens: 161_000 },
        after: { messages: 10, tokens: 12_000 },
        messages: [],
      }),
    reaches: ['Context compacted (recent): 84 messages'],
  },
  {
    name: 'a compaction that was taken back',
    scene: ({ emit }) =>
      emit({
        type: 'compaction',
        strategy: 'uncompact',
        automatic: false,
        before: { messages: 10, tokens: 12_000 },
        after: { messages: 84, tokens: 61_000 },
        messages: [],
      }),
    reaches: ['The last compaction is taken back: 10 messages'],
  },
  {
    name: 'a mode that was changed',
    scene: ({ emit }) => emit({ type: 'mode-change', from: 'ask', to: 'plan' }),
    sees: ['plan · anthropic'],
  },
];
