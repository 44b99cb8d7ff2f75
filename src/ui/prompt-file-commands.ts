import { errorData } from '../core/errors.js';
import type { PromptCommands } from '../core/prompt-command.js';
import type { BlockBody } from '../state.js';
import type { Command } from './commands/command.js';
import { fileCommands } from './commands/prompt-files.js';

export interface PromptFileCommands {
  readonly commands: readonly Command[];
  /** Takes the files as they are now. Never rejects. */
  refresh(): Promise<void>;
}

/** How long what is listed may be older than its files. */
const STALE_MS = 2_000;

/** The commands that files bring: the user is told once of each that cannot be used, and of none that `before` names. */
export function createPromptFileCommands(
  open: (() => Promise<PromptCommands | undefined>) | undefined,
  show: (blocks: readonly BlockBody[]) => void,
  before: readonly string[],
): PromptFileCommands {
  let files: PromptCommands | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const told = new Set(before);

  async function refresh(): Promise<void> {
    if (!open) return;
    lookedAt = performance.now();
    try {
      files ??= await open();
      await files?.refresh();
      const news = (files?.problems() ?? []).filter((text) => !told.has(text));
      for (const text of news) told.add(text);
      if (news.length > 0) show(news.map((text) => ({ kind: 'notice', level: 'warning', text })));
    } catch (error) {
      show([{ kind: 'error', error: errorData(error) }]);
    }
  }

  return {
    get commands() {
      // Whoever goes on typing sees what has been added meanwhile.
      if (files && performance.now() - lookedAt > STALE_MS) void refresh();
      return files ? fileCommands(files) : [];
    },
    refresh,
  };
}
