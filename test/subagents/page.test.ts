import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runShell, runVictor, startVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';

const page = readFileSync(new URL('../../docs/subagents.md', import.meta.url), 'utf8');
const block = (language: string) =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

const handOver = (type: string) => ({
  toolCalls: [{ name: 'Task', input: { description: 'review', prompt: 'Review the change.', type } }],
});

/** A folder with the agent of the page, where the page says that it lies. */
function place(folder = '.victor/agents') {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, folder), { recursive: true });
  writeFileSync(join(cwd, folder, 'reviewer.md'), block('markdown'));
  return { cwd, env: { VICTOR_HOME: join(temporaryDirectory(), 'home') } };
}

describe.concurrent('docs/subagents.md as it stands', () => {
  it('its example hands a review to the agent that it defines, which is kept beside the session', async () => {
    const { cwd, env: home } = place();
    const model = await scriptedModel(
      handOver('reviewer'),
      { text: 'Line 3 is wrong.' },
      { text: 'One mistake.' },
    );
    const env = { ...home, ...model.env };
    const { code, stdout } = await runShell(`set -e\n${block('sh')}`, { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toContain('One mistake.');
    const [first, own, last] = model.server.requests.map(({ body }) => body);
    expect(JSON.stringify(first.tools)).toContain('reviewer (reviews a change for mistakes)');
    expect(own.tools.map(({ name }: { name: string }) => name)).toEqual(['Read', 'Glob', 'Grep', 'GitDiff']);
    expect(JSON.stringify(own.system)).toContain('Report only what is wrong');
    expect(JSON.stringify(own.messages)).not.toContain('have the open change reviewed');
    expect(JSON.stringify(last.messages)).toContain('Line 3 is wrong.');

    const [session, ...more] = JSON.parse((await runVictor(['sessions', 'list', '--json'], { env })).stdout);
    expect(more).toEqual([]);
    const list = await runVictor(['sessions', 'list', '--subagents', session.id, '--json'], { env });
    const [child] = JSON.parse(list.stdout);
    expect(child.title).toBe('Review the change.');
    expect((await runVictor(['sessions', 'show', child.id], { env })).stdout).toContain('Line 3 is wrong.');
    // What it cost is counted once, in its parent.
    const stats = JSON.parse((await runVictor(['stats', '--json', '--by', 'session'], { env })).stdout);
    expect(JSON.stringify(stats)).not.toContain(child.id);
    expect((await runVictor(['sessions', 'delete', session.id], { env })).code).toBe(0);
    expect((await runVictor(['sessions', 'show', child.id], { env })).code).not.toBe(0);
  });

  it.each(['.victor/agents', '.agents/agents', '.claude/agents'])(
    '%s of a folder that nobody trusts brings none',
    async (folder) => {
      const { cwd, env } = place(folder);
      const untrusted = await scriptedModel({ text: 'Hi.' });
      await untrusted.ask(['hello'], { cwd, env });
      expect(JSON.stringify(untrusted.lastBody())).not.toContain('reviewer');
      const trusted = await scriptedModel({ text: 'Hi.' });
      await trusted.ask(['hello', '--trust'], { cwd, env });
      expect(JSON.stringify(trusted.lastBody())).toContain('reviewer (reviews a change for mistakes)');
    },
  );

  it.each(['openai', 'openai/gpt-5', 'small-1'])(
    'model: %s of a project sends nothing to another provider',
    async (name) => {
      const { cwd, env: home } = place();
      const text = block('markdown').replace('name: reviewer', `name: reviewer\nmodel: ${name}`);
      writeFileSync(join(cwd, '.victor/agents/reviewer.md'), text);
      const other = await scriptedModel({ text: 'Line 4 is wrong.' });
      const env = { ...home, OPENAI_API_KEY: 'other-key', OPENAI_BASE_URL: other.server.openAIUrl };
      const model = await scriptedModel(handOver('reviewer'), { text: 'Line 3 is wrong.' }, { text: 'Ok.' });
      expect(await model.ask(['go', '--trust', '--model', 'large-1'], { cwd, env })).toMatchObject({
        code: 0,
        stdout: 'Ok.\n',
      });
      expect([...other.server.requests, ...other.server.otherRequests]).toEqual([]);
      const models = model.server.requests.map(({ body }) => body.model);
      expect(models).toEqual(['large-1', name === 'small-1' ? name : 'large-1', 'large-1']);
    },
  );

  it('subagents: false takes the tool away, and a project cannot bring it back', async () => {
    const { cwd, env } = place();
    writeFileSync(join(cwd, '.victorrc'), 'subagents: true\n');
    await runVictor(['config', 'set', 'subagents', 'false'], { env });
    const model = await scriptedModel({ text: 'Hi.' });
    await model.ask(['hello', '--trust'], { cwd, env });
    expect(JSON.stringify(model.lastBody())).not.toContain('"Task"');
  });

  it('the first request stays below 12 kB with it', async () => {
    const model = await scriptedModel({ text: 'Hi.' });
    await model.ask(['hello']);
    expect(model.server.requests[0]!.rawBody).toContain('"Task"');
    expect(Buffer.byteLength(model.server.requests[0]!.rawBody)).toBeLessThan(12_000);
  });

  it('killed with -9 while a subagent works, the session goes on with a valid history', async () => {
    const { cwd, env: home } = place();
    const model = await scriptedModel(handOver('general'), { stallBeforeHeaders: true });
    const env = { ...home, ...model.env };
    const child = startVictor(['ask', 'go', '--session-id', 'killed'], { cwd, env });
    const ended = once(child, 'exit');
    await until(() => model.server.requests.length === 2);
    child.kill('SIGKILL');
    await ended;
    const next = await scriptedModel({ text: 'Going on.' });
    const on = await next.ask(['and now?', '--resume', 'killed'], { cwd, env: home });
    expect(on).toMatchObject({ code: 0, stdout: 'Going on.\n' });
    expect(next.toolResults()[0]).toContain('Outcome unknown');
  });
});
