import type { ToolDescriptor } from '../../core/extension.js';
import type { ToolDefinition } from '../../core/tool.js';
import { createKeywordStrategy } from '../../selection/keyword.js';
import { namedFolder } from './named-folder.js';
import type { Question } from './question.js';
import type { Subjects } from './subjects.js';

export type JobName =
  | 'search'
  | 'occurrences'
  | 'show-file'
  | 'find-files'
  | 'list-folder'
  | 'overview'
  | 'changes'
  | 'run-tests'
  | 'none';

/** The tools a job begins with, and words people use for what they do. */
const jobTools: Readonly<Record<Exclude<JobName, 'none'>, readonly string[]>> = {
  search: ['Grep'],
  occurrences: ['Grep'],
  'show-file': ['Read'],
  'find-files': ['Glob'],
  'list-folder': ['List'],
  overview: ['List', 'Read'],
  changes: ['GitDiff', 'GitStatus'],
  'run-tests': ['Bash'],
};

const keywords: Readonly<Record<string, string>> = {
  Read: 'open show view cat file content print display explain',
  Glob: 'find files named names pattern',
  Grep: 'search find where text occurrences usages references which',
  List: 'ls list directory folder files tree structure contents',
  Bash: 'run execute command tests',
  GitStatus: 'git status changes modified untracked branch uncommitted',
  GitDiff: 'git diff changes changed patch review uncommitted',
};

/** How much the ranking of tools says next to what the request plainly asks for. */
const SCORE_WEIGHT = 0.4;

const QUESTION =
  /^\W*(?:where|how|why|when|who|which (?!files (?:have )?(?:changed|are modified))|does|is|are|can|could)\b/i;
const TESTS =
  /\b(?:run|execute|launch|start|rerun|re-run)\b[^.?!]{0,40}\btests?\b|\brun the (?:test )?suite\b|\b(?:npm|pnpm|yarn|cargo|go|make) (?:run )?test\b|\bdo (?:the|my|all) tests pass\b/i;
