import chalk from 'chalk';
import { render } from 'ink';
import { TrustDialog, type TrustQuestion } from './components/trust-dialog.js';
import type { Key } from './keys.js';
import { enterTerminal } from './terminal.js';
import { TerminalOutput } from './terminal-output.js';
import { createTrustAnswers, type TrustAnswer } from './trust-answers.js';

export interface AskTrustOptions {
  readonly question: TrustQuestion;
  /** Why trusting this folder takes a second yes; absent where one is enough. */
  readonly twice?: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
}

/** Asks whether a folder may bring what it names, and gives the terminal back. Nothing else runs meanwhile. */
export async function askTrust(options: AskTrustOptions): Promise<TrustAnswer> {
  const { question, twice, stdin, stdout, environment } = options;
  if (environment.NO_COLOR && environment.FORCE_COLOR === undefined) chalk.level = 0;
  const output = new TerminalOutput(stdout);
  const answers = createTrustAnswers({ changed: question.changed, ...(twice ? { twice } : {}) });
  const dialog = () => <TrustDialog question={question} columns={output.columns} answer={answers.row} />;
  const instance = render(dialog(), {
    stdout: output as unknown as NodeJS.WriteStream,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 1_000,
  });
  const draw = () => {
    instance.rerender(dialog());
    output.flush();
  };
  return new Promise<TrustAnswer>((resolve, reject) => {
    const finish = (answer: TrustAnswer) => {
      stdout.off('resize', draw);
      draw();
      instance.unmount();
      output.end();
      terminal.leave();
      resolve(answer);
    };
    const onKeys = (keys: readonly Key[]) => {
      for (const key of keys) {
        const answer = answers.take(key, performance.now());
        if (answer) return finish(answer);
      }
      draw();
    };
    const onHangup = (signal: NodeJS.Signals) => finish({ choice: 'quit', signal });
    instance.waitUntilExit().catch(reject);
    const terminal = enterTerminal({ stdin, stdout, environment, onKeys, onHangup });
    stdout.on('resize', draw);
    draw();
    answers.appeared(performance.now());
  });
}
