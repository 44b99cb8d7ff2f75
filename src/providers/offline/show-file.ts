import { notDone, realAnswerAdvice } from './advice.js';
import { definitionIn } from './definition.js';
import { citation, cut, type NumberedLine } from './excerpt.js';
import { readNumberedLines, readPaths } from './results.js';
import type { Step, Work } from './step.js';

const WHOLE_LINES = 60;
const HEAD_LINES = 25;
const OUTLINE_LINES = 25;
const AROUND_LINE = 15;
const READ_LINES = 600;

/** Shows a file that the request names: all of a short one, else what it defines and how it begins. */
export function showFile(work: Work): Step {
  const path = work.subjects.paths[0] ?? '';
  const line = lineAsked(work.request, path);
  const [first, second, third] = work.rounds;
  if (first === undefined) return oneCall(work, 'Read', readInput(path, line));
  const read = first[0];
  if (read !== undefined && !read.failed) return { answer: shown(path, read.content, line) };
  if (second === undefined) {
    // It may be a folder, or stand elsewhere under the same name.
    const name = path.replace(/\/+$/, '').split('/').at(-1) ?? path;
    const calls = [
      work.tools.call('List', { path }),
      ...(/^[.]*$/.test(name) ? [] : [work.tools.call('Glob', { pattern: `**/${escapeGlob(name)}` })]),
    ].filter((call) => call !== undefined);
    if (calls.length > 0) return { calls };
  }
  const listed = second?.find((outcome) => outcome.call.name === 'List' && !outcome.failed);
  if (listed) return { answer: folder(path, listed.content) };
  const elsewhere = second?.find((outcome) => outcome.call.name === 'Glob' && !outcome.failed);
  const found = elsewhere === undefined ? [] : readPaths(elsewhere.content);
  if (third === undefined && found[0] !== undefined) return oneCall(work, 'Read', readInput(found[0], line));
  const other = third?.[0];
  if (other !== undefined && !other.failed) {
    const others = found.length > 1 ? `\n\nAlso: ${found.slice(1, 6).join(', ')}` : '';
    return { answer: shown(found[0] ?? path, other.content, line) + others };
  }
  return { answer: notDone(read?.content.trim() || `${path} could not be read.`) };
}

/** `src/a.ts:40` asks for a line, and so does "line 40". */
function lineAsked(request: string, path: string): number | undefined {
  const at = request.indexOf(`${path}:`);
  const direct = at < 0 ? null : /^\d{1,7}/.exec(request.slice(at + path.length + 1));
  const said = direct ?? /\bline\s+(\d{1,7})\b/i.exec(request);
  const line = Number(said?.[1] ?? said?.[0]);
  return Number.isSafeInteger(line) && line > 0 ? line : undefined;
}

function readInput(path: string, line: number | undefined) {
  if (line === undefined) return { path, limit: READ_LINES };
  return { path, offset: Math.max(1, line - AROUND_LINE), limit: 2 * AROUND_LINE + 1 };
}

function oneCall(work: Work, name: string, input: Readonly<Record<string, unknown>>): Step {
  const call = work.tools.call(name, input);
  return call ? { calls: [call] } : { answer: notDone(`the tool ${name} is not offered in this session.`) };
}

function shown(path: string, content: string, line: number | undefined): string {
  const lines = readNumberedLines(content);
  const first = lines[0];
  if (first === undefined)
    return [`No model is configured. ${cut(content.trim())}`, realAnswerAdvice].join('\n\n');
  const more = /\[Up to line \d+/.test(content);
  if (line !== undefined || (lines.length <= WHOLE_LINES && !more)) {
    const what = line === undefined ? 'this is the file' : `these are the lines around ${path}:${line}`;
    return [
      `No model is configured: ${what}.`,
      citation(path, line ?? first.line, lines),
      realAnswerAdvice,
    ].join('\n\n');
  }
  const outline = lines.filter((one) => isOutline(one)).slice(0, OUTLINE_LINES);
  const parts = [
    `No model is configured: this is how ${path} begins${outline.length > 0 ? ', and what it defines' : ''}.`,
  ];
  parts.push(citation(path, first.line, lines.slice(0, HEAD_LINES)));
  if (outline.length > 0) {
    parts.push(outline.map((one) => `${path}:${one.line}: ${cut(one.text.trim())}`).join('\n'));
  }
  return [...parts, realAnswerAdvice].join('\n\n');
}

/** Headings, and what is defined at the left edge or one level in; local variables are no part of an outline. */
function isOutline({ text }: NumberedLine): boolean {
  if (/^#{1,3} \S/.test(text)) return true;
  const definition = definitionIn(text);
  if (definition?.strength !== 1) return false;
  return definition.kind === 'variable' ? /^\S/.test(text) : /^(?: {0,4}|\t)\S/.test(text);
}

function folder(path: string, content: string): string {
  return [
    `No model is configured: ${path} is a folder.`,
    `\`\`\`\n${content}\n\`\`\``,
    realAnswerAdvice,
  ].join('\n\n');
}

function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?!,\\]/g, '?');
}
