import { compactionSentence } from '../../core/compaction.js';
import type { Message } from '../../core/message.js';
import type { LogEntry, SessionSummary } from '../../core/store.js';
import { sanitize } from '../../ui/sanitize.js';
import { workflowLine } from '../../workflow/workflow-line.js';
import { formatTime } from '../format-time.js';

/** Nothing is loaded and nothing runs, whatever a message holds and however it got past the escaping. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

const style = `
  :root { color-scheme: light dark; --line: #8886; --user: #2563eb; --tool: #8885; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
  header { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
  dd { margin: 0; overflow-wrap: anywhere; }
  article { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
  article.user { border-color: var(--user); }
  h2 { font-size: 0.9rem; margin: 0; opacity: 0.7; }
  p, pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.25rem 0; }
  pre { font: 13px/1.4 ui-monospace, monospace; background: var(--tool); padding: 0.5rem; }
  .event { text-align: center; opacity: 0.7; }
`;

/** The conversation as one page that needs no other file: text that was escaped, and no script. */
export function sessionPage(session: SessionSummary, log: readonly LogEntry[]): string {
  const title = session.title || 'Session';
  const facts = [
    ['id', session.id],
    ['directory', session.cwd],
    ['from', `${formatTime(session.createdAt)} to ${formatTime(session.updatedAt)}`],
    ...(session.tags.length > 0 ? [['tags', session.tags.join(', ')]] : []),
  ] as const;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value ?? '')}</dd>`).join('')}</dl>
</header>
<main>
${log
  .map(section)
  .filter((part) => part !== '')
  .join('\n')}
</main>
</body>
</html>
`;
}

function section({ entry, timestamp }: LogEntry): string {
  switch (entry.type) {
    case 'message':
      return messageSection(entry.message, timestamp);
    case 'note':
      return '';
    case 'reset':
      return event('The context was reset here.');
    case 'compaction':
      return event(compactionSentence(entry.strategy));
    case 'rewind':
      return event('The conversation was taken back to an earlier message here.');
    case 'lost':
      return event(`Entries that could not be read any more: ${entry.entries}`);
    case 'workflow-start':
    case 'workflow-step':
    case 'workflow-end':
      return event(workflowLine(entry));
    case 'failed-turn':
      return event(`The turn failed: ${entry.error}`);
  }
}

function event(text: string): string {
  return `<p class="event">${escaped(text)}</p>`;
}

function messageSection(message: Message, timestamp: number): string {
  const { role, content, toolCalls = [], toolName, isError, partial } = message;
  if (role === 'system') return '';
  const speaker = {
    user: 'You',
    assistant: 'Victor',
    tool: `${toolName ?? 'Tool'}${isError ? ' failed' : ''}`,
  };
  const body = [
    ...(content.trim() === ''
      ? []
      : [role === 'tool' ? block(content) : `<p>${escaped(content.trim())}</p>`]),
    ...toolCalls.map((call) => block(`${call.name} ${JSON.stringify(call.input, undefined, 2)}`)),
    ...(partial ? [event('(cut off)')] : []),
  ];
  const heading = `<h2>${escaped(speaker[role])} · ${escaped(formatTime(timestamp))}</h2>`;
  return `<article class="${role}">${heading}${body.join('')}</article>`;
}

function block(text: string): string {
  return `<pre>${escaped(text)}</pre>`;
}

/** As text in HTML, also between quotes. A terminal that shows the file is safe from it, too. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return sanitize(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
