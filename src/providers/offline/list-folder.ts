import { notDone, realAnswerAdvice } from './advice.js';
import { namedFolder } from './named-folder.js';
import type { Question } from './question.js';
import { readPaths } from './results.js';
import { search } from './search.js';
import { refusal, type Step, type Work } from './step.js';

const TREE_DEPTH = 2;
const FILES_LOOKED_AT = 200;
const here = '.';

/**
 * Lists a folder, two levels deep when the request asks for a tree or the structure. A folder that the request calls by
 * a plain word is tried as it stands, then anywhere below; where the word may mean something else, it is searched for.
 */
export function listFolder(work: Work, question: Question): Step {
  const [path] = work.subjects.paths;
  const named = path === undefined ? namedFolder(work.request) : undefined;
  const wanted = path ?? named?.name ?? here;
  const [first, second, third] = work.rounds;
  if (first === undefined) return listCall(work, wanted);
  const listed = first[0];
  if (listed && !listed.failed) return { answer: shown(wanted, listed.content) };
  if (named === undefined) return { answer: notDone(refusal(work, 0) ?? 'no result came back.') };
  if (!named.certain) return search({ ...work, rounds: work.rounds.slice(1) }, question);

  if (second === undefined) {
    const pattern = `**/${named.name}/**`;
    const calls = [
      work.tools.call('Glob', { pattern, limit: FILES_LOOKED_AT }),
      work.tools.call('List', { path: here }),
    ];
    return { calls: calls.filter((call) => call !== undefined) };
  }
  const [found, around] = ['Glob', 'List'].map((name) =>
    second.find((outcome) => outcome.call.name === name && !outcome.failed),
  );
  const elsewhere = folderAbove(readPaths(found?.content ?? ''), named.name);
  if (elsewhere !== undefined && third === undefined) return listCall(work, elsewhere);
  const other = third?.[0];
  if (elsewhere !== undefined && other && !other.failed) return { answer: shown(elsewhere, other.content) };
  if (around) return { answer: shown(here, around.content, `there is no folder "${named.name}"; `) };
  return { answer: notDone(refusal(work, 0) ?? 'no result came back.') };
}

function listCall(work: Work, path: string): Step {
  const deep = /\b(?:tree|structure|layout|organi[sz]ed|recursive)/i.test(work.request);
  const call = work.tools.call('List', { path, depth: deep ? TREE_DEPTH : undefined });
  return call ? { calls: [call] } : { answer: notDone('the tool List is not offered in this session.') };
}

/** The folder of this name that is least deep. */
function folderAbove(paths: readonly string[], name: string): string | undefined {
  const folders = paths.flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    const depth = parts.indexOf(name);
    return depth < 0 ? [] : [parts.slice(0, depth + 1)];
  });
  return folders.sort((a, b) => a.length - b.length)[0]?.join('/');
}

function shown(path: string, content: string, before = ''): string {
  const what = path === here ? 'the working directory' : path;
  return [
    `No model is configured: ${before}this is ${what}.`,
    `\`\`\`\n${content.trimEnd()}\n\`\`\``,
    realAnswerAdvice,
  ].join('\n\n');
}
