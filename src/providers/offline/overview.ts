import { notDone, realAnswerAdvice } from './advice.js';
import { citation } from './excerpt.js';
import { readNumberedLines } from './results.js';
import { refusal, type Step, type Work } from './step.js';

const READ_LINES = 60;
const SHOWN_LINES = 22;
const SHOWN_NAMES = 40;
const README = /^readme(?:\.(?:md|mdx|rst|txt|adoc))?$/i;
const MANIFESTS = [
  'package.json',
  'pyproject.toml',
  'Cargo.toml',
  'go.mod',
  'pom.xml',
  'composer.json',
  'mix.exs',
  'Gemfile',
];

/** What a repository says about itself: its folder, its README and its manifest. */
export function overview(work: Work): Step {
  const [first, second] = work.rounds;
  if (first === undefined) {
    const call = work.tools.call('List', { path: '.' });
    return call ? { calls: [call] } : { answer: notDone('the tool List is not offered in this session.') };
  }
  const refused = refusal(work, 0);
  if (refused !== undefined) return { answer: notDone(refused) };
  const names = namesIn(first[0]?.content ?? '');
  const wanted = [names.find((name) => README.test(name)), MANIFESTS.find((name) => names.includes(name))];
  const calls = wanted.flatMap((path) =>
    path === undefined ? [] : (work.tools.call('Read', { path, limit: READ_LINES }) ?? []),
  );
  if (second === undefined && calls.length > 0) return { calls };
  const blocks = (second ?? []).flatMap((outcome) => {
    if (outcome.failed) return [];
    const lines = readNumberedLines(outcome.content).filter((line) => !isDecoration(line.text));
    const start = lines.findIndex((line) => line.text.trim() !== '');
    const shown = lines.slice(Math.max(0, start), Math.max(0, start) + SHOWN_LINES);
    return shown[0] === undefined ? [] : [citation(String(outcome.call.input.path), shown[0].line, shown)];
  });
  const heading = 'No model is configured: this is what the repository says about itself.';
  const listing = `Files: ${names.slice(0, SHOWN_NAMES).join('  ')}${names.length > SHOWN_NAMES ? '  …' : ''}`;
  return { answer: [heading, ...blocks, listing, realAnswerAdvice].join('\n\n') };
}

/** The names in a folder listing, folders with their slash; sizes and marks after two spaces are left out. */
export function namesIn(listing: string): string[] {
  return listing
    .split('\n')
    .filter((row) => row !== '' && !/^\s|^\[/.test(row) && !/\(ignored\)$/.test(row))
    .map((row) => row.replace(/\s{2,}.*$/, ''));
}

/** Badges, pictures and markup at the head of a README say nothing. */
function isDecoration(text: string): boolean {
  return /^\s*(?:\[?!\[|<\/?(?:p|div|img|a|h1|picture|source|br|center)\b)/i.test(text);
}
