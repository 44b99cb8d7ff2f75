/**
 * Built-ins that an untrusted project may name. Any other name could be a package in its own node_modules, so a
 * built-in that is missing here is merely ignored until the folder is trusted.
 */
export const builtInNames: Readonly<
  Record<'contributors' | 'compaction' | 'toolSelection', readonly string[]>
> = {
  contributors: ['base', 'project-files', 'mode', 'compliance'],
  compaction: ['recent', 'semantic', 'task-aware', 'prune-tool-output', 'none'],
  toolSelection: ['keyword', 'semantic', 'hybrid'],
};
