import type { ApprovalStore } from '../core/approval-store.js';

/** Approvals that end with the process, on top of those that are kept somewhere. */
export function createMemoryApprovals(kept?: Pick<ApprovalStore, 'has'>): ApprovalStore {
  const added = new Set<string>();
  return {
    has: (key) => added.has(key) || (kept?.has(key) ?? false),
    add: ({ key }) => void added.add(key),
  };
}
