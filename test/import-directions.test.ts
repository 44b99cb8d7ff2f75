import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from './helpers/workspace.js';

const root = resolve(import.meta.dirname, '..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** Runs the linter's import rule alone, with the project's configuration. */
function lintImports(cwd: string): Promise<{ code: number; output: string }> {
  const argv = [biome, 'lint', '--only=style/noRestrictedImports', '--max-diagnostics=100', 'src'];
  return new Promise((done) => {
    execFile(process.execPath, argv, { cwd }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

/** A folder with the project's lint configuration and one file that imports what it says. */
async function lintFile(path: string, code: string) {
  const { vcs, ...configuration } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
  return lintImports(await makeWorkspace({ 'biome.json': JSON.stringify(configuration), [path]: code }));
}

describe('import directions', () => {
  it('hold over the whole source', async () => {
    const { code, output } = await lintImports(root);
    expect(output).not.toContain('noRestrictedImports');
    expect(code).toBe(0);
  });

  const forbidden: [path: string, code: string, message: string][] = [
    ['src/core/x.ts', `import type { Tool } from '../tools/read.js';`, 'core imports only core'],
    ['src/core/x.ts', `const ui = await import('../ui/index.js');`, 'core imports only core'],
    ['src/tools/x.ts', `import { App } from '../ui/components/app.js';`, 'Only cli imports ui'],
    ['src/tools/x.ts', `import { AgentOrchestrator } from '../orchestrator.js';`, 'import the orchestrator'],
    [
      'src/coordinators/x.ts',
      `import type { AgentOrchestrator } from '../orchestrator.js';`,
      'import the orchestrator',
    ],
    [
      'src/coordinators/x.ts',
      `import { openStore } from '../storage/open-store.js';`,
      'store interfaces of core',
    ],
    [
      'src/compaction/x.ts',
      `import { ChatCoordinator } from '../coordinators/chat.js';`,
      'import coordinators',
    ],
    ['src/orchestrator.ts', `import { run } from './ui/index.js';`, 'Only cli imports ui'],
    ['src/ui/x.ts', `import { ask } from '../cli/ask.js';`, 'Nothing imports cli'],
    ['src/tools/x.ts', `const { execa } = await import('execa');`, 'Only tools/run-process.ts'],
    ['src/cli/x.ts', `import Database from 'better-sqlite3';`, 'Only storage/sqlite-connection.ts'],
    ['src/cli/x.ts', `import { Text } from 'ink';`, 'Only ui imports it'],
    ['src/orchestrator.ts', `const sdk = await import('openai');`, 'Only providers/openai'],
  ];
  it.each(forbidden)('%s may not: %s', async (path, code, message) => {
    const result = await lintFile(path, code);
    expect(result.code).not.toBe(0);
    expect(result.output.replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
