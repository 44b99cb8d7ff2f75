import { resolve, sep } from 'node:path';
import type { ApprovalRequest } from '../../coordinators/permission.js';
import type { Approval } from '../../core/decision.js';
import type { ApprovalQueue } from '../../ui/index.js';
import type { DemoCourse } from './demo-script.js';

/**
 * The demo's own answer, for when nobody gives one: it allows an edit inside its copy, and nothing else. It is noted in
 * the course, so that nobody mistakes it for the user's.
 */
export function demoApproval(request: ApprovalRequest, directory: string, course: DemoCourse): Approval {
  const { name, input } = request.call;
  const path = typeof input.path === 'string' ? resolve(directory, input.path) : '';
  const allowed = name === 'Edit' && path.startsWith(directory + sep);
  course.allowedByDemo ||= allowed;
  return { allowed, scope: 'once' };
}

/** How long a question of the demo waits for a user who does nothing. */
export const patienceMs = 15_000;

/** Asks the user, and answers instead where nobody presses a key: whoever reads, or writes an answer, is not hurried. */
export async function askPatiently(
  request: ApprovalRequest,
  approvals: Pick<ApprovalQueue, 'request' | 'answer'>,
  answer: () => Approval,
): Promise<Approval> {
  const { decision } = request;
  const seconds = patienceMs / 1_000;
  const reason = `${decision.reason} Without a key for ${seconds} s the demo allows it in its own copy.`;
  const asked = { ...request, decision: { ...decision, reason }, onKey: () => clearTimeout(timer) };
  const timer = setTimeout(() => approvals.answer(asked, answer()), patienceMs);
  return approvals.request(asked).finally(() => clearTimeout(timer));
}
