import chalk from 'chalk';
import { type Instance, render } from 'ink';
import { App } from './components/app.js';
import { emptyFrame, type Frame, layoutFrame } from './frame.js';
import type { Screen } from './screen.js';
import { TerminalOutput } from './terminal-output.js';

export interface InkScreen {
  readonly columns: number;
  draw(screen: Screen): void;
  /** Wipes what is visible, but no scrollback, and draws anew. */
  redraw(screen: Screen): void;
  /** Only the transcript stays, with the cursor below it. */
  end(): void;
}

export interface InkScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly environment: NodeJS.ProcessEnv;
  /** A component threw; nothing is drawn any more. */
  onError(error: unknown): void;
}

const lineUp = '\u001b[1A';
const eraseScreen = '\u001b[H\u001b[J';
/** Ink keeps all it ever printed; after this many characters it is replaced by a new one that has printed nothing. */
const mostPrinted = 2_000_000;
const nothing: Screen['print'] = { number: -1, blocks: [] };

/** Draws screens through Ink. */
export function createInkScreen(options: InkScreenOptions): InkScreen {
  const { stdin, stdout, environment, onError } = options;
  // Ink paints through this same instance, which does not look at NO_COLOR by itself.
  if (environment.NO_COLOR && environment.FORCE_COLOR === undefined) chalk.level = 0;
  const output = new TerminalOutput(stdout);
  let instance = mount();
  let mountedAt = 0;
  let drawn: Screen | undefined;
  /** What the Ink before this one has printed already. */
  let printed: Screen['print'] | undefined;

  function mount(): Instance {
    const mounted = render(null, {
      // Ink only ever writes to its stream and asks for the width; raw mode and keys are not its business here.
      stdout: output as unknown as NodeJS.WriteStream,
      stdin,
      exitOnCtrlC: false,
      patchConsole: false,
      // Drawing is paced by the screen store; a pace of Ink's own would only delay the echo of keys.
      maxFps: 1_000,
    });
    mounted.waitUntilExit().catch(onError);
    return mounted;
  }

  function drawFrame(screen: Screen, frame: Frame): void {
    output.placeCursor(frame.cursor);
    const print = screen.print === printed ? nothing : screen.print;
    instance.rerender(<App print={print} columns={screen.columns} frame={frame} />);
    output.flush();
  }

  /** Takes the last frame back and lets go of Ink. */
  function unmount(screen: Screen): void {
    drawFrame(screen, emptyFrame);
    instance.unmount();
    // An empty frame still has its line end.
    output.write(lineUp);
  }

  function renew(screen: Screen): void {
    unmount(screen);
    instance = mount();
    mountedAt = output.written;
    printed = screen.print;
    drawFrame(screen, layoutFrame(screen));
  }

  function draw(screen: Screen): void {
    const resized = drawn && (screen.columns !== drawn.columns || screen.rows !== drawn.rows);
    // A terminal that changed its size may have broken or cut the old frame: it is taken back, not compared with.
    if (resized) drawFrame(screen, emptyFrame);
    drawn = screen;
    drawFrame(screen, layoutFrame(screen));
    if (output.written - mountedAt > mostPrinted) renew(screen);
  }

  return {
    get columns() {
      return output.columns;
    },
    draw,
    redraw(screen) {
      drawFrame(screen, emptyFrame);
      output.write(eraseScreen);
      output.flush();
      draw(screen);
    },
    end() {
      if (drawn) unmount(drawn);
      output.end();
    },
  };
}
