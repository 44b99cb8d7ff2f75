import { type Instance, render, renderToString } from 'ink';
import type { ReactElement } from 'react';
import { TerminalOutput } from './terminal-output.js';

/** Where the question whether a folder is trusted is shown. */
export interface Surface {
  draw(): void;
  /** Lets go of the terminal, until the answer is called; what is drawn then begins anew. */
  release(): () => void;
  end(): void;
}

export interface SurfaceOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** The question in so many columns, with what was answered so far. */
  dialog(columns: number): ReactElement;
  onError(error: unknown): void;
}

export function drawing({ stdin, stdout, dialog, onError }: SurfaceOptions): Surface {
  const output = new TerminalOutput(stdout);
  let instance = mount();

  function mount(): Instance {
    const mounted = render(dialog(output.columns), {
      stdout: output as unknown as NodeJS.WriteStream,
      stdin,
      exitOnCtrlC: false,
      patchConsole: false,
      maxFps: 1_000,
    });
    mounted.waitUntilExit().catch(onError);
    return mounted;
  }

  return {
    draw() {
      instance.rerender(dialog(output.columns));
      output.flush();
    },
    release() {
      instance.unmount();
      output.flush();
      return () => {
        instance = mount();
      };
    },
    end() {
      instance.unmount();
      output.end();
    },
  };
}

/** Where nothing can be drawn again: the question once, then its last row when that says something else. */
export function printing({ stdout, dialog }: SurfaceOptions): Surface {
  let shown = '';
  return {
    draw() {
      const text = renderToString(dialog(stdout.columns || 80), { columns: stdout.columns || 80 });
      if (text === shown) return;
      stdout.write(`${shown === '' ? text : (text.split('\n').at(-1) ?? '')}\n`);
      shown = text;
    },
    release() {
      return () => {
        shown = '';
      };
    },
    end() {},
  };
}
