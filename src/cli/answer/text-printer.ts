import { createSanitizer } from '../../ui/sanitize.js';
import type { OutputStream } from '../output-stream.js';
import type { AnswerPrinter } from './answer-printer.js';

/**
 * The answer as it comes, in plain characters. What the model says between two rounds of tools stands in
 * a paragraph of its own, and however the text ends, the last line ends once.
 */
export function textPrinter(stdout: OutputStream): AnswerPrinter {
  let sanitizer = createSanitizer();
  let printed = false;
  /** Line ends that are only printed when something follows them. */
  let heldNewlines = '';

  const print = (text: string) => {
    const visible = heldNewlines + sanitizer.push(text);
    const body = visible.replace(/\n+$/, '');
    heldNewlines = visible.slice(body.length);
    if (body === '') return;
    stdout.write(printed ? body : body.replace(/^\n+/, ''));
    printed = true;
  };

  return {
    event(event) {
      if (event.type === 'text-delta') print(event.text);
      // What broke off is gone on with in the same line.
      if (event.type === 'request-end' && event.stopReason !== 'interrupted') {
        sanitizer = createSanitizer();
        heldNewlines = '\n\n';
      }
      // A provider that does not stream still answers.
      if (event.type === 'turn-end' && !printed) print(event.content);
    },
    end() {
      if (printed) stdout.write('\n');
    },
  };
}
