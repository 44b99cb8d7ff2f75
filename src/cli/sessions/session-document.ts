import { compactionSentence } from '../../core/compaction.js';
import type { Message } from '../../core/message.js';
import type { LogEntry, SessionSummary } from '../../core/store.js';
import { workflowLine } from '../../workflow/workflow-line.js';
import { formatJson } from '../format-json.js';
import { formatTime } from '../format-time.js';
import { summaryObject } from './list-sessions.js';

/** The summary and every entry of the log, as one JSON object. */
export function sessionJson(session: SessionSummary, log: readonly LogEntry[]): string {
  const entries = log.map(({ sequence, timestamp, entry }) => {
    return { sequence, timestamp: new Date(timestamp).toISOString(), ...entry };
  });
  return formatJson({ ...summaryObject(session), log: entries });
}

/** The conversation as a document to read. */
export function sessionMarkdown(session: SessionSummary, log: readonly LogEntry[]): string {
  const { id, title, cwd, createdAt, updatedAt } = session;
  const head = [
    `# ${title.replaceAll(/\s+/g, ' ') || 'Session'}`,
    `- id: ${id}\n- directory: ${cwd}\n- from ${formatTime(createdAt)} to ${formatTime(updatedAt)}`,
  ];
  return `${[...head, ...log.map(section)].filter((text) => text !== '').join('\n\n')}\n`;
}

function section({ entry }: LogEntry): string {
  switch (entry.type) {
    case 'message':
      return messageSection(entry.message);
    case 'note':
      return '';
    case 'rewind':
      return '*The conversation was rewound here; what it was before goes on below.*';
    case 'reset':
      return '*The context was reset here.*';
    case 'compaction':
      return `*${compactionSentence(entry.strategy)}*`;
    case 'lost':
      return `*Entries that could not be read any more: ${entry.entries}*`;
    case 'workflow-start':
    case 'workflow-step':
    case 'workflow-end':
      return `*${workflowLine(entry)}*`;
    case 'failed-turn':
      return `*The turn failed: ${entry.error}*`;
  }
}

function messageSection(message: Message): string {
  const { role, content, toolCalls = [], toolName, isError, partial } = message;
  if (role === 'system') return '';
  if (role === 'tool') return `**${toolName ?? 'Tool'}${isError ? ' failed' : ''}:**\n\n${fenced(content)}`;
  const calls = toolCalls.map((call) => `**${call.name}** \`${JSON.stringify(call.input)}\``);
  const cut = partial ? ['*(cut off)*'] : [];
  const heading = role === 'user' ? '## You' : '## Victor';
  return [heading, content.trim(), ...calls, ...cut].filter((text) => text !== '').join('\n\n');
}

/** A fence is longer than every run of backticks inside. */
function fenced(text: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}
