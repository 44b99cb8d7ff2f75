import { Box, Static } from 'ink';
import type { ReactElement } from 'react';
import { clip, displayable } from '../displayable.js';
import { breakHanging, continued, type Span, type SpanStyle } from '../spans.js';
import { Rows } from './rows.js';

/** What the question is about; all of it is foreign text. */
export interface TrustQuestion {
  readonly folder: string;
  /** It is trusted already, and brings something new since. */
  readonly changed: boolean;
  /** Everything that would load, whole. */
  readonly loads: readonly { readonly file: string; readonly text: string }[];
}

export interface TrustDialogProps {
  readonly question: TrustQuestion;
  readonly columns: number;
  /** The row with the keys, or what was answered. */
  readonly answer: string;
}

/** Whether a folder may bring what it names. The list is printed once, so that the terminal can scroll through all of it. */
export function TrustDialog({ question, columns, answer }: TrustDialogProps): ReactElement | null {
  return (
    <>
      <Static items={[question]}>{(one) => <Rows key="list" rows={questionRows(one, columns)} />}</Static>
      <Box flexDirection="column">
        <Rows rows={[[], [{ text: clip(answer, columns), style: 'accent' }]]} />
      </Box>
    </>
  );
}

function questionRows({ folder, changed, loads }: TrustQuestion, columns: number): Span[][] {
  const line = (text: string, style: SpanStyle, indent = '') =>
    breakHanging([{ text: oneRow(text), style }], {
      columns,
      how: style === 'dim' ? 'words' : 'hard',
      first: [{ text: indent, style: 'plain' }],
      rest: [{ text: indent, style: 'plain' }, continued],
    });
  const heading = changed
    ? 'This folder changed since you trusted it:'
    : 'Do you trust the files in this folder?';
  const why = changed
    ? 'What is new or changed does not load before you confirm it. It would load exactly this:'
    : 'Until you do, nothing in it runs and its settings can only tighten yours. It would load exactly this:';
  return [
    ...line(heading, 'bold'),
    ...line(folder, 'plain', '  '),
    [],
    ...breakHanging([{ text: why, style: 'plain' }], { columns, how: 'words', first: [], rest: [] }),
    ...loads.flatMap(({ file, text }, index) => [
      ...(loads[index - 1]?.file === file ? [] : [[], ...line(file, 'bold')]),
      ...line(text, 'plain', '  '),
    ]),
  ];
}

/** A line end in a value must not look like one more thing of the list. */
function oneRow(text: string): string {
  return displayable(text).replaceAll('\n', ' ⏎ ');
}
