import { type BackgroundTask, type BackgroundTasks, runningTasks } from '../core/background-tasks.js';
import type { EventBody } from '../core/event.js';

export interface TaskFollowers {
  /** Something that is over before it could be kept. */
  passing(event: EventBody, sessionId: string): void;
  emit(event: EventBody, sessionId: string): Promise<void>;
}

const MOST_CHARACTERS = 60;

/** Tells who watches how many run, and the user of each that has ended. */
export function followBackgroundTasks(tasks: BackgroundTasks, { passing, emit }: TaskFollowers): void {
  tasks.onChange = (task) => {
    const { sessionId } = task;
    passing({ type: 'background-tasks', running: runningTasks(tasks.list(sessionId)) }, sessionId);
    if (task.ended) void emit({ type: 'notice', level: 'info', text: endedText(task) }, sessionId);
  };
}

function endedText({ id, command, ended }: BackgroundTask): string {
  const line = command.replaceAll(/\s+/g, ' ');
  const shown = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
  const remarks = ended?.remarks ? `\n${ended.remarks}` : '';
  return `In the background ${id} has ended (${shown}): ${ended?.how}.${remarks}`;
}
