import { ConfigError } from '../core/errors.js';
import type { SessionStore } from '../core/store.js';
import { type CreateOrchestratorOptions, createOrchestrator } from '../create-orchestrator.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import type { Traffic } from '../recording/traffic.js';
import { type CommandLine, notice } from './command-line.js';
import { findSession } from './find-session.js';
import { settingsFromFlags, type TurnFlags } from './flags.js';
import { checkModelFlag } from './model-flag.js';
import { openTraffic } from './traffic.js';
import { workDirectory } from './work-directory.js';

export interface OpenTurn {
  readonly orchestrator: AgentOrchestrator;
  readonly sessionId: string;
  readonly cwd: string;
  readonly traffic: Traffic | undefined;
}

/** Finds the session that a `--resume` without an id means. Throws a ConfigError where there is none. */
export type FindResumed = (sessions: SessionStore, cwd: string) => Promise<string>;

/** Reads the configuration, opens the store and finds the session the flags mean. Throws ConfigError before anything ran. */
export async function openTurn(
  flags: TurnFlags,
  cli: CommandLine,
  live: Pick<
    CreateOrchestratorOptions,
    'onApproval' | 'watch' | 'config' | 'traffic' | 'flags' | 'serverWaitMs'
  > = {},
  {
    chooses = false,
    findResumed,
  }: {
    /** Somebody can choose what a `--resume` without an id means. */
    readonly chooses?: boolean;
    /** What it means, where that is not the latest session. */
    readonly findResumed?: FindResumed | undefined;
  } = {},
): Promise<OpenTurn> {
  checkSessionFlags(flags);
  const cwd = workDirectory(flags.cwd);
  const traffic = live.traffic ?? openTraffic(flags, cwd, cli);
  const orchestrator = await createOrchestrator({
    cwd,
    environment: cli.environment,
    persist: flags.session,
    onNotice: (text) => notice(cli, text),
    ...(flags.trust ? { trust: true } : {}),
    ...(flags.sessionId === undefined ? {} : { sessionId: flags.sessionId }),
    ...(flags.allowedTools === undefined ? {} : { allowedTools: [...flags.allowedTools] }),
    ...(flags.disallowedTools === undefined ? {} : { disallowedTools: [...flags.disallowedTools] }),
    ...live,
    flags: { ...settingsFromFlags(flags, cwd), ...live.flags },
    ...(traffic ? { traffic } : {}),
  });
  try {
    checkToolNames(flags, orchestrator);
    const sessionId = await sessionOf(flags, orchestrator, cwd, chooses, findResumed);
    const current = orchestrator.coordinators.provider.current(sessionId);
    if (flags.model !== undefined) checkModelFlag(flags.model, current, orchestrator.settings.baseURL);
    return { orchestrator, cwd, sessionId, traffic };
  } catch (error) {
    await orchestrator.close();
    throw error;
  }
}

async function sessionOf(
  flags: TurnFlags,
  { store, sessionId }: AgentOrchestrator,
  cwd: string,
  chooses: boolean,
  findResumed: FindResumed | undefined,
): Promise<string> {
  if (typeof flags.resume === 'string') return (await findSession(store.sessions, flags.resume)).id;
  if (flags.resume && findResumed) return findResumed(store.sessions, cwd);
  if (!flags.continue && (!flags.resume || chooses)) return sessionId;
  const [latest] = await store.sessions.listSessions({ cwd, limit: 1 });
  if (latest) return latest.id;
  throw new ConfigError('there is no session of this directory to continue', {
    advice: 'Leave --continue out to start one; victor sessions list shows those of other directories.',
  });
}

function checkSessionFlags({ continue: latest, resume, sessionId, session }: TurnFlags): void {
  const given = [
    ...(latest ? ['--continue'] : []),
    ...(resume ? ['--resume'] : []),
    ...(sessionId === undefined ? [] : ['--session-id']),
    ...(session ? [] : ['--no-session']),
  ];
  if (given.length > 1) {
    throw new ConfigError(`${given.join(' and ')} contradict each other`, {
      advice: 'Give only one of them.',
    });
  }
  if (sessionId !== undefined && !/^[\w.:@-]{1,128}$/.test(sessionId)) {
    throw new ConfigError('--session-id takes 1 to 128 letters, digits and . : @ _ -', {
      advice: 'Leave it out to get a fresh id.',
    });
  }
}

function checkToolNames(
  { allowedTools = [], disallowedTools = [] }: TurnFlags,
  { coordinators, settings }: AgentOrchestrator,
) {
  const names = coordinators.tool.list().map((tool) => tool.name);
  for (const rule of [...allowedTools, ...disallowedTools]) {
    const name = rule.replace(/\(.*$/s, '');
    if (names.includes(name)) continue;
    // Which tools an MCP server has is known only once it has started.
    const server = /^mcp__(.+?)(?:__|$)/.exec(name)?.[1];
    if (server !== undefined && Object.hasOwn(settings.mcpServers, server)) continue;
    const meant = names.find((one) => one.toLowerCase() === name.toLowerCase());
    throw new ConfigError(`there is no tool named ${name}`, {
      advice: meant ? `Did you mean ${meant}?` : `The tools are ${names.join(', ')}.`,
    });
  }
}
