import type { PromptContributor } from '../core/extension.js';
import { createBaseContributor } from './base.js';
import { createProjectFilesContributor, type ProjectFilesOptions } from './project-files.js';

/** The contributors that come with Victor, by the name a configuration uses. */
export function builtInContributors(
  workspace: ProjectFilesOptions,
): Readonly<Record<string, () => PromptContributor>> {
  return {
    base: () => createBaseContributor(),
    'project-files': () => createProjectFilesContributor(workspace),
  };
}
