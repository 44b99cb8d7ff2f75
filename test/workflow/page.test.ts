import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runShell, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/workflows.md', root), 'utf8');
const block = (text: string, language: string) =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1] ?? '';
/** Each line of a block on its own, with the exit code that it ends with. */
const lines = (text: string) => block(text, 'sh').trimEnd().split('\n');

async function shellLines(all: readonly string[], options: Parameters<typeof runShell>[1]) {
  const results = [];
  for (const line of all) results.push(await runShell(line, options));
  return results;
}

describe.concurrent('docs/workflows.md as it stands', () => {
  it('its example stops at the question and goes on with a yes, without running anything twice', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, '.victorrc'), block(page, 'yaml'));
    const scripts = { test: 'echo tested >> tests.txt' };
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts }));
    const git = (...args: string[]) => promisify(execFile)('git', args, { cwd });
    await git('init', '-q');
    await git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'first');
    writeFileSync(join(cwd, 'tag.sh'), 'git tag -a "$1" -m "$2"\n');
    const notes = `It's done; more & more.`;
    const model = await scriptedModel({ text: notes });
    const env = {
      ...model.env,
      VICTOR_HOME: join(temporaryDirectory(), 'home'),
      ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
    };
    const settings = { env, cwd };
    await runVictor(['config', 'set', 'commandEnvironment', '["GIT_COMMITTER_*"]'], settings);
    const [trusted, listed, first, second] = await shellLines(lines(page), settings);
    expect(trusted?.code).toBe(0);
    expect(listed?.stdout).toContain('Test, write the notes, ask, and tag');
    expect({ code: first?.code, stdout: first?.stdout }).toEqual({ code: 7, stdout: `${notes}\n` });
    expect(second?.stderr).toContain('goes on behind 3 of 5 steps');
    expect(second?.code).toBe(0);
    expect((await git('tag', '-n9', '-l', 'v1.2.0')).stdout).toContain(notes);
    expect(readFileSync(join(cwd, 'tests.txt'), 'utf8')).toBe('tested\n');
    expect(model.server.requests).toHaveLength(1);
  });

  it('the example of examples/release-workflow does, too, without a key', async () => {
    const cwd = temporaryDirectory();
    cpSync(new URL('examples/release-workflow', root), cwd, { recursive: true });
    const readme = readFileSync(join(cwd, 'README.md'), 'utf8');
    const env = { VICTOR_HOME: join(temporaryDirectory(), 'home') };
    const [first, second] = await shellLines(lines(readme), { env, cwd });
    expect(first?.code).toBe(7);
    expect(first?.stderr).toContain('Publish 1.2.0?');
    expect(second?.code).toBe(0);
    expect(readFileSync(join(cwd, 'releases.txt'), 'utf8')).toBe(
      '1.2.0: One thing was mended, and nothing was broken.\n',
    );
  });

  it('every key of a step, every flag and every exit code that it names exists', async () => {
    const schema = JSON.parse((await runVictor(['config', 'schema'])).stdout);
    const step = schema.properties.workflows.additionalProperties.properties.steps.items;
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(step.properties).sort());
    const help = (await runVictor(['run', '--help'])).stdout;
    for (const [flag] of page.matchAll(/--[a-z-]{4,}/g)) expect(help).toContain(flag);
  });
});
