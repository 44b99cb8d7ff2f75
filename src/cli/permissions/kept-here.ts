import { type KeptApproval, KeptApprovals } from '../../config/kept-approvals.js';
import { victorPaths } from '../../config/paths.js';
import { realDirectory } from '../../config/workspace-root.js';
import type { CommandLine } from '../command-line.js';
import { workDirectory } from '../work-directory.js';

export interface FolderFlag {
  readonly cwd?: string;
}

/** What is remembered for the folder that a session started here would work in. */
export function keptHere({ cwd }: FolderFlag, { environment }: CommandLine) {
  const directory = realDirectory(workDirectory(cwd));
  return { directory, kept: new KeptApprovals(directory, victorPaths(environment)) };
}

/** `npm test (while package.json stays as it is)`. */
export function describeApproval({ what, scripts }: KeptApproval): string {
  if (scripts.length === 0) return what;
  return `${what} (while ${scripts.join(', ')} ${scripts.length === 1 ? 'stays as it is' : 'stay as they are'})`;
}
