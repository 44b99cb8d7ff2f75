import { clip, oneLine } from './displayable.js';
import type { ApprovalPrompt } from './screen.js';
import { breakHanging, continued, type Span, type SpanStyle } from './spans.js';

/** Rows that the question needs besides the details: a space, what is asked, why, the keys, a space, the status line. */
const frameRows = 6;

/** Whether the whole question fits into `budget` rows, so that nothing needs to be printed above it. */
export function approvalFits(details: ApprovalPrompt['details'], columns: number, budget: number): boolean {
  return detailRows(details, columns).length + frameRows <= budget;
}

/** The question whether a tool call may run, in at most `most` rows; the keys are the last to go. */
export function approvalRows(approval: ApprovalPrompt, columns: number, most: number): Span[][] {
  const line = (text: string, style: SpanStyle): Span[] => [{ text: clip(text, columns), style }];
  const more = approval.waiting > 0 ? ` (${approval.waiting} more waiting)` : '';
  const question = line(`Allow ${oneLine(approval.name)}?${more}`, 'accent');
  const keys = line('y once · a for this session · n no · Esc stops the turn', 'plain');
  if (most < 4) return [question, keys].slice(-Math.max(1, most));
  const reason = line(oneLine(approval.reason), 'dim');
  const details = approval.printed
    ? [line('  (shown in full above)', 'dim')]
    : detailRows(approval.details, columns);
  const kept = details.slice(0, most - 3);
  return kept.length + 3 < most ? [[], question, ...kept, reason, keys] : [question, ...kept, reason, keys];
}

function detailRows(details: ApprovalPrompt['details'], columns: number): Span[][] {
  return details.flatMap((row) => breakHanging(row, { columns, how: 'hard', first: [], rest: [continued] }));
}
