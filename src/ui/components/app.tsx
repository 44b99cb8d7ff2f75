import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { Frame } from '../frame.js';
import type { Screen } from '../screen.js';
import { PromptInput } from './prompt-input.js';
import { Rows } from './rows.js';
import { Transcript } from './transcript.js';

export interface AppProps {
  readonly print: Screen['print'];
  readonly columns: number;
  readonly frame: Frame;
}

/** The whole screen: what is finished, then the dynamic area exactly as the layout cut it. */
export function App({ print, columns, frame }: AppProps): ReactElement | null {
  return (
    <>
      <Transcript print={print} columns={columns} />
      <Box flexDirection="column">
        <Rows rows={frame.tail} />
        <Rows rows={frame.tools} />
        <Rows rows={frame.approval} />
        <Rows rows={frame.queued} />
        <Rows rows={frame.activity} />
        {frame.input ? <PromptInput input={frame.input} /> : null}
        <Rows rows={frame.status} />
      </Box>
    </>
  );
}
