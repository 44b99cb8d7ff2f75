import { notDone, realAnswerAdvice } from './advice.js';
import { readPaths } from './results.js';
import { refusal, type Step, type Work } from './step.js';

const SHOWN = 60;

/** Lists the files that a glob in the request names. */
export function findFiles(work: Work): Step {
  const pattern = work.subjects.globs[0] ?? '*';
  const first = work.rounds[0];
  if (first === undefined) {
    const call = work.tools.call('Glob', { pattern, path: work.subjects.paths[0] });
    return call ? { calls: [call] } : { answer: notDone('the tool Glob is not offered in this session.') };
  }
  const refused = refusal(work, 0);
  if (refused !== undefined) return { answer: notDone(refused) };
  const paths = readPaths(first[0]?.content ?? '');
  if (paths.length === 0) {
    return { answer: `No model is configured. No file matches ${pattern}.\n\n${realAnswerAdvice}` };
  }
  const left = paths.length - SHOWN;
  const rows = [...paths.slice(0, SHOWN), ...(left > 0 ? [`[${left} more]`] : [])];
  const count = `${paths.length} ${paths.length === 1 ? 'file matches' : 'files match'}`;
  return {
    answer: [`No model is configured: ${count} ${pattern}.`, rows.join('\n'), realAnswerAdvice].join('\n\n'),
  };
}
