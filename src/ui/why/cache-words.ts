import type { CachedRequest } from '../../cache-history.js';
import type { CacheBreak } from '../../core/cache-break.js';
import { oneLine } from '../displayable.js';

type Words = (name: string, times: number) => string;

/** What happened, in a sentence that names who did it. */
const causes: Readonly<Record<CacheBreak['cause'], Words>> = {
  model: (name) => `another model answers (${name}); each has a cache of its own.`,
  'tool-epoch': (name) => `tool selection (${name}) offered more tools, because the request asked for them.`,
  'tool-change': (name) => `the tool ${name} describes itself in other words, has gone, or stands elsewhere.`,
  setting: (name) => `the setting ${name} was changed.`,
  contributor: (name) => `the contributor ${name} said something else than with the request before.`,
  mode: (name) => `the contributor ${name} said something else after the mode had changed.`,
  'contributor-failure': (name) => `the contributor ${name} failed, so the prompt was built without it.`,
  prompt: (name) => `the ${name} coordinator built another system prompt.`,
  compaction: (name) => `the context was compacted (${name}).`,
  reset: (name) => `the context was emptied (${name}).`,
  rewind: (name) => `the conversation went back to an earlier message (${name}).`,
  'failed-turn': () => 'a turn failed, and its messages left the context.',
  message: (name) => `the ${name} coordinator changed or took away a message that was sent before.`,
  idle: (name) =>
    `${name} had passed since the request before; providers keep a prompt for 5 minutes, some for an hour.`,
  provider: (name) => `${name} had it no longer, or another of its machines answered.`,
};

const volatile = 'give its contribution `volatile: true`, so that it goes behind what is cached';

/** What to do about it. */
const advice: Readonly<Record<CacheBreak['cause'], Words>> = {
  model: () => 'nothing; the next request reads again. Switch between tasks rather than within one.',
  'tool-epoch': () =>
    'nothing; it happens at most three times a session. A larger toolSelection.maxTools offers more from the start.',
  'tool-change': (name) => `see that ${name} gives the same description and schema every time.`,
  setting: () => 'nothing; the next request reads again.',
  contributor: (name, times) => {
    if (name === 'project-files') return 'nothing; an instruction file was edited. Edit it between tasks.';
    return times > 1 ? `it did so ${times} times: ${volatile}.` : `if it does so again, ${volatile}.`;
  },
  mode: () => `${volatile}.`,
  'contributor-failure': (name) => `mend ${name}; victor doctor says more.`,
  prompt: () => 'let it have a buildPrompt that gives what changes as `volatile`, and its parts by name.',
  compaction: () => 'nothing; the shorter context is cheaper from the next request on.',
  reset: () => 'nothing; the next request reads what this one wrote.',
  rewind: () => 'nothing; what stands before that message is still used.',
  'failed-turn': () => 'nothing; the next request reads again.',
  message: (name) => `look into the ${name} coordinator: what was sent has to stay as it was.`,
  idle: () => 'nothing; the next request reads what this one wrote.',
  provider: () => 'nothing, if it is rare. Otherwise ask the provider how long it keeps prompts.',
};

export function breakCause({ cause, by }: CacheBreak): string {
  return causes[cause](oneLine(by.name), 1);
}

/** `requests` tell how often the same one did it. */
export function breakAdvice({ cause, by }: CacheBreak, requests: readonly CachedRequest[]): string {
  const times = requests.filter(
    ({ cacheBreak: one }) => one?.cause === cause && one.by.name === by.name,
  ).length;
  return advice[cause](oneLine(by.name), times);
}
