import { ConfigError } from '../core/errors.js';
import { type CreateOrchestratorOptions, createOrchestrator } from '../create-orchestrator.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import type { CommandLine } from './command-line.js';
import { findSession } from './find-session.js';
import { settingsFromFlags, type TurnFlags } from './flags.js';
import { checkModelFlag } from './model-flag.js';
import { workDirectory } from './work-directory.js';

export interface OpenTurn {
  readonly orchestrator: AgentOrchestrator;
  readonly sessionId: string;
  readonly cwd: string;
}

/** Reads the configuration, opens the store and finds the session the flags mean. Throws ConfigError before anything ran. */
export async function openTurn(
  flags: TurnFlags,
  cli: CommandLine,
  live: Pick<CreateOrchestratorOptions, 'onApproval' | 'watch' | 'config'> = {},
): Promise<OpenTurn> {
  checkSessionFlags(flags);
  const cwd = workDirectory(flags.cwd);
  const orchestrator = await createOrchestrator({
    cwd,
    environment: cli.environment,
    flags: settingsFromFlags(flags, cwd),
    persist: flags.session,
    ...(flags.trust ? { trust: true } : {}),
    ...(flags.sessionId === undefined ? {} : { sessionId: flags.sessionId }),
    ...(flags.allowedTools === undefined ? {} : { allowedTools: [...flags.allowedTools] }),
    ...(flags.disallowedTools === undefined ? {} : { disallowedTools: [...flags.disallowedTools] }),
    ...live,
  });
  try {
    checkToolNames(flags, orchestrator);
    const sessionId = await sessionOf(flags, orchestrator, cwd);
    const current = orchestrator.coordinators.provider.current(sessionId);
    if (flags.model !== undefined) checkModelFlag(flags.model, current, orchestrator.settings.baseURL);
    return { orchestrator, cwd, sessionId };
  } catch (error) {
    await orchestrator.close();
    throw error;
  }
}

async function sessionOf(
  flags: TurnFlags,
  { store, sessionId }: AgentOrchestrator,
  cwd: string,
): Promise<string> {
  if (typeof flags.resume === 'string') return (await findSession(store.sessions, flags.resume)).id;
  if (!flags.continue && !flags.resume) return sessionId;
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
  { coordinators }: AgentOrchestrator,
) {
  const names = coordinators.tool.list().map((tool) => tool.name);
  for (const rule of [...allowedTools, ...disallowedTools]) {
    const name = rule.replace(/\(.*$/s, '');
    if (names.includes(name)) continue;
    const meant = names.find((one) => one.toLowerCase() === name.toLowerCase());
    throw new ConfigError(`there is no tool named ${name}`, {
      advice: meant ? `Did you mean ${meant}?` : `The tools are ${names.join(', ')}.`,
    });
  }
}
