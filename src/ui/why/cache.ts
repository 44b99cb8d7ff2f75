import { type CachedRequest, type CacheHistory, cacheHistoryOf } from '../../cache-history.js';
import { info, output } from '../commands/command.js';
import { oneLine, tokenCount } from '../displayable.js';
import { breakAdvice, breakCause } from './cache-words.js';
import { timesOf, type WhyTopic } from './topic.js';

const mostRows = 10;
const barCells = 20;

/** What the provider's cache held of the last requests, and who made it lose what it held. */
export const cacheTopic: WhyTopic = {
  name: 'cache',
  question: 'why the provider could not use again what it had cached of this session',
  summary(decisions, { state }) {
    const lost = timesOf(decisions);
    const { requests } = state.cache;
    const last = requests.at(-1);
    const read = last ? `; the last request read ${tokenCount(last.cacheReadTokens)} tokens from it` : '';
    if (lost === 0) return `Nothing was lost${read}.`;
    const by = oneLine(String(decisions.at(-1)!.inputs.by));
    return `Lost ${lost === 1 ? 'once' : `${lost} times`}, the last time by ${by}${read}.`;
  },
  async explain({ port, state, sessionId }) {
    const seen = state.cache.requests.length > 0;
    const history = seen ? state.cache : await earlier(port.coordinators.analytics, sessionId);
    const { requests } = history;
    if (requests.length === 0) return info('There was no request yet whose tokens the provider counted.');
    const shown = requests.slice(-mostRows);
    const lines = [...rowsOf(shown), '', ...explanation(requests)];
    return output(`Prompt cache, the last ${shown.length} of ${counted(requests.length)}`, lines);
  },
};

type Analytics = Parameters<WhyTopic['explain']>[0]['port']['coordinators']['analytics'];

async function earlier(analytics: Analytics, sessionId: string): Promise<CacheHistory> {
  return cacheHistoryOf((await analytics.getSessionAnalytics(sessionId)).events);
}

/** `#` read from the cache, `+` written to it, `.` neither; each bar as long as its request beside the largest. */
function rowsOf(requests: readonly CachedRequest[]): string[] {
  const largest = Math.max(...requests.map(tokensOf));
  const rows = requests.map((request, index) => {
    const {
      cacheReadTokens: read,
      cacheWriteTokens: written,
      inputTokens: fresh,
      cacheBreak,
      first,
    } = request;
    const cell = (tokens: number) => Math.round((tokens / largest) * barCells);
    const [readEnd, writtenEnd, end] = [cell(read), cell(read + written), cell(tokensOf(request))];
    const bar = `${'█'.repeat(readEnd)}${'▒'.repeat(writtenEnd - readEnd)}${'░'.repeat(end - writtenEnd)}`;
    const mark = cacheBreak ? '  ← lost' : first ? '  first' : '';
    const counts = [read, written, fresh].map((tokens) => tokenCount(tokens).padStart(7)).join(' ');
    return `${String(index - requests.length + 1).padStart(3)}  ${bar.padEnd(barCells)} ${counts}${mark}`;
  });
  const head = `     ${'█ read ▒ written ░ new'.padEnd(barCells)} ${['read', 'written', 'new'].map((one) => one.padStart(7)).join(' ')}`;
  return [head, ...rows];
}

function explanation(requests: readonly CachedRequest[]): string[] {
  const position = requests.findLastIndex(({ cacheBreak }) => cacheBreak);
  const found = requests[position]?.cacheBreak;
  const isTold = requests.some(
    ({ cacheReadTokens, cacheWriteTokens }) => cacheReadTokens + cacheWriteTokens > 0,
  );
  const silent = isTold ? [] : ['The provider tells of no cache: it has none, or does not count it.'];
  if (!found) return [...silent, ...unbroken(requests)];
  const ago = requests.length - 1 - position;
  const { expectedTokens, readTokens, segment } = found;
  const tokens =
    expectedTokens > 0
      ? `: ${tokenCount(expectedTokens)} tokens were in the cache, ${tokenCount(readTokens)} of them were read`
      : '';
  return [
    ...silent,
    `Lost    ${ago === 0 ? 'with the last request' : `${counted(ago)} ago`}${tokens}.`,
    `First   ${segment === '' ? 'nothing in the request changed' : `${oneLine(segment)} is not as it was`}.`,
    `Cause   ${breakCause(found)}`,
    `To do   ${breakAdvice(found, requests)}`,
  ];
}

function unbroken(requests: readonly CachedRequest[]): string[] {
  const { first } = requests.at(-1)!;
  if (first === 'new') return ['This was the first request of the session: there was nothing to read yet.'];
  if (first === 'resumed') {
    return ['This was the first request since the session was resumed: there is none to compare it with.'];
  }
  return ['Nothing was lost: each request began with the one before it.'];
}

function tokensOf({ inputTokens, cacheReadTokens, cacheWriteTokens }: CachedRequest): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens;
}

function counted(requests: number): string {
  return requests === 1 ? '1 request' : `${requests} requests`;
}
