import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConfigError } from '../core/errors.js';

/** Where Victor keeps what is yours, all absolute. Nothing is created here. */
export interface VictorPaths {
  /** User settings, global instruction files, trusted folders, approvals. */
  readonly configDirectory: string;
  readonly dataDirectory: string;
  readonly databaseFile: string;
  readonly trustFile: string;
  /** What you allowed for all sessions in a folder, in one folder each. */
  readonly approvalsDirectory: string;
  /** Output of tools that was too long to show. */
  readonly outputDirectory: string;
}

/** XDG folders, or everything below VICTOR_HOME when that is set. Throws `ConfigError` when VICTOR_HOME is relative. */
export function victorPaths(environment: NodeJS.ProcessEnv): VictorPaths {
  const victorHome = environment.VICTOR_HOME || undefined;
  if (victorHome !== undefined && !isAbsolute(victorHome)) {
    throw new ConfigError(`VICTOR_HOME is ${JSON.stringify(victorHome)}, which is not an absolute path`, {
      advice: 'Set it to a path that starts with /, or unset it.',
      key: 'VICTOR_HOME',
    });
  }
  const home = homeDirectory(environment);
  const configDirectory =
    victorHome ?? join(absolute(environment.XDG_CONFIG_HOME) ?? join(home, '.config'), 'victor');
  const dataDirectory =
    victorHome ?? join(absolute(environment.XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'victor');
  return {
    configDirectory,
    dataDirectory,
    databaseFile: join(dataDirectory, 'victor.db'),
    trustFile: join(configDirectory, 'trust.json'),
    approvalsDirectory: join(configDirectory, 'approvals'),
    outputDirectory: join(dataDirectory, 'output'),
  };
}

export function homeDirectory(environment: NodeJS.ProcessEnv): string {
  return absolute(environment.HOME) ?? homedir();
}

/** The XDG specification says that a relative path counts as unset. */
function absolute(path: string | undefined): string | undefined {
  return path && isAbsolute(path) ? path : undefined;
}