const CHANGES =
  /\bgit (?:diff|status)\b|\b(?:uncommitted|unstaged|working (?:tree|copy))\b|\bwhat(?:'s| has| have| is)?(?: I| we| been)? (?:changed|modified)\b|\b(?:which|what) (?:files )?(?:have |has |are |is )?(?:been )?(?:changed|modified)\b|\b(?:show|review|summari[sz]e|explain|describe|list|see|print)\b[^.?!]{0,30}\b(?:changes|diff|modifications)\b|^\W*(?:diff|status|changes)\W*$|\b(?:my|staged|local|pending) changes\b|\b(?:which|what) branch\b/i;
const LISTING =
  /^\W*(?:ls|tree|dir)\b|\b(?:list|show|print|display|give)\b[^.?!]{0,30}\b(?:files|folders?|director(?:y|ies)|tree|structure|layout)\b|\bwhat(?:'s| is| are)?(?: the)? (?:files|folders|in (?:the |this )?(?:folder|directory|repo\w*|here))\b|\b(?:directory|folder|project|repo\w*) (?:tree|structure|layout)\b/i;
const OVERVIEW =
  /\bwhat (?:is|does) (?:this|the|that) (?:repo\w*|project|codebase|code base|program|app|application|package|library|tool)\b|\b(?:explain|describe|summari[sz]e|introduce|overview of|tour of)\b[^.?!]{0,25}\b(?:repo\w*|project|codebase|code base)\b|^\W*(?:overview|what is this|explain this)\W*$/i;
const READING =
  /\b(?:show|read|open|print|cat|view|display|see|explain|describe|summari[sz]e|what(?:'s| is| does)|look at|contents? of)\b/i;
const SEARCHING =
  /\b(?:grep|search(?: for)?|find|list|show|all|every|occurrences?|usages?|uses|mentions?|references?|look for)\b/i;
const NAMED_FILES =
  /\b(?:files?|folders?) (?:named|called|matching|ending)\b|\bfind (?:all )?(?:the )?\S+ files\b/i;
const SMALL_TALK =
  /^\W*(?:hi|hello|hey|yo|thanks?|thank you|thx|ok(?:ay)?|good (?:morning|evening|day)|bye|cool|great|nice|yes|no|help|say hi|who are you|what can you do)\b[^?]{0,30}\??\W*$/i;

export interface Choice {
  readonly job: JobName;
  /** Every job that came into question, best first. */
  readonly scores: readonly { readonly job: JobName; readonly score: number }[];
}

/**
 * Chooses what to do: what the request plainly asks for, plus how well the tool-selection score of the job's tools
 * fits. Only jobs whose tools are offered come into question; when a job that was asked for has none, it is chosen all
 * the same and says so.
 */
export async function chooseJob(
  request: string,
  subjects: Subjects,
  question: Question,
  tools: readonly ToolDefinition[],
): Promise<Choice> {
  const toolScores = await scoreTools(request, tools);
  const evidence = evidenceFor(request, subjects, question);
  const scores = (Object.keys(jobTools) as (keyof typeof jobTools)[])
    .flatMap((job) => {
      const said = evidence[job] ?? 0;
      if (said === 0) return [];
      const best = Math.max(0, ...jobTools[job].map((name) => toolScores.get(name) ?? 0));
      return [{ job: job as JobName, score: said + SCORE_WEIGHT * best }];
    })
    .sort((a, b) => b.score - a.score);
  return { job: scores[0]?.job ?? 'none', scores };
}

async function scoreTools(
  request: string,
  tools: readonly ToolDefinition[],
): Promise<ReadonlyMap<string, number>> {
  const known = tools.filter((tool) => Object.hasOwn(keywords, tool.name));
  const scores = await createKeywordStrategy().score(request, known.map(describe));
  return new Map(scores.map(({ name, score }) => [name, score]));
}

function describe(tool: ToolDefinition): ToolDescriptor {
  return {
    name: tool.name,
    description: tool.description,
    keywords: (keywords[tool.name] ?? '').split(' '),
    parameters: Object.keys((tool.inputSchema.properties as Record<string, unknown> | undefined) ?? {}),
  };
}

function evidenceFor(
  request: string,
  subjects: Subjects,
  question: Question,
): Partial<Record<JobName, number>> {
  if (SMALL_TALK.test(request)) return {};
  const asks = QUESTION.test(request);
  const named = subjects.identifiers.length + subjects.quoted.length + subjects.patterns.length;
  const own = question.terms.filter(
    (term) => !subjects.paths.some((path) => path.toLowerCase().includes(term.word)),
  );
  return {
    search: question.terms.length > 0 ? 1 : 0,
    occurrences: occurrenceEvidence(request, subjects, question, named),
    'show-file':
      subjects.paths.length > 0 && (READING.test(request) || own.length === 0) && own.length <= 2 ? 1.6 : 0,
    'find-files': subjects.globs.length > 0 ? 1.8 : 0,
    'list-folder': asks || NAMED_FILES.test(request) ? 0 : listingEvidence(request, named),
    overview: OVERVIEW.test(request) && subjects.paths.length === 0 ? 1.9 : 0,
    changes: CHANGES.test(request) && !asks ? 1.9 : 0,
    'run-tests':
      TESTS.test(request) && (!asks || /\bdo (?:the|my|all) tests pass\b/i.test(request)) ? 2.2 : 0,
  };
}

/** "list src" may be about a folder or about a word: the folder is looked for first. */
function listingEvidence(request: string, named: number): number {
  if (LISTING.test(request)) return 1.6;
  const folder = namedFolder(request);
  return folder && (folder.certain || named === 0) ? 1.5 : 0;
}

/** A list of all places serves a name's usages and an order to search; a question wants the best places instead. */
function occurrenceEvidence(request: string, subjects: Subjects, question: Question, named: number): number {
  if (named === 0) return 0;
  const words = subjects.rest.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;
  if (subjects.patterns.length > 0) return 1.7;
  if (words === 0 && question.terms.length > 0) return 1.5;
  if (question.asked === 'usage' && subjects.identifiers.length + subjects.quoted.length > 0) return 1.5;
  return SEARCHING.test(request) && !QUESTION.test(request) && words <= 8 ? 1.5 : 0;
}
