import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../bench/tool-selection/measure.js';
import { coreTools } from '../../src/tools/index.js';
import { makeWorkspace } from '../helpers/workspace.js';

const root = resolve(import.meta.dirname, '../..');
const data = join(root, 'bench/data/tool-selection');

/** Times are for the bench itself; what it ranks is the same on every machine. */
async function bench(...argv: string[]): Promise<Record<string, Row>> {
  const script = join(root, 'bench/tool-selection/main.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', script, '--json', ...argv],
    {
      cwd: root,
    },
  );
  return JSON.parse(stdout);
}

describe('the bench of tool selection', () => {
  it('on our own set hybrid is better than keyword alone and than semantic alone, and the table of the docs is this one', async () => {
    const rows = await bench();
    const { keyword, semantic, hybrid } = rows;
    expect(Object.keys(rows)).toEqual(['keyword', 'semantic', 'hybrid']);
    expect(hybrid!.top1).toBeGreaterThan(Math.max(keyword!.top1, semantic!.top1));
    expect(hybrid!.top10).toBeGreaterThan(Math.max(keyword!.top10, semantic!.top10));
    expect(hybrid!.top5).toBeGreaterThanOrEqual(65);
    expect(hybrid!.top10).toBeGreaterThanOrEqual(80);
    const page = await readFile(join(root, 'docs/context.md'), 'utf8');
    for (const [name, { top1, top5, top10 }] of Object.entries(rows)) {
      expect(page).toContain(`| \`${name}\` | ${top1} | ${top5} | ${top10} |`);
    }
  });

  it('our own set asks only for tools that it has, and has the built-in ones as they describe themselves', async () => {
    const tools: Record<string, string> = JSON.parse(await readFile(join(data, 'tools.json'), 'utf8'));
    const queries = (await readFile(join(data, 'queries.jsonl'), 'utf8')).trim().split('\n');
    expect(queries.length).toBeGreaterThanOrEqual(80);
    for (const line of queries) expect(tools).toHaveProperty(JSON.parse(line).tool);
    for (const { name, description } of coreTools()) expect(tools[name]).toBe(description);
  });

  it('measures a folder of your own, also one inside the folder that is named; a tie counts against the tool', async () => {
    const folder = await makeWorkspace({
      'mine/tools.json': JSON.stringify({
        rain: 'Tells the weather.',
        bill: 'Sends an invoice.',
        twin: 'Sends an invoice.',
      }),
      'mine/queries.jsonl': '{"query":"weather","tool":"rain"}\n{"query":"invoice","tool":"bill"}\n\n',
    });
    const { keyword } = await bench(folder);
    expect(keyword).toMatchObject({ top1: 50, top5: 100, top10: 100 });
  });
});
