/** The tool that edits and writes several files at once: what is said of Edit or Write as a whole is meant of it, too. */
export const PATCH_TOOL = 'apply_patch';
