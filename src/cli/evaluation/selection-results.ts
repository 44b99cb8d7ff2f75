import type { SelectionScore } from '../../core/evaluation.js';

export interface ToolsEvaluation {
  readonly scores: readonly SelectionScore[];
  readonly requests: number;
  readonly tools: number;
  /** The tools are those of a file, not those that there are here. */
  readonly given: boolean;
  /** While at most so many tools are there, all are offered. */
  readonly maxTools: number;
}

/** With fewer requests one more or less that is right moves a percentage by more than a point. */
const FEW_REQUESTS = 100;
const LAST_PLACE = 10;

/** What these numbers do not show, in sentences. */
export function toolsNotShown({ requests, tools, maxTools }: ToolsEvaluation): string[] {
  return [
    'Whether the model would have called the tool, or needed it at all; and that another tool may have done as well. Any one of the expected tools counts as right.',
    ...(tools <= maxTools
      ? [
          `A difference in what is offered: all ${tools} tools fit (toolSelection.maxTools is ${maxTools}), so every one is, whatever it is ranked.`,
        ]
      : [
          `What is offered: tools of Victor's own always are, and a model can ask for others with find_tools.`,
        ]),
    ...(tools <= LAST_PLACE * 2
      ? [`Much by the first ${LAST_PLACE}: of ${tools} tools nearly any order has the right one among them.`]
      : []),
    ...(requests < FEW_REQUESTS
      ? [
          requests === 1
            ? 'Any difference for other requests: one alone is all or nothing.'
            : `Small differences: of ${requests} requests one alone is ${(100 / requests).toFixed(1)} points.`,
        ]
      : []),
  ];
}
