import { typedText } from '../core/message.js';
import type { SessionStore } from '../core/store.js';
import { asMessage } from '../ui/own-command.js';

export interface RecentPrompts {
  /** What was typed in this folder lately, oldest first. */
  readonly history: readonly string[];
  /** What was typed here before that, oldest first. */
  readonly earlierPrompts: () => Promise<readonly string[]>;
}

/** The first picture waits for these. */
const recentSessions = 3;
const earlierSessions = 30;
/** Of a long session its end will do. */
const recentMessages = 300;
const longestPrompt = 2_000;

/** The user's own messages in the sessions of a folder, without what was piped in. */
export async function recentPrompts(
  sessions: Pick<SessionStore, 'listSessions' | 'readTail'>,
  cwd: string,
): Promise<RecentPrompts> {
  const recent = await sessions.listSessions({ cwd, limit: recentSessions });
  const oldest = recent.at(-1);

  async function prompts(id: string): Promise<string[]> {
    const tail = await sessions.readTail(id, recentMessages);
    return tail.flatMap((message) => {
      const content = typedText(message);
      if (message.role !== 'user' || message.summary || !isTyped(content)) return [];
      // Only what ran as a command is one again.
      return [message.command ? content : asMessage(content)];
    });
  }

  return {
    history: (await Promise.all(recent.map(({ id }) => prompts(id)))).reverse().flat(),
    async earlierPrompts() {
      if (!oldest) return [];
      const listed = await sessions.listSessions({
        cwd,
        before: oldest.updatedAt + 1,
        limit: recentSessions + earlierSessions,
      });
      const known = new Set(recent.map(({ id }) => id));
      const earlier: string[][] = [];
      for (const { id } of listed) {
        if (!known.has(id)) earlier.unshift(await prompts(id));
        // Keys come first: a session may take some milliseconds.
        await new Promise(setImmediate);
      }
      return earlier.flat();
    },
  };
}

function isTyped(content: string): boolean {
  return content.length <= longestPrompt && !/<(?:stdin|answer-schema)>/.test(content);
}
