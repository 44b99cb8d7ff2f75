import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Tool, ToolContext, ToolResult } from '../../src/core/tool.js';
import { afterFile } from '../helpers/after-file.js';

export interface Workspace {
  readonly root: string;
  readonly context: ToolContext;
  readonly outputDirectory: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  /** Runs one call as a session would: the input is validated first. */
  run<Input>(tool: Tool<Input>, input: Input, signal?: AbortSignal): Promise<ToolResult>;
}

/** A folder of its own for one test, removed after the file, and the context of a session that works in it. */
export function workspace(): Workspace {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'victor-tools-')));
  afterFile(() => rmSync(base, { recursive: true, force: true }));
  const root = join(base, 'work');
  mkdirSync(root);
  const outputDirectory = join(base, 'output');
  const context: ToolContext = {
    cwd: root,
    sessionId: 'test',
    signal: new AbortController().signal,
    files: new Map(),
    outputDirectory,
  };
  return {
    root,
    context,
    outputDirectory,
    path: (name) => join(root, name),
    write(name, content) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    run: (tool, input, signal) =>
      tool.execute(tool.schema.parse(input), signal ? { ...context, signal } : context),
  };
}
