import { setUserSetting } from '../config/edit.js';
import { victorPaths } from '../config/paths.js';
import { ConfigError, VictorError } from '../core/errors.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import { detectLocalServers } from '../providers/local-servers.js';
import { loadWithTrust } from './ask-for-trust.js';
import { createChatHost } from './chat-host/index.js';
import type { CommandLine } from './command-line.js';
import { signalExitCode } from './exit-code.js';
import { keepFault } from './fault-log.js';
import { settingsFromFlags, type TurnFlags } from './flags.js';
import { killedNotice } from './killed-notice.js';
import { takeOrFork } from './offer-fork.js';
import { openTurn } from './open-turn.js';
import { promptCommandsHere } from './prompt-commands.js';
import { recentPrompts } from './recent-prompts.js';
import { sandboxStatus } from './sandbox-status.js';
import { writeSession } from './sessions/write-session.js';
import { statusCommandOf } from './status-line/index.js';
import { concludeTraffic, openTraffic } from './traffic.js';
import { workDirectory } from './work-directory.js';

/** How long the first message of a chat waits for MCP servers, which are started with the first paint. */
const CHAT_WAIT_MS = 1_000;

/** Opens the terminal screen on a new session or a stored one, and answers the exit code. */
export async function chat(prompt: string | undefined, flags: TurnFlags, cli: CommandLine): Promise<number> {
  requireTerminal(prompt);
  const ui = await import('../ui/index.js');
  const cwd = workDirectory(flags.cwd);
  const traffic = openTraffic(flags, cwd, cli);
  const start = await loadWithTrust({
    cwd,
    environment: cli.environment,
    flags: { ...traffic?.settings, ...settingsFromFlags(flags, cwd) },
    ...(flags.trust ? { trust: true } : {}),
  });
  if (!start.config) return start.left.signal ? signalExitCode(start.left.signal as 'SIGTERM') : 0;
  const approvals = ui.createApprovalQueue();
  const live = {
    onApproval: approvals.request,
    watch: true,
    // Whoever sits before a screen does not wait for a server.
    serverWaitMs: Math.min(start.config.settings.mcpWaitMs, CHAT_WAIT_MS),
    config: start.config,
    ...(traffic ? { traffic } : {}),
  };
  const paths = victorPaths(cli.environment);
  const killed = flags.session ? killedNotice(paths.databaseFile) : [];
  const turn = await openTurn(flags, cli, live, { chooses: true });
  const { orchestrator } = turn;
  // Whatever ends the chat may have no screen left to be looked at.
  const onFatal = (error: unknown) => {
    const file = keepFault(error, paths);
    if (file) cli.stderr.write(`victor: where the fault comes from is in ${file}\n`);
  };
  process.on('uncaughtExceptionMonitor', onFatal);
  let exitCode: number;
  const picks = flags.resume === true;
  const resumes = Boolean(flags.continue || (flags.resume && !picks) || flags.sessionId);
  try {
    const sessionId = await takeOrFork(orchestrator, turn.sessionId);
    const result = await ui.runRepl({
      orchestrator,
      ...(resumes ? { sessionId } : {}),
      pickSession: picks,
      exportSession: (id, how) => writeSession(orchestrator.store, { id, ...how }, cwd),
      saveSetting: async (key, value) => (await setUserSetting({ key, value, paths })).file,
      promptCommands: () => promptCommandsHere(orchestrator, cwd),
      host: createChatHost({ orchestrator, cwd, cli, stored: flags.session }),
      ...(prompt === undefined ? {} : { initialPrompt: prompt }),
      approvals,
      version: process.env.VICTOR_VERSION ?? 'unbuilt',
      notices: [...orchestrator.notices, ...killed],
      ...(await recentPrompts(orchestrator.store.sessions, turn.cwd)),
      detectLocalServers: () => detectLocalServers(new AbortController().signal),
      sandbox: () => sandboxStatus(orchestrator.settings, cwd, cli.environment),
      trusted: start.config.trusted,
      notifications: () => orchestrator.settings,
      onFault: (error) => void keepFault(error, paths),
      statusCommand: statusCommandOf(orchestrator, cwd, cli.environment),
      cwd,
      environment: cli.environment,
    });
    if (flags.session) await tellHowToResume(orchestrator, result.sessionId, cwd, cli);
    exitCode = result.signal === undefined ? 0 : signalExitCode(result.signal as 'SIGTERM');
  } catch (error) {
    if (!(error instanceof VictorError)) onFatal(error);
    throw error;
  } finally {
    process.off('uncaughtExceptionMonitor', onFatal);
    await orchestrator.close();
  }
  return concludeTraffic(traffic, exitCode, flags, cli);
}

function requireTerminal(prompt: string | undefined): void {
  const { stdin, stdout } = process;
  if (stdin.isTTY && stdout.isTTY) return;
  throw new ConfigError(`a chat needs a terminal, and standard ${stdin.isTTY ? 'output' : 'input'} is none`, {
    advice: `In pipes and scripts run victor ask ${prompt === undefined ? '"…"' : 'with this prompt'}.`,
  });
}

/** A session in which nothing was said is not worth a line. */
async function tellHowToResume(
  { store }: AgentOrchestrator,
  sessionId: string,
  cwd: string,
  { stdout }: CommandLine,
): Promise<void> {
  const session = await store.sessions.getSession(sessionId);
  if (!session || session.messages === 0) return;
  const elsewhere = cwd === process.cwd() ? '' : ` --cwd ${quoted(cwd)}`;
  stdout.write(`Resume this session with: victor --resume ${quoted(sessionId)}${elsewhere}\n`);
}

/** As a POSIX shell takes it. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
