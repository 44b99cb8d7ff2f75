/**
 * What Markdown costs for each chunk of an answer as it streams in: our own rows, line by line, against marked's lexer over
 * the block that may still change. Prints microseconds of processor time a chunk, and what loading marked takes.
 *
 *     npm run bench:markdown
 */
import { Lexer } from 'marked';
import { addText, emptyLive, type LiveText } from '../src/live-text.js';
import { createLineHighlighter } from '../src/ui/code/highlight.js';
import { markdownRows } from '../src/ui/markdown/rows.js';
import { cpuNow, median, timeCommand } from './measure.js';
import { longAnswer } from './tui/answer.js';

const characters = 20;
const columns = 100;
const mixed = longAnswer().text;
const oneList = Array.from(
  { length: 500 },
  (_, item) => `- item ${item} of a list that goes on, with \`code\` and **bold** in it`,
).join('\n');
const oneTable = [
  '| name | what it is |\n|---|---|',
  ...Array.from({ length: 200 }, (_, row) => `| \`name ${row}\` | what the **row** is about |`),
].join('\n');

/** Microseconds of processor time that each chunk takes, the drawing of what is not finished included. */
function perChunk(text: string, take: (chunk: string) => void): number {
  const before = cpuNow();
  for (let at = 0; at < text.length; at += characters) take(text.slice(at, at + characters));
  return ((cpuNow() - before) * 1_000) / Math.ceil(text.length / characters);
}

/** As the chat does it: finished lines once, the rest with each chunk. */
function ours(text: string): number {
  let live: LiveText = emptyLive;
  return perChunk(text, (chunk) => {
    live = addText(live, chunk);
    if (live.finished !== '') {
      markdownRows(live.finished.slice(0, -1), { columns, fence: live.finishedFence });
      live = { ...live, finished: '' };
    }
    const rest = live.held + live.partial;
    if (rest !== '') markdownRows(rest, { columns, fence: live.held === '' ? live.fence : '', open: true });
  });
}

/** The lexer alone, without any drawing: all but the last block is finished. */
function markedLexer(text: string): number {
  let open = '';
  return perChunk(text, (chunk) => {
    open += chunk;
    const tokens = Lexer.lex(open);
    const last = tokens.at(-1);
    if (tokens.length > 1 && last) open = open.slice(open.length - last.raw.length);
  });
}

function report(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(62)} ${value.toFixed(1).padStart(9)} ${unit}\n`);
}

for (const [name, text] of Object.entries({
  'a mixed answer': mixed,
  'one list': oneList,
  'one table': oneTable,
})) {
  const kilobytes = `${Math.round(text.length / 1_000)} kB`;
  ours(text);
  report(`${name}, ${kilobytes}: our rows`, ours(text), 'µs a chunk');
  markedLexer(text);
  report(`${name}, ${kilobytes}: marked's lexer, nothing drawn`, markedLexer(text), 'µs a chunk');
}

const code = Array.from(
  { length: 2_000 },
  (_, index) => `const value${index} = await run('text', 42); // why`,
);
function coloured(): number {
  const highlighter = createLineHighlighter('typescript');
  const before = cpuNow();
  for (const line of code) highlighter.line(line);
  return ((cpuNow() - before) * 1_000) / code.length;
}
coloured();
report('a line of TypeScript in its colours', coloured(), 'µs a line');

const bare: number[] = [];
const loading: number[] = [];
const run = async (script: string) => {
  const argv = [process.execPath, '--input-type=module', '-e', script];
  return (await timeCommand({ argv, cwd: import.meta.dirname })).cpuMs;
};
for (let pair = 0; pair < 11; pair += 1) {
  bare.push(await run('0'));
  loading.push(await run("await import('marked')"));
}
report('loading marked', median(loading) - median(bare), 'ms of processor time');
