import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/core/tool.js';
import { createOrchestrator } from '../../src/create-orchestrator.js';
import { createApplyPatchTool } from '../../src/tools/apply-patch.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { makeWorkspace } from '../helpers/workspace.js';
import { workspace } from './workspace.js';

const page = readFileSync(new URL('../../docs/tools.md', import.meta.url), 'utf8');
const block = (language: string) =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)![1]!;

/** Every tool of a session with somebody to ask, and what is decided about a page. */
async function session(permissions: Record<string, unknown> = {}) {
  const orchestrator = await createOrchestrator({
    cwd: await makeWorkspace(),
    environment: { VICTOR_HOME: await makeWorkspace() },
    persist: false,
    onApproval: async () => ({ allowed: false, scope: 'once' }),
    flags: { permissions } as never,
  });
  const tools: readonly Tool[] = orchestrator.coordinators.tool.list();
  const verdictOf = async (url: string) => {
    const call = { id: '1', name: 'WebFetch', input: { url } };
    return (await orchestrator.coordinators.permission.decide(call, orchestrator.sessionId)).verdict;
  };
  return { orchestrator, tools, verdictOf };
}

describe('docs/tools.md as it stands', () => {
  it('its table has every built-in tool with its kind, in their order, and no other', async () => {
    const { orchestrator, tools } = await session();
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, name, kind]) => [name, kind]);
    expect(rows).toEqual(tools.map(({ name, kind }) => [name, kind]));
    await orchestrator.close();
  });

  it('its patch does what it says', async () => {
    const { write, run, path } = workspace();
    write('greeting.txt', 'hello\n');
    write('old.txt', 'x\n');
    const { content } = await run(createApplyPatchTool(), { input: block('') });
    expect(content).toBe('Patched: greeting.txt, add notes/today.txt, delete old.txt.');
    expect(readFileSync(path('greeting.txt'), 'utf8')).toBe('good morning\n');
    expect(readFileSync(path('notes/today.txt'), 'utf8')).toBe('Said good morning.\n');
    expect(existsSync(path('old.txt'))).toBe(false);
  });

  it('its rules are valid settings, and decide as it says', async () => {
    const home = temporaryDirectory();
    const yaml = block('yaml');
    writeFileSync(join(home, 'config.yaml'), yaml, { mode: 0o600 });
    const { code } = await runVictor(['config', 'validate'], { env: { VICTOR_HOME: home } });
    expect(code).toBe(0);
    const lists = [...yaml.matchAll(/^ {2}(allow|deny): \[(.*)\]$/gm)].map(([, name, rules]) => [
      name,
      rules!.split(', ').map((rule) => rule.replaceAll('"', '')),
    ]);
    const { orchestrator, verdictOf } = await session(Object.fromEntries(lists));
    const urls = [
      'docs.example.com/a',
      'docs.example.com:8443',
      'a.example.org',
      'example.org',
      'tracker.example.org',
    ];
    const verdicts = await Promise.all(urls.map((url) => verdictOf(`https://${url}`)));
    expect(verdicts).toEqual(['allow', 'allow', 'allow', 'ask', 'deny']);
    expect(await verdictOf('http://localhost:8080/')).toBe('allow');
    expect(await verdictOf('http://localhost:9090/')).toBe('ask');
    await orchestrator.close();
  });
});
