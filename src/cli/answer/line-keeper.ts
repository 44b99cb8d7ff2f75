import type { CommandLine } from '../command-line.js';
import type { OutputStream } from '../output-stream.js';

/**
 * The same command line, where both streams share a terminal: what goes to stderr starts on a line of its own, and what
 * was written to either stream appears in the order in which it was written. Streams that are not both terminals are
 * left alone, so that a file or a pipe gets the answer and nothing else.
 */
export function keepLinesApart(cli: CommandLine): CommandLine {
  const { stdout, stderr } = cli;
  if (!stdout.isTerminal || !stderr.isTerminal) return cli;
  let last: OutputStream | undefined;
  /** The answer stands in the middle of a line. */
  let midLine = false;
  /** We ended that line, so the next line end of the answer is there already. */
  let endedForIt = false;

  const turnTo = (stream: OutputStream) => {
    // Its first step, which hands over what is pending, is synchronous; a terminal takes it at once.
    if (last !== undefined && last !== stream) void last.drain();
    last = stream;
  };
  return {
    ...cli,
    stdout: writingBy(stdout, (text) => {
      const rest = endedForIt && text.startsWith('\n') ? text.slice(1) : text;
      if (text !== '') endedForIt = false;
      if (rest === '') return;
      turnTo(stdout);
      midLine = !rest.endsWith('\n');
      stdout.write(rest);
    }),
    stderr: writingBy(stderr, (text) => {
      if (text === '') return;
      if (midLine) {
        turnTo(stdout);
        stdout.write('\n');
        midLine = false;
        endedForIt = true;
      }
      turnTo(stderr);
      stderr.write(text);
    }),
  };
}

function writingBy(stream: OutputStream, write: (text: string) => void): OutputStream {
  // Not a copy: its columns, and whether it is closed, are known only when somebody asks.
  return Object.create(stream, { write: { value: write } }) as OutputStream;
}
