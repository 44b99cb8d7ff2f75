import { sanitize } from '../ui/sanitize.js';
import type { Colours } from './colours.js';
import type { OutputStream } from './output-stream.js';

/** What a command may use of its process. Everything that touches the outside comes through here. */
export interface CommandLine {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** For stderr; lists on stdout make their own. */
  readonly colours: Colours;
  /** What the process will end with. */
  exitCode: number;
}

/** One line on stderr that begins with our name, as every line there does that is not progress. */
export function notice({ stderr }: CommandLine, text: string): void {
  stderr.write(`victor: ${sanitize(text.replaceAll(/\s*\n\s*/g, ' '))}\n`);
}
