import { errorLine } from '../report-error.js';

/** One line of `victor doctor`. */
export interface Check {
  readonly name: string;
  /** `info` is worth knowing and nothing to mend. */
  readonly status: 'ok' | 'info' | 'failed';
  readonly detail: string;
}

/** What failed, with what to do about it, as every error is told. */
export function failed(name: string, error: unknown): Check {
  return { name, status: 'failed', detail: errorLine(error).replace(/^victor: /, '') };
}

/** A look that answers what was seen and throws what is wrong. */
export async function look(name: string, see: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, status: 'ok', detail: await see() };
  } catch (error) {
    return failed(name, error);
  }
}
