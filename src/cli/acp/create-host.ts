import type { AcpHost, ToldError } from '../../acp/index.js';
import { contentsOf } from '../../config/folder-contents.js';
import { type LoadedConfig, loadConfig } from '../../config/load.js';
import type { PartialSettings } from '../../config/schema.js';
import {
  AbortedError,
  errorData,
  MissingKeyError,
  ProviderError,
  SessionHeldError,
} from '../../core/errors.js';
import { redact } from '../../core/redact.js';
import { createOrchestrator } from '../../create-orchestrator.js';
import { openPromptCommands } from '../../open-prompt-commands.js';
import type { AgentOrchestrator } from '../../orchestrator.js';
import { listedModels } from '../../providers/listed-model.js';
import { presets } from '../../providers/presets.js';
import { createSanitizer } from '../../ui/sanitize.js';
import { type CommandLine, notice } from '../command-line.js';
import { settingsFromFlags, type TurnFlags } from '../flags.js';
import { withHistory } from '../open-history.js';
import { asSentence } from '../report-error.js';
import { workDirectory } from '../work-directory.js';

/** Longer than a screen waits for MCP servers: a first prompt is sent after they were started with the session. */
const SERVER_WAIT_MS = 10_000;

/** What an editor's session has by these names is Victor's own. */
const ownCommands: ReadonlySet<string> = new Set(['compact']);

/** What the agent of an editor takes from this process: folders as the command line opens them, and the stored sessions. */
export function createAcpHost(flags: TurnFlags, cli: CommandLine): AcpHost {
  const { environment } = cli;
  const onNotice = (text: string) => notice(cli, text);
  return {
    async open({ cwd: asked, sessionId, mcpServers, additionalDirectories, onApproval }) {
      const cwd = workDirectory(asked, 'Open a folder that you can read.');
      const settings = flagSettings(flags, cwd, additionalDirectories);
      const config = await loadConfig({ cwd, environment, flags: settings });
      const orchestrator = await createOrchestrator({
        ...{ cwd, environment, config, flags: settings, onApproval, onNotice, mcpServers },
        watch: true,
        serverWaitMs: Math.min(config.settings.mcpWaitMs, SERVER_WAIT_MS),
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(flags.allowedTools === undefined ? {} : { allowedTools: [...flags.allowedTools] }),
        ...(flags.disallowedTools === undefined ? {} : { disallowedTools: [...flags.disallowedTools] }),
      });
      await hold(orchestrator, sessionId ?? orchestrator.sessionId);
      const prompts = openPromptCommands(config, cwd, ownCommands);
      return { orchestrator, prompts, notices: [...orchestrator.notices, ...notTrusted(config, cwd)] };
    },
    models: () => namesOfModels(environment),
    history: (use) => withHistory(cli, ({ sessions }) => use(sessions)),
    cleaner: createSanitizer,
    tell,
  };
}

/** Another process may work in it; what was opened for it is closed then. */
async function hold(orchestrator: AgentOrchestrator, sessionId: string): Promise<void> {
  const holder = await orchestrator.holdSession(sessionId);
  if (!holder) return;
  await orchestrator.close();
  throw new SessionHeldError(sessionId, holder);
}

function tell(error: unknown): ToldError {
  const { code, message, advice = '' } = errorData(error);
  const said = code === 'unexpected' ? `Unexpected error: ${message}` : message;
  return { kind: kindOf(error), text: redact(`${asSentence(said)} ${advice}`.trim()) };
}

function kindOf(error: unknown): ToldError['kind'] {
  if (error instanceof AbortedError) return 'aborted';
  if (error instanceof SessionHeldError) return 'held';
  if (error instanceof MissingKeyError) return 'key';
  return error instanceof ProviderError && error.kind === 'authentication' ? 'key' : 'other';
}

function flagSettings(flags: TurnFlags, cwd: string, added: readonly string[]): PartialSettings {
  const addDir = [...(flags.addDir ?? []), ...added];
  return settingsFromFlags(addDir.length === 0 ? flags : { ...flags, addDir }, cwd);
}

/** Nobody is asked here, because an editor may be set to say yes to everything. */
function notTrusted(config: LoadedConfig, cwd: string): string[] {
  const { instructions } = contentsOf(config, cwd);
  if (instructions.length === 0) return [];
  return [
    `${instructions.join(', ')}: text without authority, because this folder is not trusted. Run victor trust in a terminal to see what it brings and trust it.`,
  ];
}

/** Of every provider whose key is there, by the list that comes along. */
function namesOfModels(environment: NodeJS.ProcessEnv): readonly string[] {
  return Object.entries(presets).flatMap(([name, { apiKeyVariable, keyRequired }]) =>
    keyRequired && apiKeyVariable !== undefined && environment[apiKeyVariable]
      ? listedModels(name).map((model) => `${name}/${model}`)
      : [],
  );
}
