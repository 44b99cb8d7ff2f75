import * as z from 'zod';
import type { PromptContributor } from '../core/extension.js';
import { createGitStatusTool } from '../tools/git.js';
import { cleanText } from './clean-text.js';

export const optionsSchema = z.strictObject({
  /** The branch and the changed files too, which costs two git processes a turn. */
  git: z.boolean().default(true),
});

export type EnvironmentOptions = z.input<typeof optionsSchema>;

/** By hand: loading the locale data of `Intl` takes 15 ms, which every start would pay. */
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const GIT_TIMEOUT_MS = 3_000;
const MAX_CHANGES = 20;
const MAX_LINE_CHARACTERS = 200;
/** Sessions whose last answer of git is remembered. */
const MAX_SESSIONS = 100;

/**
 * Says where and when the work happens. Volatile: the date changes over night, the state of the repository with every
 * edit. Git is asked once a turn, as the GitStatus tool does it: nothing that the repository configures is run.
 */
export function createEnvironmentContributor(
  { cwd }: { readonly cwd: string },
  options: EnvironmentOptions = {},
): PromptContributor {
  const { git } = optionsSchema.parse(options);
  const turns = new Map<string, { readonly turnId: unknown; readonly status: Promise<string> }>();

  function statusOf(sessionId: string | undefined, turnId: unknown): Promise<string> {
    const key = sessionId ?? '';
    const known = turns.get(key);
    if (known !== undefined && turnId !== undefined && known.turnId === turnId) return known.status;
    const status = gitStatus(cwd);
    turns.delete(key);
    turns.set(key, { turnId, status });
    if (turns.size > MAX_SESSIONS) turns.delete(turns.keys().next().value as string);
    return status;
  }

  return {
    name: 'environment',
    priority: 20,
    async getContribution({ sessionId, turnId }) {
      const lines = [
        `Date: ${today()}`,
        `Working directory: ${oneLine(cwd)}`,
        `Platform: ${process.platform}`,
        git ? await statusOf(sessionId, turnId) : '',
      ].filter((line) => line !== '');
      return { section: 'environment', text: lines.join('\n'), volatile: true };
    },
  };
}

/** The local day, without the time: that would be a new text for every call. */
function today(): string {
  const now = new Date();
  const part = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}, ${weekdays[now.getDay()]}`;
}

/** Branch and changed files at the beginning of the turn; empty where there is no repository or git does not answer. */
async function gitStatus(cwd: string): Promise<string> {
  const noFiles = { get: () => undefined, set: () => {} };
  const signal = AbortSignal.timeout(GIT_TIMEOUT_MS);
  const context = { cwd, signal, sessionId: '', files: noFiles, outputDirectory: '' };
  try {
    const { content, isError } = await createGitStatusTool().execute({}, context);
    if (isError) return '';
    const [branch = '', ...changes] = content.split('\n').map(oneLine);
    const more = changes.length - MAX_CHANGES;
    const shown = more > 0 ? [...changes.slice(0, MAX_CHANGES), '[More: see GitStatus.]'] : changes;
    return ['Git status at the beginning of this turn:', branch, ...shown].join('\n');
  } catch {
    return '';
  }
}

/** Folders, branches and files have names that anybody may have chosen. */
function oneLine(text: string): string {
  return cleanText(text)
    .text.replace(/[\n\t]/g, ' ')
    .slice(0, MAX_LINE_CHARACTERS);
}
