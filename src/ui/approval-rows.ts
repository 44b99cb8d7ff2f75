import { answerRow, writingRow } from './approval-keys.js';
import { clip, oneLine } from './displayable.js';
import type { ApprovalPrompt } from './screen.js';
import { breakHanging, continued, type Span, type SpanStyle } from './spans.js';

/** Rows that the question needs besides the details: a space, what is asked, why, the keys, a space, the status line. */
const frameRows = 6;

/** Whether the whole question fits into `budget` rows, so that nothing needs to be printed above it. */
export function approvalFits(asked: Asked, columns: number, budget: number): boolean {
  const rows = detailRows(asked.details, columns).length + coverRows(asked, columns).length;
  return rows + frameRows <= budget;
}

type Asked = Pick<ApprovalPrompt, 'details' | 'covers' | 'calls' | 'kind'>;

/** The question whether a tool call may run or a plan is carried out, in at most `most` rows; the keys are the last to go. */
export function approvalRows(approval: ApprovalPrompt, columns: number, most: number): Span[][] {
  const { kind, name, entry } = approval;
  const line = (text: string, style: SpanStyle): Span[] => [{ text: clip(text, columns), style }];
  const more = approval.waiting > 0 ? ` (${approval.waiting} more waiting)` : '';
  const calls = (approval.calls ?? 1) > 1 ? `${approval.calls} calls of ` : '';
  const asked =
    kind === 'call'
      ? `Allow ${calls}${oneLine(name)}?`
      : kind === 'question'
        ? 'The model asks you:'
        : 'Carry out this plan?';
  const question = line(`${asked}${more}`, 'accent');
  const keys = line(entry ? writingRow(kind, columns) : answerRow(kind, columns, approval), 'plain');
  if (most < 4) return [question, keys].slice(-Math.max(1, most));
  const reason = line(oneLine(approval.reason), 'dim');
  const details = approval.printed
    ? [line('  (shown in full above)', 'dim')]
    : detailRows(approval.details, columns);
  const allCovers = entry ? [] : coverRows(approval, columns);
  // Nobody can answer without the call; what a longer yes covers goes first where there is no room.
  const covers = details.length + allCovers.length + 3 <= most ? allCovers : [];
  const kept = details.slice(0, most - 3);
  // Rows that writing an answer or a smaller window takes away are missed visibly.
  if (kept.length < details.length) kept.splice(-1, 1, line('  …', 'dim'));
  const rows = [question, ...kept, reason, ...covers, keys];
  return rows.length < most ? [[], ...rows] : rows;
}

/** What the keys for longer than once will cover, before one of them is pressed. */
function coverRows({ kind, covers = {}, calls = 1 }: Asked, columns: number): Span[][] {
  if (kind !== 'call') return [];
  const first = calls > 1 ? 'the first, ' : '';
  const session = `a ${first}for this session`;
  const project = 'p for every session here';
  const said: readonly (readonly [keys: string, what: string | undefined])[] =
    covers.session === covers.project
      ? [[`${session}, ${project}`, covers.session]]
      : [
          [session, covers.session],
          [project, covers.project],
        ];
  return said.flatMap(([keys, what]) => {
    if (what === undefined) return [];
    const row: Span[] = [{ text: `${keys}: ${oneLine(what)}`, style: 'dim' }];
    return breakHanging(row, { columns, how: 'words', first: [], rest: [{ text: '  ', style: 'dim' }] });
  });
}

function detailRows(details: ApprovalPrompt['details'], columns: number): Span[][] {
  return details.flatMap((row) => breakHanging(row, { columns, how: 'hard', first: [], rest: [continued] }));
}
