import { appearanceOf, onlyPrints } from './appearance.js';
import { AppearanceContext } from './appearance-context.js';
import { colourLevelOf } from './colour-level.js';
import { TrustDialog, type TrustQuestion } from './components/trust-dialog.js';
import { createHandOver } from './hand-over.js';
import type { Key } from './keys.js';
import { createSuspension } from './suspension.js';
import { enterTerminal } from './terminal.js';
import { createTrustAnswers, type TrustAnswer } from './trust-answers.js';
import { drawing, printing } from './trust-surface.js';

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
  const level = colourLevelOf(environment);
  const answers = createTrustAnswers({ changed: question.changed, ...(twice ? { twice } : {}) });
  const look = appearanceOf({ theme: 'auto', spoken: false, level, environment, background: undefined });
  const dialog = (columns: number) => (
    <AppearanceContext value={look}>
      <TrustDialog question={question} columns={columns} answer={answers.row} />
    </AppearanceContext>
  );
  return new Promise<TrustAnswer>((resolve, reject) => {
    const createSurface = onlyPrints(environment) ? printing : drawing;
    const surface = createSurface({ stdin, stdout, dialog, onError: reject });
    let held = false;
    const draw = () => {
      if (!held) surface.draw();
    };
    const finish = (answer: TrustAnswer) => {
      stdout.off('resize', draw);
      suspension.close();
      draw();
      surface.end();
      terminal.leave();
      resolve(answer);
    };
    const onKeys = (keys: readonly Key[]) => {
      for (const key of keys) {
        if (isSuspend(key)) return suspension.suspend();
        const answer = answers.take(key, performance.now());
        if (answer) return finish(answer);
      }
      draw();
    };
    const onHangup = (signal: NodeJS.Signals) => finish({ choice: 'quit', signal });
    const terminal = enterTerminal({ stdin, stdout, environment, onKeys, onHangup });
    const hold = () => {
      held = true;
      return () => {
        held = false;
        surface.draw();
        // What was typed for the shell is no answer.
        answers.appeared(performance.now());
      };
    };
    const handOver = createHandOver({ terminal, ink: surface, store: { hold } });
    // The question stands there again: that nobody stopped the process is nothing to tell.
    const suspension = createSuspension({ handOver, stdout, onNobody: () => {} });
    stdout.on('resize', draw);
    surface.draw();
    answers.appeared(performance.now());
  });
}

function isSuspend(key: Key): boolean {
  return key.type === 'key' && key.ctrl && key.name === 'z';
}
