import type { Decision } from '../../core/decision.js';
import type { EventOf, VictorEvent } from '../../core/event.js';
import { hookSentence } from '../../core/hook-sentence.js';
import { sanitize } from '../../ui/sanitize.js';
import { workflowLine } from '../../workflow/workflow-line.js';
import type { CommandLine } from '../command-line.js';
import { asSentence } from '../report-error.js';

const LONGEST_LINE = 120;

/** What stderr says while a turn runs: each tool call in a line, and why nothing happens when nothing does. */
export function progressPrinter(
  { stderr, colours }: CommandLine,
  options: { quiet: boolean; debug: boolean },
): (event: VictorEvent) => void {
  const startedAt = performance.now();
  const line = (text: string) =>
    stderr.write(`${colours.dim(sanitize(text.replaceAll(/\s*\n\s*/g, ' ')))}\n`);

  const decisions = new Map<string, Decision>();

  return (event) => {
    if (event.type === 'tool-decision') decisions.set(event.call.id, event.decision);
    if (options.debug) line(`+${Math.round(performance.now() - startedAt)}ms ${event.type}${detail(event)}`);
    const text = describe(event, options.quiet, decisions);
    if (text !== undefined) line(text);
  };
}

function describe(
  event: VictorEvent,
  quiet: boolean,
  decisions: ReadonlyMap<string, Decision>,
): string | undefined {
  switch (event.type) {
    case 'tool-call':
      return quiet ? undefined : clip(`• ${event.call.name} ${event.title}`);
    case 'tool-result':
      if (quiet || !event.result.isError) return undefined;
      if (event.denied) return `  refused: ${refusal(event, decisions.get(event.call.id))}`;
      return `  failed: ${event.result.summary ?? firstLine(event.result.content)}`;
    case 'workflow-start':
    case 'workflow-step':
    case 'workflow-end':
      return quiet ? undefined : clip(workflowLine(event));
    case 'compaction':
      return quiet
        ? undefined
        : `• compacted the context: ${event.before.messages} to ${event.after.messages} messages`;
    case 'request-retry':
      return `victor: ${asSentence(event.error.message)} Asking again in ${Math.ceil(event.waitMs / 1000)} s.`;
    case 'provider-fallback':
      return `victor: ${asSentence(event.error.message)} ${event.to} is asked instead of ${event.from}.`;
    case 'hook': {
      const text = quiet && event.outcome !== 'failed' ? undefined : hookSentence(event);
      return text === undefined ? undefined : `victor: ${text}`;
    }
    case 'notice':
      return `victor: ${event.text}`;
    default:
      return undefined;
  }
}

/** Why it did not run. The text of the result speaks to the model, so it serves only where nothing else is known. */
function refusal({ result }: EventOf<'tool-result'>, decision: Decision | undefined): string {
  if (decision === undefined) return firstLine(result.content);
  return decision.verdict === 'ask' ? `${decision.reason} Nobody can be asked here.` : decision.reason;
}

function detail(event: VictorEvent): string {
  if (event.type === 'request-start') return ` ${event.provider}/${event.model} ${event.messages} messages`;
  if (event.type === 'request-end') return ` ${event.stopReason} ${event.durationMs}ms`;
  if (event.type === 'tool-result') return ` ${event.call.name} ${event.durationMs}ms`;
  if (event.type === 'tool-decision') return ` ${event.call.name} ${event.decision.verdict}`;
  return '';
}

/** A line of progress is read at a glance; the whole call is in the JSON output and in the session. */
function clip(text: string): string {
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text;
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}
