import { execFile } from 'node:child_process';
import { cpSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/run-victor.js';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Victor as it is built, installed in another place, where something happens to its table. */
function installedWith(happens: (table: string) => void): string {
  const copy = join(temporaryDirectory(), 'victor-agent');
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      filter: (path) => !path.endsWith('types'),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  happens(join(copy, 'dist/word-vectors.bin'));
  return copy;
}

const damages: [string, (table: string) => void, string][] = [
  ['missing', (table) => rmSync(table), 'its file cannot be read (ENOENT).'],
  ['cut off', (table) => truncateSync(table, 100_000), 'its file is damaged.'],
];

describe.each(damages)('where the table of word vectors is %s', (_, happens, problem) => {
  it('tools are ranked by keyword, and what is wrong is said once with what to do', async () => {
    const copy = installedWith(happens);
    const env = { ...process.env, VICTOR_HOME: join(temporaryDirectory(), 'victor') };
    const { stdout, stderr } = await run(
      process.execPath,
      [join(copy, 'bin/victor.js'), 'tools', 'rank', 'Read the file config.yaml'],
      { env, cwd: temporaryDirectory() },
    );
    expect(stdout).toMatch(/^name +keyword +offered +why\nRead +1\.00 +#{10} /);
    expect(stderr).toBe(
      `victor: hybrid: The table of word vectors cannot be used: ${problem} Install Victor again.; instead: keyword selection for the rest of the session\n`,
    );
  });

  it.each(['semantic', 'task-aware'])(
    'a conversation under the compaction %s goes on with the most recent messages',
    async (strategy) => {
      const copy = installedWith(happens);
      const code = `import { AgentOrchestrator, ScriptedProvider } from ${JSON.stringify(join(copy, 'dist/index.js'))};
        const script = Array.from({ length: 30 }, (_, turn) => ({ text: 'Answer ' + turn + ': ' + 'word '.repeat(300) }));
        const orchestrator = new AgentOrchestrator({
          provider: new ScriptedProvider({ script }),
          settings: { compaction: { strategy: '${strategy}' }, contextWindow: 20000 },
        });
        const said = [];
        orchestrator.subscribe((event) => {
          if (event.type === 'extension-failure') said.push([event.failure.name, event.failure.message]);
        });
        for (let turn = 0; turn < 30; turn++) await orchestrator.chat('Question ' + turn);
        const { messages } = orchestrator.coordinators.context.getContext();
        console.log(JSON.stringify({ said, last: messages.at(-2).content, kept: messages.length }));
        await orchestrator.close();`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code]);
      const { said, last, kept } = JSON.parse(stdout);
      expect(said[0]).toEqual([
        strategy,
        `The table of word vectors cannot be used: ${problem} Install Victor again.`,
      ]);
      expect(last).toBe('Question 29');
      expect(kept).toBeLessThan(60);
    },
  );
});
