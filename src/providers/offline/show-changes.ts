import { notDone, realAnswerAdvice } from './advice.js';
import { looksLikeDiff } from './diff.js';
import { reviewDiff } from './review.js';
import { refusal, type Step, type Work } from './step.js';

const DIFF_LINES = 150;

/** Shows what git says has changed: the files, what the diff adds and removes, and a bounded part of the diff itself. */
export function showChanges(work: Work): Step {
  const first = work.rounds[0];
  if (first === undefined) {
    const path = work.subjects.paths[0];
    const staged = /\bstaged\b/i.test(work.request) && !/\bunstaged\b/i.test(work.request);
    const calls = [
      work.tools.call('GitStatus', {}),
      ...(onlyStatus(work.request)
        ? []
        : [
            ...(staged ? [] : [work.tools.call('GitDiff', { path })]),
            work.tools.call('GitDiff', { path, staged: true }),
          ]),
    ].filter((call) => call !== undefined);
    return calls.length > 0
      ? { calls }
      : { answer: notDone('the tools GitStatus and GitDiff are not offered in this session.') };
  }
  const refused = refusal(work, 0);
  if (refused !== undefined) return { answer: notDone(refused) };
  const status = first
    .find((outcome) => outcome.call.name === 'GitStatus' && !outcome.failed)
    ?.content.trim();
  const diff = first
    .filter((outcome) => outcome.call.name === 'GitDiff' && !outcome.failed && looksLikeDiff(outcome.content))
    .map((outcome) => outcome.content.trimEnd())
    .join('\n');
  const failures = first
    .filter((outcome) => outcome.failed)
    .map((outcome) => `${outcome.call.name}: ${outcome.content.trim()}`);
  const parts = diff === '' ? ['No model is configured: this is what git says.'] : reviewDiff(diff);
  if (status !== undefined) parts.splice(1, 0, fenced(status, ''));
  if (diff !== '' && !/\breview\b/i.test(work.request)) parts.push(fenced(bounded(diff), 'diff'));
  return { answer: [...parts, ...failures, realAnswerAdvice].join('\n\n') };
}

function onlyStatus(request: string): boolean {
  return (
    /\b(?:git )?status\b|\bwhich files\b|\bwhat files\b|\bwhat branch\b|\bwhich branch\b/i.test(request) &&
    !/\bdiff\b/i.test(request)
  );
}

function bounded(diff: string): string {
  const rows = diff.split('\n');
  if (rows.length <= DIFF_LINES) return diff;
  return [
    ...rows.slice(0, DIFF_LINES),
    `[${rows.length - DIFF_LINES} more lines; name a path to see less at once]`,
  ].join('\n');
}

function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}
