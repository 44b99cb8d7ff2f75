import type { DecisionWords } from '../core/decision-record.js';

/** What `/why` can be asked about, in its order. */
export const decisionTopics = [
  'tools',
  'prompt',
  'compact',
  'denied',
  'cache',
  'config',
  'model',
  'other',
] as const;
export type DecisionTopic = (typeof decisionTopics)[number];

/** Each decision is one topic's. */
export function topicOf({ coordinator, decision }: DecisionWords): DecisionTopic {
  switch (coordinator) {
    case 'toolSelection':
      return 'tools';
    case 'prompt':
      return 'prompt';
    case 'context':
      return 'compact';
    case 'mode':
    case 'permission':
      return 'denied';
    case 'config':
      return 'config';
    case 'provider':
      return 'model';
    case 'chat':
      return decision === 'cache' ? 'cache' : 'other';
    default:
      return 'other';
  }
}
