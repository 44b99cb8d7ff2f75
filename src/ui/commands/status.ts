import { oneLine } from '../displayable.js';
import type { About } from '../host.js';
import { type Command, type CommandContext, output } from './command.js';

export const status: Command = {
  name: 'status',
  describe: 'version, model, mode, trust, sandbox, session, folder and settings files',
  async run(context) {
    const about = await context.host?.about();
    return output('Status', await statusLines(context, about));
  },
};

async function statusLines(
  { port, sessionId, cwd }: CommandContext,
  about: About | undefined,
): Promise<string[]> {
  const { provider, mode } = port.coordinators;
  const current = provider.current(sessionId);
  const session = await port.store.sessions.getSession(sessionId);
  const name = [session?.title ?? '', ...(session?.tags ?? []).map((tag) => `#${tag}`)].join(' ').trim();
  const failing = (port.extensionFailures ?? []).map((one) => `${one.kind} ${one.name}: ${one.message}`);
  return [
    ...(about ? rows('version', [about.version]) : []),
    ...rows('model', [`${current.provider}/${current.model}`]),
    ...rows('mode', [mode.current(sessionId)]),
    ...(about ? rows('trust', trustLines(about)) : []),
    ...(about ? rows('sandbox', [sandboxText(about.sandbox)]) : []),
    ...rows('session', [sessionId, ...(name === '' ? [] : [name])]),
    ...rows('folder', [about?.folder ?? cwd]),
    ...(about ? rows('settings', about.settingsFiles.length > 0 ? about.settingsFiles : ['no file']) : []),
    ...(about ? rows('database', [about.databaseFile ?? 'none: this chat is kept in memory']) : []),
    ...rows('failing', failing),
  ];
}

function trustLines({ workspaceRoot, trusted }: About): string[] {
  if (trusted) return [`${workspaceRoot} is trusted`];
  return [
    `${workspaceRoot} is not trusted: nothing in it runs by itself, and its settings only tighten yours`,
    'victor trust, typed in a shell there, trusts it from the next start on',
  ];
}

/** As the status line says it, without the word that stands before it here. */
function sandboxText(sandbox: string): string {
  const text = {
    sandbox: 'on, without network',
    'sandbox off': 'off',
    'no sandbox': 'none; /doctor says why',
  };
  return Object.entries(text).find(([said]) => said === sandbox)?.[1] ?? sandbox.replace(/^sandbox /, 'on, ');
}

/** A name before the first of its values. */
function rows(name: string, values: readonly string[]): string[] {
  return values.map((value, index) => `${(index === 0 ? name : '').padEnd(10)}${oneLine(value)}`);
}
