import { onTestFinished } from 'vitest';
import { type ModelServer, startModelServer } from './model-server.js';
import { type Pty, startPty } from './pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from './run-victor.js';

/** Whether the screen shows this and no turn runs: a command that changes something needs that. */
export const atRest = (said: string) => (screen: readonly string[]) =>
  screen.some((row) => row.includes(said)) && !screen.some((row) => row.includes('Esc interrupts'));

export interface ChatPty {
  readonly pty: Pty;
  readonly server: ModelServer;
  readonly cwd: string;
  /** Where the settings of the user are. */
  readonly home: string;
  /** The program once more, with these arguments, in the same folder and home. */
  open(args?: readonly string[]): Pty;
}

export interface ChatOptions {
  /** A fresh folder when absent. */
  readonly cwd?: string;
  /** On top of what every run has. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The real `victor chat` in a terminal, talking to a server that plays this script; all of it ends with the test. */
export async function chat(
  script: Parameters<typeof startModelServer>[0],
  args: readonly string[] = [],
  { cwd = temporaryDirectory(), environment = {} }: ChatOptions = {},
): Promise<ChatPty> {
  const server = await startModelServer(script);
  onTestFinished(() => server.close());
  const home = temporaryDirectory();
  const open = (more: readonly string[] = args): Pty => {
    const pty = startPty({
      command: process.execPath,
      args: [launcher, 'chat', ...more],
      cwd,
      env: cleanEnvironment({
        ANTHROPIC_BASE_URL: server.url,
        ANTHROPIC_API_KEY: 'test-key',
        VICTOR_HOME: home,
        NO_COLOR: '1',
        ...environment,
      }),
      columns: 100,
      rows: 30,
    });
    onTestFinished(async () => {
      pty.kill();
      await pty.exit;
    });
    return pty;
  };
  const pty = open();
  await pty.waitFor('❯');
  return { pty, server, cwd, home, open };
}
