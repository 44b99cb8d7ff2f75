import { constants } from 'node:os';
import { VictorError } from '../core/errors.js';
import type { ToolResult } from '../core/tool.js';

export type FileProblem =
  | 'missing'
  | 'directory'
  | 'special'
  | 'too-large'
  | 'encoding'
  | 'unread'
  | 'changed'
  | 'busy'
  | 'link'
  | 'path'
  | 'patch'
  | 'system';

/** A file cannot be read or written as asked. `errno` is the system's own code where it gave one. */
export class FileError extends VictorError {
  readonly problem: FileProblem;
  readonly errno: string | undefined;

  constructor(
    problem: FileProblem,
    message: string,
    options: { advice?: string; errno?: string | undefined; cause?: unknown } = {},
  ) {
    super(`file-${problem}`, message, options);
    this.problem = problem;
    this.errno = options.errno;
  }
}

/** What the system's codes mean, in words that help; every other code is named as it is. */
const meanings: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  EACCES: ['permission denied', 'Ask the user to change the permissions, or choose another file.'],
  EPERM: ['operation not permitted', 'Ask the user; the file may be immutable or belong to somebody else.'],
  ENOSPC: ['no space left on the device', 'Free some space, then try again; the old content is intact.'],
  EDQUOT: ['disk quota exceeded', 'Free some space, then try again; the old content is intact.'],
  EROFS: ['read-only file system', 'Choose a place that can be written.'],
  EIO: ['input/output error', 'The disk may be failing; tell the user.'],
  ELOOP: ['the symbolic links form a loop', 'Use a path without these links.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  ENOTDIR: ['a part of the path is not a directory', 'Check the path with List.'],
  EISDIR: ['it is a directory', 'Use List to see what is in it.'],
  EMFILE: ['too many open files', 'Try again in a moment.'],
  ENFILE: ['too many open files', 'Try again in a moment.'],
  EAGAIN: ['it has no data to give now', 'It is not an ordinary file; choose another one.'],
};

/** The system's code of an error, such as `ENOENT`; `undefined` when it is no system error. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof FileError) return error.errno;
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return code;
  if (typeof errno !== 'number' || errno >= 0) return undefined;
  // Node has no name for some codes, EDQUOT among them; the system has.
  const known = Object.entries(constants.errno).find(([, value]) => value === -errno);
  return known?.[0] ?? `errno ${-errno}`;
}

/** A system error on `path` as a typed one; what is typed already stays as it is. */
export function fileError(error: unknown, doing: string, path: string): VictorError {
  if (error instanceof VictorError) return error;
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  const known = meanings[errno];
  const meaning = known ? `${known[0]} (${errno})` : errno;
  return new FileError('system', `Cannot ${doing} ${path}: ${meaning}.`, {
    errno,
    cause: error,
    ...(known ? { advice: known[1] } : {}),
  });
}

/** A typed error as a result that the model can act on. Anything else is a bug and is thrown on. */
export function failedResult(error: unknown): ToolResult {
  if (!(error instanceof VictorError)) throw error;
  const content = error.advice ? `${error.message}\n${error.advice}` : error.message;
  return { content, isError: true, summary: firstLine(error.message) };
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}
