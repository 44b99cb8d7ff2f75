import { printableText } from '../../core/printable-json.js';
import type { AnswerPrinter } from '../answer/answer-printer.js';
import type { OutputStream } from '../output-stream.js';

/** The JSON of a valid answer and nothing else: not what was said on the way to it, and nothing where none came. */
export function schemaPrinter(stdout: OutputStream): AnswerPrinter {
  return {
    end({ json }) {
      if (json?.ok) stdout.write(`${printableText(json.text)}\n`);
    },
  };
}
