import { ripgrepArguments } from './find-ripgrep.js';
import { compileGlob } from './glob-pattern.js';
import { NullSeparated } from './null-separated.js';
import { outputText } from './output-capture.js';
import { runProcess } from './run-process.js';
import type { SearchEnd, SearchRequest } from './search.js';
import type { SearchLine } from './search-result.js';

/** Bytes of a line that ripgrep prints. */
const MAX_COLUMNS = 1_000;
const MAX_COMPLAINT_CHARACTERS = 600;
const MATCH = 0x3a;
const LINE_FEED = 0x0a;

/** Searches with ripgrep; `undefined` when it cannot be started. */
export async function searchWithRipgrep(
  ripgrep: string,
  request: SearchRequest,
): Promise<SearchEnd | undefined> {
  const { root, result, filesOnly } = request;
  const wanted = request.glob === undefined ? undefined : compileGlob(request.glob);
  const accepts = (path: Buffer) => wanted?.(path.toString()) ?? true;
  // One file is searched through what is open of it, under a name that says nothing.
  const only = root.file === undefined ? undefined : Buffer.from(root.file);
  const records = new NullSeparated();
  const lines = new RipgrepLines();
  const ended = await runProcess({
    command: [ripgrep, ...ripgrepArguments, ...argumentsOf(request)],
    cwd: root.file === undefined ? root.pinned : '/',
    environment: process.env,
    timeoutMs: request.timeoutMs,
    signal: request.signal,
    separateErrors: true,
    onOutput(chunk) {
      if (filesOnly) {
        return records.add(chunk).every((path) => {
          const found = only ?? path.subarray(2);
          return !accepts(found) || result.addFile(found);
        });
      }
      return lines.add(chunk).every((line) => {
        const found = only ? { ...line, path: only } : line;
        return !accepts(found.path) || result.addLine(found);
      });
    },
  });
  if (ended.failure) return undefined;
  const said = ended.errorOutput ? outputText(ended.errorOutput).trim() : '';
  const complaint = said.slice(0, MAX_COMPLAINT_CHARACTERS);
  // Exit code 2 comes with any trouble, also when single files could not be read and the others were searched.
  const failed =
    ended.exitCode === 2 && /^(?:rg: )?(?:regex parse error|error|PCRE2|the literal)/m.test(complaint);
  return { timedOut: ended.timedOut, complaint, failed };
}

function argumentsOf(request: SearchRequest): string[] {
  const { root, glob, context } = request;
  const args = ['--sort=path', '--engine=auto', '--line-number', '--no-heading', '--with-filename'];
  args.push(`--max-columns=${MAX_COLUMNS}`, '--max-columns-preview', '--no-context-separator');
  if (request.filesOnly) args.push('--files-with-matches');
  else if (context > 0) args.push(`--context=${context}`);
  if (request.ignoreCase) args.push('--ignore-case');
  if (request.literal) args.push('--fixed-strings');
  const names = glob === undefined ? undefined : typeGlob(glob);
  if (names !== undefined) args.push(`--type-add=wanted:${names}`, '--type=wanted');
  return [...args, '-e', request.pattern, '--', root.file === undefined ? './' : root.pinned];
}

/**
 * What ripgrep can already leave out by name. Its --glob would overrule .gitignore, its types do not, but they see
 * only the last part of a path; the rest is left to the filter on what comes back.
 */
function typeGlob(glob: string): string | undefined {
  const last = glob.slice(glob.lastIndexOf('/') + 1);
  const braceAcrossParts = glob.includes('{') && !last.includes('{');
  return /^[\w.*?{},-]+$/.test(last) && last !== '**' && !braceAcrossParts && balanced(last)
    ? last
    : undefined;
}

function balanced(text: string): boolean {
  return text.split('{').length === text.split('}').length;
}

/** Reads `path NUL number (: or -) text` lines from a stream; paths may hold anything but NUL. */
class RipgrepLines {
  private rest: Buffer = Buffer.alloc(0);

  /** The lines that ended in this chunk. */
  add(chunk: Buffer): SearchLine[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const found: SearchLine[] = [];
    let start = 0;
    for (;;) {
      const pathEnd = bytes.indexOf(0, start);
      const end = pathEnd < 0 ? -1 : bytes.indexOf(LINE_FEED, pathEnd);
      if (end < 0) break;
      found.push(parseLine(bytes, start, pathEnd, end));
      start = end + 1;
    }
    this.rest = Buffer.from(bytes.subarray(start));
    return found;
  }
}

function parseLine(bytes: Buffer, start: number, pathEnd: number, end: number): SearchLine {
  let digitsEnd = pathEnd + 1;
  while (digitsEnd < end && isDigit(bytes[digitsEnd] as number)) digitsEnd += 1;
  return {
    path: withoutRemark(bytes.subarray(start, pathEnd)).subarray(2),
    line: Number(bytes.toString('latin1', pathEnd + 1, digitsEnd)),
    text: Buffer.from(bytes.subarray(digitsEnd + 1, end)),
    matched: bytes[digitsEnd] === MATCH,
  };
}

/** ripgrep puts a remark about binary files on a line of its own between results, where the next path is expected. */
function withoutRemark(path: Buffer): Buffer {
  const text = path.toString('latin1');
  const remark = /^[^\0]*?: (?:WARNING: stopped searching binary file|binary file matches) [^\n]*\n/.exec(
    text,
  );
  return Buffer.from(remark ? path.subarray(remark[0].length) : path);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
