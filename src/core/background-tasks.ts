/** A command of a session that runs beside it. */
export interface BackgroundTask {
  /** `bg-1`: as the model calls it. */
  readonly id: string;
  /** The one that it belongs to and ends with; of what a subagent started its parent. */
  readonly sessionId: string;
  /** That session, or its subagent. */
  readonly startedBy: string;
  readonly command: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Absent while it runs: when it ended, how in a few words, and what else there is to say about that. */
  readonly ended?: { readonly at: number; readonly how: string; readonly remarks?: string };
}

/** The commands that sessions of this process have started beside themselves. None outlives it. */
export interface BackgroundTasks {
  /** Called when one starts, and when one ends. */
  onChange?: (task: BackgroundTask) => void;
  /** Those of a session, or what a subagent has started; as they started, and of those that have ended the last ones. */
  list(sessionId: string): readonly BackgroundTask[];
  /** Ends one and waits until it has; `undefined` where the session, or that of the subagent, has none of this id. */
  stop(id: string, sessionId: string): Promise<BackgroundTask | undefined>;
  /** Ends all of a session, or of all of them, and waits until they have. */
  stopAll(sessionId?: string): Promise<void>;
}

/** How many of them still run. */
export function runningTasks(tasks: readonly BackgroundTask[] = []): number {
  return tasks.filter(({ ended }) => !ended).length;
}

const MOST_NOTED = 5;
const MOST_CHARACTERS = 80;

/** What the model is told of commands that have ended since it started them; nothing where none has. */
export function endedNote(tasks: readonly BackgroundTask[]): string {
  const ended = tasks.flatMap(({ id, command, ended }) => {
    if (!ended) return [];
    const line = command.replaceAll(/\s+/g, ' ');
    const shown = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
    return [`- ${id} (${shown}): ${ended.how}`];
  });
  if (ended.length === 0) return '';
  return `Commands in the background that have ended:\n${ended.slice(-MOST_NOTED).join('\n')}`;
}
