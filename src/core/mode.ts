export const modes = ['ask', 'accept-edits', 'plan', 'read-only', 'yolo'] as const;

export type Mode = (typeof modes)[number];
