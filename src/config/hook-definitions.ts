import { dirname } from 'node:path';
import { type HookName, type HookOrigin, hookNames } from '../core/hook.js';
import { hookCode, hookFiles } from './hook-code.js';
import { hookTimeoutSeconds } from './hook-settings.js';
import type { LoadedConfig } from './load.js';

/** One hook as the settings define it. */
export interface HookDefinition {
  readonly hook: HookName;
  readonly origin: HookOrigin;
  /** The file that names it, absolute. */
  readonly file: string;
  readonly matcher?: string;
  readonly command: string;
  readonly timeoutMs: number;
  /** The folder that a project's hook runs in, absolute; the user's own run where Victor works. */
  readonly folder?: string;
  /** The files of the workspace that a project's hook runs, as far as they can be told; real paths. */
  readonly runs: readonly string[];
  /** Whether the files that it runs are those that the user confirmed, now. Always so for the user's own. */
  isStillConfirmed(): boolean;
}

/** The hooks that may run here: what a project names and nobody confirmed is not among them. */
export function hookDefinitions({ layers }: Pick<LoadedConfig, 'layers'>): readonly HookDefinition[] {
  return layers.flatMap(({ name, file, settings }) => {
    if ((name !== 'user' && name !== 'project') || file === undefined) return [];
    const folder = name === 'project' ? dirname(file) : undefined;
    return hookNames.flatMap((hook) =>
      (settings.hooks?.[hook] ?? []).flatMap(({ matcher, hooks }) =>
        hooks.map(({ command, timeout = hookTimeoutSeconds }) => ({
          ...{ hook, origin: name, file, command, timeoutMs: timeout * 1_000 },
          ...(matcher === undefined ? {} : { matcher }),
          ...(folder === undefined ? {} : { folder }),
          runs: folder === undefined ? [] : hookFiles(command, folder),
          isStillConfirmed: folder === undefined ? () => true : sameCode(command, folder),
        })),
      ),
    );
  });
}

/** What is too large to tell has no pin: it is here only where all that is in the folder was trusted for once. */
function sameCode(command: string, folder: string): () => boolean {
  const now = () => hookCode(command, folder)?.join();
  const confirmed = now();
  return () => confirmed === undefined || now() === confirmed;
}
