import * as z from 'zod';
import { parentSessionId } from '../../core/subagent-session.js';
import type { Tool, ToolResult } from '../../core/tool.js';
import type { TaskList } from './task-list.js';

const MAX_WAIT_MS = 60_000;

export interface TaskOutputInput {
  readonly task: string;
  readonly waitMs?: number | undefined;
}

/** Reads what a command in the background has put out since the last time. */
export function createTaskOutputTool(tasks: TaskList): Tool<TaskOutputInput> {
  return {
    name: 'TaskOutput',
    description:
      'Read the new output of a command in the background; waits for some, or for its end, with waitMs.',
    kind: 'read',
    core: true,
    keywords: ['background', 'output', 'log', 'server', 'watch', 'running', 'task'],
    schema: z.strictObject({
      task: z.string().describe('such as bg-1'),
      waitMs: z.number().optional().describe(`default 0, at most ${MAX_WAIT_MS}`),
    }),
    paths: () => [],
    describe: ({ task }) => task,
    async execute({ task, waitMs = 0 }, { sessionId, signal }) {
      const wait = Math.min(Math.max(0, waitMs), MAX_WAIT_MS);
      const read = await tasks.read(task, sessionId, { waitMs: wait, signal });
      if (!read) return unknown(task, tasks, sessionId);
      const { ended, startedAt } = read.task;
      const state = ended?.how ?? 'running';
      const time = `${(((ended?.at ?? Date.now()) - startedAt) / 1000).toFixed(1)} s`;
      const text = read.output.trimEnd() || '(nothing new)';
      const remarks = ended && read.remarks !== '' ? [read.remarks] : [];
      return {
        content: [
          ended ? `${task}: ${state}, after ${time}.` : `${task} is running, for ${time}.`,
          ...remarks,
          text,
        ].join('\n'),
        outcome: [state, ...remarks, text].join('\n'),
        summary: state.toLowerCase(),
      };
    },
  };
}

export interface TaskStopInput {
  readonly task: string;
}

/** Ends a command in the background. Of kind `read`, because it changes nothing but what the session has started itself. */
export function createTaskStopTool(tasks: TaskList): Tool<TaskStopInput> {
  return {
    name: 'TaskStop',
    description: 'End a command in the background.',
    kind: 'read',
    core: true,
    keywords: ['background', 'stop', 'kill', 'end', 'server', 'task'],
    schema: z.strictObject({ task: z.string() }),
    paths: () => [],
    describe: ({ task }) => task,
    async execute({ task }, { sessionId }) {
      const stopped = await tasks.stop(task, sessionId);
      if (!stopped) return unknown(task, tasks, sessionId);
      const how = stopped.ended?.how;
      if (how === undefined)
        return {
          content: `${task} does not end, though it was killed.`,
          isError: true,
          summary: 'still running',
        };
      return { content: `${task} has ended: ${how}.`, summary: how.toLowerCase() };
    },
  };
}

function unknown(task: string, tasks: TaskList, sessionId: string): ToolResult {
  const ids = tasks.list(parentSessionId(sessionId)).map(({ id }) => id);
  const known = ids.length === 0 ? 'There is none.' : `There are: ${ids.join(', ')}.`;
  return {
    content: `There is no command ${task} in the background. ${known} They end with the session and with Victor.`,
    isError: true,
    summary: 'not there',
  };
}
