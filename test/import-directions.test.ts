import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeSharedWorkspace } from './helpers/workspace.js';

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

/** A folder with the project's lint configuration and files that each import what they say; what the linter says of each. */
async function lintFiles(codes: Readonly<Record<string, string>>) {
  const { vcs, ...configuration } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
  const cwd = await makeSharedWorkspace({ 'biome.json': JSON.stringify(configuration), ...codes });
  const { code, output } = await lintImports(cwd);
  const said = output.split(/^(?=src\/\S+:\d+:\d+ )/m);
  return { code, of: (path: string) => said.filter((part) => part.startsWith(`${path}:`)).join('') };
}

it('the map in ARCHITECTURE.md names every file and folder of src, and no other', async () => {
  const [, map = ''] =
    /^src\/\n([\s\S]*?)^\S/m.exec(await readFile(join(root, 'ARCHITECTURE.md'), 'utf8')) ?? [];
  const named = map
    .split('\n')
    .flatMap((line) => /^ {2}(\S+) /.exec(line)?.slice(1) ?? [])
    .sort();
  const entries = await readdir(join(root, 'src'), { withFileTypes: true });
  expect(named).toEqual(
    entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted(),
  );
});

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
      'src/tools/x.ts',
      `import { SessionTurns } from '../orchestrator/session-turns.js';`,
      'import the orchestrator',
    ],
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
    [
      'src/delivery/x.ts',
      `import { AnalyticsCoordinator } from '../coordinators/analytics.js';`,
      'import coordinators',
    ],
    ['src/undo/x.ts', `import { openStore } from '../storage/open-store.js';`, 'store interfaces of core'],
    ['src/core/y.ts', `import { thisProcess } from '../process-identity.js';`, 'core imports only core'],
    ['src/orchestrator.ts', `import { run } from './ui/index.js';`, 'Only cli imports ui'],
    ['src/ui/x.ts', `import { ask } from '../cli/ask.js';`, 'Nothing imports cli'],
    ['src/tools/x.ts', `const { execa } = await import('execa');`, 'Only tools/run-process.ts'],
    ['src/cli/x.ts', `import Database from 'better-sqlite3';`, 'Only storage/sqlite-connection.ts'],
    ['src/cli/x.ts', `import { Text } from 'ink';`, 'Only ui imports it'],
    ['src/orchestrator.ts', `const sdk = await import('openai');`, 'Only providers/openai'],
    ['src/wiring.ts', `import '@modelcontextprotocol/sdk/client/index.js';`, 'Only mcp imports it'],
    ['src/hooks/x.ts', `import { ChatCoordinator } from '../coordinators/chat.js';`, 'import coordinators'],
    ['src/prompt-commands/x.ts', `import { wire } from '../wiring.js';`, 'import the orchestrator'],
    ['src/wiring.ts', `import '@agentclientprotocol/sdk';`, 'Only acp imports it'],
    ['src/acp/x.ts', `import { sanitize } from '../ui/sanitize.js';`, 'Only cli imports ui'],
    ['src/mcp/x.ts', `import { McpServers } from '../create-orchestrator.js';`, 'import the orchestrator'],
  ];
  /** What the linter says of each. Those in different files are linted at once: to start it takes longest. */
  const said: string[] = [];
  beforeAll(async () => {
    const left = new Set(forbidden.keys());
    while (left.size > 0) {
      const round = new Map([...left].reverse().map((index) => [forbidden[index]![0], index]));
      const codes = Object.fromEntries([...round].map(([path, index]) => [path, forbidden[index]![1]]));
      const { code, of } = await lintFiles(codes);
      expect(code).not.toBe(0);
      for (const [path, index] of round) {
        said[index] = of(path);
        left.delete(index);
      }
    }
  });
  it.each(forbidden.map((row, index) => [...row, index] as const))(
    '%s may not: %s',
    (_path, _code, message, index) => {
      expect(said[index]!.replaceAll(/\s+/g, ' ')).toContain(message);
    },
  );
});
