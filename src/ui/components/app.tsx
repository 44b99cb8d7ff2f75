import { Box } from 'ink';
import type { ReactElement } from 'react';
import { type Appearance, usualAppearance } from '../appearance.js';
import { AppearanceContext } from '../appearance-context.js';
import type { Frame } from '../frame.js';
import type { Screen } from '../screen.js';
import { PromptInput } from './prompt-input.js';
import { Rows } from './rows.js';
import { Transcript } from './transcript.js';

export interface AppProps {
  readonly print: Screen['print'];
  readonly columns: number;
  readonly frame: Frame;
  /** The usual when absent. */
  readonly appearance?: Appearance | undefined;
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** The whole screen: what is finished, then the dynamic area exactly as the layout cut it. */
export function App(props: AppProps): ReactElement | null {
  const { print, columns, frame, appearance = usualAppearance, onFault } = props;
  return (
    <AppearanceContext value={appearance}>
      <Transcript print={print} columns={columns} onFault={onFault} />
      <Box flexDirection="column">
        <Rows rows={frame.tail} />
        <Rows rows={frame.tools} />
        <Rows rows={frame.approval} />
        <Rows rows={frame.queued} />
        <Rows rows={frame.activity} />
        {frame.input ? <PromptInput input={frame.input} /> : null}
        <Rows rows={frame.menu} />
        <Rows rows={frame.status} />
      </Box>
    </AppearanceContext>
  );
}
