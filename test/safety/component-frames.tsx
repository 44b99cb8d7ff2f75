import type { ReactElement } from 'react';
import type { FileChange } from '../../src/core/tool.js';
import { type Block, type BlockBody, initialState, type ToolBlockBody } from '../../src/state.js';
import { AnswerLines } from '../../src/ui/components/answer-lines.js';
import { App } from '../../src/ui/components/app.js';
import { Banner } from '../../src/ui/components/banner.js';
import { BlockView } from '../../src/ui/components/block-view.js';
import { Boundary } from '../../src/ui/components/boundary.js';
import { DiffBlock } from '../../src/ui/components/diff-block.js';
import { DiffPreview } from '../../src/ui/components/diff-preview.js';
import { ErrorBlock } from '../../src/ui/components/error-block.js';
import { NoticeLine } from '../../src/ui/components/notice-line.js';
import { OutputBlock } from '../../src/ui/components/output-block.js';
import { PromptInput } from '../../src/ui/components/prompt-input.js';
import { Rows } from '../../src/ui/components/rows.js';
import { SafeText } from '../../src/ui/components/safe-text.js';
import { ThinkingLine } from '../../src/ui/components/thinking-line.js';
import { TodoList } from '../../src/ui/components/todo-list.js';
import { ToolLine } from '../../src/ui/components/tool-line.js';
import { Transcript } from '../../src/ui/components/transcript.js';
import { TrustDialog } from '../../src/ui/components/trust-dialog.js';
import { UserPrompt } from '../../src/ui/components/user-prompt.js';
import { layoutFrame } from '../../src/ui/frame.js';
import { initialInput } from '../../src/ui/input-state.js';
import { questionDetails } from '../../src/ui/question-details.js';

const columns = 120;
const block = (body: BlockBody): Block => ({ ...body, id: 1, gap: false });
const oneFile = (text: string): FileChange => ({ path: text, before: text, after: `${text}\n${text}` });
const change = (text: string): FileChange => ({ ...oneFile(text), also: [oneFile(text)] });
const todos = (text: string) => [{ content: text, status: 'in_progress' as const }];
const tool = (text: string): ToolBlockBody => ({
  kind: 'tool',
  name: text,
  title: text,
  status: 'done',
  summary: text,
  durationMs: 200,
  todos: todos(text),
  change: change(text),
});

/** Each file of `ui/components` with a text in every place of it that foreign text can come to. */
export const componentFrames: Readonly<Record<string, (text: string) => ReactElement>> = {
  'answer-lines.tsx': (text) => <AnswerLines text={text} fence="" columns={columns} />,
  'app.tsx': (text) => {
    const state = {
      ...initialState({ provider: text, model: text, sessionId: text }),
      tools: [{ callId: '1', name: text, title: text, startedAt: 0, status: 'running' as const }],
    };
    const screen = {
      state: {
        ...state,
        live: { ...state.live, partial: text },
        turn: { ...state.turn, running: true, sending: text, detail: text },
      },
      input: initialInput(),
      columns,
      rows: 40,
      now: 0,
      approval: undefined,
      queued: [text],
      hint: text,
      print: { number: 0, blocks: [] },
    };
    const question = questionDetails({ text, options: [text, text] });
    const approval = {
      kind: 'call' as const,
      name: text,
      title: text,
      reason: text,
      details: [[{ text, style: 'plain' as const }]],
      printed: false,
      waiting: 1,
      entry: { ...initialInput(), text },
    };
    const footer = { ...state.footer, trust: text, branch: text, sandbox: text };
    const around = { ...screen, state: { ...state, footer } };
    const choice = { question: text, options: [text, text], filter: text, selected: 0 };
    return (
      <>
        <App print={screen.print} columns={columns} frame={layoutFrame(screen)} />
        <App print={screen.print} columns={columns} frame={layoutFrame({ ...screen, approval })} />
        <App
          print={screen.print}
          columns={columns}
          frame={layoutFrame({
            ...screen,
            approval: { ...approval, kind: 'question', details: question, entry: undefined, options: 2 },
          })}
        />
        <App
          print={screen.print}
          columns={columns}
          frame={layoutFrame({
            ...screen,
            state: { ...state, todos: todos(text), turn: { ...state.turn, running: true } },
          })}
        />
        <App print={screen.print} columns={columns} frame={layoutFrame({ ...screen, choice })} />
        <App print={screen.print} columns={columns} frame={layoutFrame(around)} />
      </>
    );
  },
  'banner.tsx': (text) => <Banner lines={[text, text]} columns={columns} />,
  'block-view.tsx': (text) => (
    <>
      <BlockView block={block(tool(text))} columns={columns} />
      <BlockView block={block({ kind: 'answer', text, fence: '```' })} columns={columns} />
      <BlockView block={block({ kind: 'output', title: text, text })} columns={columns} />
    </>
  ),
  'boundary.tsx': (text) => {
    const Broken = (): ReactElement => {
      throw new Error(text);
    };
    return (
      <Boundary columns={columns}>
        <Broken />
      </Boundary>
    );
  },
  'diff-block.tsx': (text) => {
    const files = [{ path: text, before: text, after: `${text}\n${text}`, notes: [text] }];
    return <DiffBlock title={text} files={files} columns={columns} />;
  },
  'diff-preview.tsx': (text) => <DiffPreview change={change(text)} columns={columns} />,
  'error-block.tsx': (text) => (
    <ErrorBlock error={{ code: text, message: text, advice: text }} columns={columns} />
  ),
  'notice-line.tsx': (text) => <NoticeLine level="warning" text={text} columns={columns} />,
  'output-block.tsx': (text) => <OutputBlock title={text} text={text} more={text} columns={columns} />,
  'prompt-input.tsx': (text) => {
    const input = { rows: [text], cursorRow: 0, cursorColumn: 0, above: false, below: false, sign: '❯ ' };
    return <PromptInput input={input} />;
  },
  'rows.tsx': (text) => <Rows rows={[[{ text, style: 'plain' }]]} />,
  'safe-text.tsx': (text) => <SafeText text={text} />,
  'thinking-line.tsx': (text) => {
    const thought = { kind: 'thinking', summary: text, durationMs: 0, number: 1 } as const;
    return <ThinkingLine thought={thought} columns={columns} />;
  },
  'todo-list.tsx': (text) => <TodoList todos={todos(text)} columns={columns} />,
  'tool-line.tsx': (text) => <ToolLine tool={tool(text)} columns={columns} />,
  'transcript.tsx': (text) => (
    <Transcript
      print={{ number: 1, blocks: [block({ kind: 'notice', level: 'info', text })] }}
      columns={columns}
    />
  ),
  'trust-dialog.tsx': (text) => {
    const question = { folder: text, changed: false, loads: [{ file: text, text }] };
    return <TrustDialog question={question} columns={columns} answer={text} />;
  },
  'user-prompt.tsx': (text) => <UserPrompt text={text} columns={columns} />,
};
