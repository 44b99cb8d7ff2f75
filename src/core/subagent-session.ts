import { newId } from './id.js';

/** What no id that a user gives on the command line can hold. */
const mark = '~agent-';
const child = /^(.*)~agent-[0-9a-f]{12}$/s;

/** A new id for what a subagent of this session says: a session of its own, which the id links to its parent. */
export function subagentSessionId(parentId: string): string {
  return `${parentId}${mark}${newId().replaceAll('-', '').slice(-12)}`;
}

/** The session whose subagent this one is; its own id for any other. */
export function parentSessionId(sessionId: string): string {
  return child.exec(sessionId)?.[1] ?? sessionId;
}

export function isSubagentSession(sessionId: string): boolean {
  return child.test(sessionId);
}

/** How the ids of all subagents of a session begin. */
export function subagentIdPrefix(parentId: string): string {
  return parentId + mark;
}
