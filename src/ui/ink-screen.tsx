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
  /** Takes the frame back; only the transcript stays, until the answer is called and something is drawn. */
  release(): () => void;
  /** Only the transcript stays, with the cursor below it. */
  end(): void;
}

export interface InkScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** A component threw; nothing is drawn any more. */
  onError(error: unknown): void;
  /** A block could not be drawn; a line stands in its place. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

const lineUp = '\u001b[1A';
const eraseScreen = '\u001b[H\u001b[J';
/** Ink keeps all it ever printed; after this many characters it is replaced by a new one that has printed nothing. */
const mostPrinted = 2_000_000;
const nothing: Screen['print'] = { number: -1, blocks: [] };

/** Draws screens through Ink. */
export function createInkScreen(options: InkScreenOptions): InkScreen {
  const { stdin, stdout, onError, onFault } = options;
  const output = new TerminalOutput(stdout);
  let instance = mount();
  let mountedAt = 0;
  let drawn: Screen | undefined;
  /** What stands above the dynamic area already. */
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
    printed = screen.print;
    const { columns, appearance } = screen;
    instance.rerender(<App {...{ print, columns, frame, appearance, onFault }} />);
    output.flush();
    if (print !== nothing) output.settleAbove();
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
    drawFrame(screen, layoutFrame(screen));
  }

  function draw(screen: Screen): void {
    // A terminal that changed its size may have broken or cut the old frame: it is taken back, not compared with.
    if (drawn && isResized(screen, drawn)) drawFrame(screen, emptyFrame);
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
      output.settleAbove();
      draw(screen);
    },
    release() {
      if (drawn) unmount(drawn);
      output.flush();
      printed = drawn?.print;
      drawn = undefined;
      return () => {
        instance = mount();
        mountedAt = output.written;
      };
    },
    end() {
      if (drawn) unmount(drawn);
      output.end();
    },
  };
}

function isResized(now: Screen, before: Screen): boolean {
  return now.resizes !== before.resizes || now.columns !== before.columns || now.rows !== before.rows;
}
