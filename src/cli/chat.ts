import { ConfigError } from '../core/errors.js';
import type { AgentOrchestrator } from '../orchestrator.js';
import { detectLocalServers } from '../providers/local-servers.js';
import { loadWithTrust } from './ask-for-trust.js';
import type { CommandLine } from './command-line.js';
import { signalExitCode } from './exit-code.js';
import { settingsFromFlags, type TurnFlags } from './flags.js';
import { type OpenTurn, openTurn } from './open-turn.js';
import { sandboxStatus } from './sandbox-status.js';
import { workDirectory } from './work-directory.js';

/** Opens the terminal screen on a new session or a stored one, and answers the exit code. */
export async function chat(prompt: string | undefined, flags: TurnFlags, cli: CommandLine): Promise<number> {
  requireTerminal(prompt);
  const ui = await import('../ui/index.js');
  const cwd = workDirectory(flags.cwd);
  const start = await loadWithTrust({
    cwd,
    environment: cli.environment,
    flags: settingsFromFlags(flags, cwd),
    ...(flags.trust ? { trust: true } : {}),
  });
  if (!start.config) return start.left.signal ? signalExitCode(start.left.signal as 'SIGTERM') : 0;
  const approvals = ui.createApprovalQueue();
  const turn = await openTurn(flags, cli, {
    onApproval: (request) => approvals.request(request),
    watch: true,
    config: start.config,
  });
  const { orchestrator, sessionId } = turn;
  const resumes = Boolean(flags.continue || flags.resume || flags.sessionId);
  try {
    const result = await ui.runRepl({
      orchestrator,
      ...(resumes ? { sessionId } : {}),
      ...(prompt === undefined ? {} : { initialPrompt: prompt }),
      approvals,
      version: process.env.VICTOR_VERSION ?? 'unbuilt',
      notices: orchestrator.notices,
      history: await recentPrompts(turn),
      detectLocalServers: () => detectLocalServers(new AbortController().signal),
      sandbox: () => sandboxStatus(orchestrator.settings, cwd, cli.environment),
      cwd,
      environment: cli.environment,
    });
    if (flags.session) await tellHowToResume(orchestrator, result.sessionId, cwd, cli);
    return result.signal === undefined ? 0 : signalExitCode(result.signal as 'SIGTERM');
  } finally {
    await orchestrator.close();
  }
}

function requireTerminal(prompt: string | undefined): void {
  const { stdin, stdout } = process;
  if (stdin.isTTY && stdout.isTTY) return;
  throw new ConfigError(`a chat needs a terminal, and standard ${stdin.isTTY ? 'output' : 'input'} is none`, {
    advice: `In pipes and scripts run victor ask ${prompt === undefined ? '"…"' : 'with this prompt'}.`,
  });
}

const recentSessions = 3;
const longestPrompt = 2_000;

/** What was typed in this directory lately, oldest first, for the Up key; not what was piped in. */
async function recentPrompts({ orchestrator, cwd }: OpenTurn): Promise<string[]> {
  const { sessions } = orchestrator.store;
  const recent = await sessions.listSessions({ cwd, limit: recentSessions });
  const logs = await Promise.all([...recent].reverse().map((session) => sessions.readLog(session.id)));
  return logs.flat().flatMap(({ entry }) => {
    if (entry.type !== 'message' || entry.message.role !== 'user') return [];
    const { content } = entry.message;
    return content.length <= longestPrompt && !content.includes('<stdin>') ? [content] : [];
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
