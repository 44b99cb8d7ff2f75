import type { ProviderRequest } from '../../core/provider.js';
import { changeNote, notUnderstood } from './advice.js';
import { chooseJob, type JobName } from './choose-job.js';
import { readConversation } from './conversation.js';
import { looksLikeDiff } from './diff.js';
import { findFiles } from './find-files.js';
import { listFolder } from './list-folder.js';
import { listOccurrences } from './occurrences.js';
import { overview } from './overview.js';
import { type Question, readQuestion, refersBack } from './question.js';
import { reviewPiped } from './review.js';
import { runTests } from './run-tests.js';
import { search } from './search.js';
import { showChanges } from './show-changes.js';
import { showFile } from './show-file.js';
import type { Step, Work } from './step.js';
import { findSubjects, type Subjects } from './subjects.js';
import { toolbox } from './toolbox.js';

/** An order to change something, which only a model can carry out. */
const CHANGE_ORDER =
  /^\W*(?:please |can you |could you |now )*(?:fix|add|write|implement|refactor|rename|create|change|update|remove|delete|make|replace|convert|improve|optimi[sz]e|port|migrate|install|commit|push|upgrade|move|extract|document|generate|build me)\b/i;

/** What to do next in the turn that a request holds. Equal requests give equal steps. */
export async function planStep(request: Pick<ProviderRequest, 'messages' | 'tools'>): Promise<Step> {
  const conversation = readConversation(request.messages);
  const text = conversation.request;
  if (conversation.piped !== undefined) return { answer: reviewPiped(text, conversation.piped) };
  if (looksLikeDiff(text)) return { answer: reviewPiped('', text) };

  const subjects = findSubjects(text);
  const question = readQuestion(text, subjects);
  const choice = await chooseJob(text, subjects, question, request.tools);
  const work: Work = {
    request: text,
    subjects,
    rounds: conversation.rounds,
    tools: toolbox(request.tools),
  };
  const openEnded = choice.job === 'search' || choice.job === 'none';
  const isBack = conversation.previous !== undefined && openEnded && refersBack(text, question, subjects);
  if (isBack) return followUp(work, question, conversation.previous ?? '', request);
  const step = run(choice.job, work, question);
  return CHANGE_ORDER.test(text) && 'answer' in step ? { answer: changeNote(step.answer) } : step;
}

/** "And where is it used?" asks that of what the message before spoke of. */
async function followUp(
  work: Work,
  question: Question,
  previous: string,
  { tools }: Pick<ProviderRequest, 'tools'>,
): Promise<Step> {
  const earlier = findSubjects(previous);
  const subjects: Subjects = {
    ...merged(earlier, work.subjects),
    rest: `${earlier.rest}. ${work.subjects.rest}`,
  };
  const both = { ...readQuestion(`${work.request} ${previous}`, subjects), asked: question.asked };
  const { job } = await chooseJob(work.request, subjects, both, tools);
  return run(job, { ...work, subjects }, both);
}

function run(job: JobName, work: Work, question: Question): Step {
  if (job === 'search') return search(work, question);
  if (job === 'occurrences') return listOccurrences(work, question);
  if (job === 'show-file') return showFile(work);
  if (job === 'find-files') return findFiles(work);
  if (job === 'list-folder') return listFolder(work, question);
  if (job === 'overview') return overview(work);
  if (job === 'changes') return showChanges(work);
  if (job === 'run-tests') return runTests(work);
  return { answer: notUnderstood };
}

function merged(a: Subjects, b: Subjects): Omit<Subjects, 'rest'> {
  const join = (key: Exclude<keyof Subjects, 'rest'>) => [...new Set([...a[key], ...b[key]])];
  return {
    paths: join('paths'),
    globs: join('globs'),
    quoted: join('quoted'),
    identifiers: join('identifiers'),
    patterns: join('patterns'),
  };
}
