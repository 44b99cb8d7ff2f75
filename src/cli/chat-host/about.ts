import { findWorkspaceRoot, realDirectory } from '../../config/workspace-root.js';
import type { About } from '../../ui/index.js';
import { sandboxStatus } from '../sandbox-status.js';
import type { ChatHostOptions } from './index.js';

export async function about({ orchestrator, cwd, cli, stored }: ChatHostOptions): Promise<About> {
  const { configuration, settings } = orchestrator;
  const files = (configuration?.layers ?? []).flatMap(({ file }) => file ?? []).reverse();
  return {
    version: process.env.VICTOR_VERSION ?? 'unbuilt',
    folder: cwd,
    workspaceRoot: configuration?.workspaceRoot ?? findWorkspaceRoot(realDirectory(cwd)),
    trusted: configuration?.trusted ?? false,
    sandbox: await sandboxStatus(settings, cwd, cli.environment),
    settingsFiles: [...new Set(files)],
    ...(stored && configuration ? { databaseFile: configuration.paths.databaseFile } : {}),
  };
}
