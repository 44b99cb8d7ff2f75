import type { VictorEvent } from '../../core/event.js';
import { approvalDetails } from '../../ui/approval-details.js';
import { sanitize } from '../../ui/sanitize.js';
import { plainText } from '../../ui/spans.js';
import type { OutputStream } from '../output-stream.js';

/** Prints a turn as it happens: what is said, each call, the question before an edit, and each result whole. */
export function demoPrinter(stdout: OutputStream): (event: VictorEvent) => void {
  const line = (text: string) => stdout.write(`${sanitize(text)}\n`);
  const indented = (text: string, by: string) => line(text.trimEnd().replace(/^/gm, by));
  return (event) => {
    if (event.type === 'message' && event.message.role === 'user') line(`❯ ${event.message.content}\n`);
    if (event.type === 'message' && event.message.role === 'assistant') line(`${event.message.content}\n`);
    if (event.type === 'tool-call') line(`• ${event.call.name} ${event.title}`);
    if (event.type === 'approval-request') {
      line(`  Allow ${event.call.name}? In a chat this asks you; here the demo allows it in its own copy.`);
      indented(approvalDetails(event.call, event.change).map(plainText).join('\n'), '  ');
    }
    if (event.type === 'tool-result') {
      line(`  ${event.result.isError ? '✗' : '✓'} ${event.result.summary ?? ''}`);
      indented(event.result.content, '    ');
      line('');
    }
  };
}
