import * as z from 'zod';
import type { PromptContributor } from '../core/extension.js';
import { createBaseContributor } from './base.js';
import { type CodeStyleOptions, createCodeStyleContributor } from './code-style.js';
import { type ComplianceOptions, createComplianceContributor } from './compliance.js';
import { createEnvironmentContributor, type EnvironmentOptions } from './environment.js';
import { createLanguageContributor, type LanguageOptions } from './language.js';
import { createModeContributor } from './mode.js';
import { createProjectFilesContributor, type ProjectFilesOptions } from './project-files.js';

/** The contributors that come with Victor, by the name a configuration uses. Each checks its own options. */
export function builtInContributors(
  workspace: ProjectFilesOptions,
): Readonly<Record<string, (options: unknown) => PromptContributor>> {
  return {
    base: withoutOptions(createBaseContributor),
    'project-files': withoutOptions(() => createProjectFilesContributor(workspace)),
    mode: withoutOptions(createModeContributor),
    compliance: (options) => createComplianceContributor(options as ComplianceOptions),
    'code-style': (options) => createCodeStyleContributor(options as CodeStyleOptions),
    language: (options) => createLanguageContributor(options as LanguageOptions),
    environment: (options) => createEnvironmentContributor(workspace, options as EnvironmentOptions),
  };
}

function withoutOptions(create: () => PromptContributor): (options: unknown) => PromptContributor {
  return (options) => {
    z.strictObject({}).parse(options ?? {});
    return create();
  };
}
