import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOrchestrator } from '../src/create-orchestrator.js';
import { scriptedModel } from './helpers/ask-model.js';
import { runVictor } from './helpers/run-victor.js';
import { makeWorkspace } from './helpers/workspace.js';

const docs = join(import.meta.dirname, '../docs');
const kinds = (await readdir(join(docs, 'extending'))).map((name) => join('extending', name));
const pages = await Promise.all(
  ['extending.md', ...kinds].map(async (name) => ({ name, text: await readFile(join(docs, name), 'utf8') })),
);
const page = pages.map(({ text }) => text).join('\n');
/** Each block begins with a comment that names its file. */
const blocks = [...page.matchAll(/^```(?:js|yaml)\n(?:\/\/|#) (\S+)\n([\s\S]*?)^```$/gm)];

const modules = blocks.filter(([, file]) => file!.endsWith('.js'));

async function project(): Promise<string> {
  const cwd = await makeWorkspace({ 'words.txt': 'one two three\n', 'package.json': '{ "type": "module" }' });
  for (const [, file, content] of blocks) {
    await mkdir(dirname(join(cwd, file!)), { recursive: true });
    await writeFile(join(cwd, file!), content!);
  }
  return cwd;
}

describe('docs/extending.md and a page for each kind, as they stand', () => {
  it('has a page for each kind of its table, and each page has the line of the settings that names its file', () => {
    const [index, ...others] = pages;
    const linked = [...index!.text.matchAll(/^\| \[[^\]]+\]\((extending\/[\w-]+\.md)\)/gm)].map(
      ([, name]) => name!,
    );
    expect(linked.sort()).toEqual([...kinds].sort());
    const [[, , settings] = []] = blocks.filter(([, file]) => file === '.victorrc');
    for (const { name, text } of others) {
      if (name.endsWith('provider.md')) continue;
      const line = /^```yaml\n(.*)\n```$/m.exec(text)?.[1] ?? `no line in ${name}`;
      expect(settings!.split('\n')).toContain(line);
      expect(text).toContain(`\n// ${/victor\/[\w-]+\.js/.exec(line)?.[0]}\n`);
    }
  });

  it('has a file for everything its settings name', () => {
    const settings = blocks.filter(([, file]) => file!.endsWith('.victorrc'));
    const named = settings.flatMap(([, , text]) => [...text!.matchAll(/\/(victor\/[\w-]+\.js)/g)]);
    expect(settings.map(([, file]) => file)).toEqual(['.victorrc', 'team/.victorrc']);
    expect(modules.map(([, file]) => file).sort()).toEqual(named.map(([, file]) => file).sort());
  });

  it('tool, contributor, tool selection and exporter of the page do their work in one ask', async () => {
    const cwd = await project();
    const model = await scriptedModel(
      { toolCalls: [{ name: 'WordCount', input: { path: 'words.txt' } }] },
      { toolCalls: [{ name: 'WordCount', input: { path: 'missing.txt' } }] },
      { text: 'counted' },
    );
    const { stdout, stderr } = await model.ask(['count the words', '--trust'], { cwd });
    expect(stdout).toContain('counted');
    expect(stderr).not.toMatch(/warning|Instead:/i);
    expect(model.toolResults()[0]).toContain('3 words');
    expect(model.toolResults()[1]).toContain('There is no file missing.txt');
    const { system, tools } = model.server.requests[0]!.body;
    expect(JSON.stringify(system)).toContain('You work for the team payments.');
    expect(tools.map(({ name }: { name: string }) => name)).toContain('WordCount');
    expect(await readFile(join(cwd, 'tally.txt'), 'utf8')).toMatch(/^turn_end$/m);
  });

  it('the untrusted folder loads none of it', async () => {
    const cwd = await project();
    const model = await scriptedModel({ text: 'hi' });
    const { stderr } = await model.ask(['hello'], { cwd });
    expect(stderr).toContain('victor trust');
    expect(JSON.stringify(model.server.requests[0]!.body)).not.toMatch(/WordCount|payments/);
  });

  it('config provider, compaction and coordinator of the page serve a session', async () => {
    const cwd = await project();
    const home = await makeWorkspace({});
    const orchestrator = await createOrchestrator({
      cwd,
      trust: true,
      persist: false,
      environment: { VICTOR_HOME: home, PATH: process.env.PATH },
    });
    await orchestrator.chat('where is one?', { sessionId: 'review-1' });
    expect(orchestrator.coordinators.mode.current('review-1')).toBe('read-only');
    await orchestrator.chat('and again', { sessionId: 'other' });
    expect(orchestrator.coordinators.config.getConfig('other')).toEqual({ maxTurns: 20 });
    expect(orchestrator.coordinators.mode.current('other')).toBe('ask');
    expect(orchestrator.coordinators.metrics.snapshot().turns).toBe(0);
    expect((await orchestrator.compact('other')).strategy).toBe('first-and-last');
    await orchestrator.close();
  });

  it('the provider of the page answers in the folder that names it', async () => {
    const cwd = join(await project(), 'team');
    const { code, stdout } = await runVictor(['ask', 'is anybody there?', '--trust'], { cwd });
    expect(stdout).toBe('You said: is anybody there?\n');
    expect(code).toBe(0);
  });

  it('victor doctor finds every extension of the page in order', async () => {
    const cwd = await project();
    await runVictor(['trust', cwd], { cwd });
    const { stdout } = await runVictor(['doctor', '--json'], { cwd });
    const checks = JSON.parse(stdout) as { name: string; status: string; detail: string }[];
    const own = checks.filter(({ name }) => name.includes('/victor/'));
    expect(own.map(({ status }) => status)).toEqual(modules.slice(0, -1).map(() => 'ok'));
  });
});
