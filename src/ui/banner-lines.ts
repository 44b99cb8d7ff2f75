import type { SessionPort } from './session-port.js';

export interface BannerFacts {
  readonly version: string;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly port: SessionPort;
  readonly sessionId: string;
}

/** What a user sees first, three lines at most: what and where, who answers, what to do. */
export function bannerLines({ version, cwd, home, port, sessionId }: BannerFacts): readonly string[] {
  const { provider, model } = port.coordinators.provider.current(sessionId);
  const mode = port.coordinators.mode.current(sessionId);
  const title = `Victor ${version} · ${shortPath(cwd, home)}`;
  if (provider === 'offline') {
    return [
      title,
      `No model is configured: answers are found in the files of this folder · mode ${mode}`,
      'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, or type /model to see all · /help',
    ];
  }
  return [title, `${provider}/${model} · mode ${mode}`, '/help for commands and keys'];
}

function shortPath(path: string, home: string | undefined): string {
  if (!home || home === '/' || (path !== home && !path.startsWith(`${home}/`))) return path;
  return `~${path.slice(home.length)}`;
}
