import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { PrintedBlock } from '../screen.js';
import { AnswerLines } from './answer-lines.js';
import { Banner } from './banner.js';
import { DiffBlock } from './diff-block.js';
import { ErrorBlock } from './error-block.js';
import { NoticeLine } from './notice-line.js';
import { OutputBlock } from './output-block.js';
import { ThinkingLine } from './thinking-line.js';
import { ToolLine } from './tool-line.js';
import { UserPrompt } from './user-prompt.js';

export interface BlockViewProps {
  readonly block: PrintedBlock;
  readonly columns: number;
}

/** One finished block of the transcript. */
export function BlockView({ block, columns }: BlockViewProps): ReactElement | null {
  return (
    <Box flexDirection="column" marginTop={block.gap ? 1 : 0}>
      <Body block={block} columns={columns} />
    </Box>
  );
}

function Body({ block, columns }: BlockViewProps): ReactElement | null {
  switch (block.kind) {
    case 'banner':
      return <Banner lines={block.lines} columns={columns} />;
    case 'user':
      return <UserPrompt text={block.text} attached={block.attached} columns={columns} />;
    case 'answer':
      return <AnswerLines text={block.text} fence={block.fence} columns={columns} code={block.code} />;
    case 'thinking':
      return <ThinkingLine thought={block} columns={columns} />;
    case 'tool':
      return <ToolLine tool={block} columns={columns} />;
    case 'output':
      return (
        <OutputBlock
          title={block.title}
          text={block.text}
          more={block.more}
          bars={block.bars}
          columns={columns}
        />
      );
    case 'diff':
      return (
        <DiffBlock
          title={block.title}
          files={block.files}
          from={block.from}
          more={block.more}
          columns={columns}
        />
      );
    case 'notice':
      return <NoticeLine level={block.level} text={block.text} columns={columns} />;
    case 'error':
      return <ErrorBlock error={block.error} columns={columns} />;
  }
}
