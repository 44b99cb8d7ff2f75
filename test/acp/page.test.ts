import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runShell, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';

const page = readFileSync(new URL('../../docs/acp.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);
const acpx = join(dirname(createRequire(import.meta.url).resolve('acpx/package.json')), 'dist/cli.js');

describe.concurrent('docs/acp.md as it stands', () => {
  it('the client for scripts shows what Victor reads and answers', async () => {
    const [lines = ''] = blocks('sh');
    const model = await scriptedModel(
      { toolCalls: [{ name: 'Read', input: { path: 'notes.txt' } }] },
      { text: 'On Tuesday.' },
    );
    // What npx would fetch is here already, and victor is the one of this checkout.
    const here = lines
      .replace('npx -y acpx@0.1.15', `"$VICTOR_NODE" ${acpx}`)
      .replace('"victor acp"', '"$VICTOR_NODE $VICTOR_LAUNCHER acp"');
    expect(here).not.toContain('npx');
    const home = temporaryDirectory();
    const env = { ...model.env, VICTOR_HOME: join(home, 'victor'), HOME: home };
    const { code, stdout } = await runShell(`set -e\n${here}`, { env });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/\[tool\] Read notes\.txt[\s\S]*On Tuesday\.[\s\S]*end_turn/),
    });
    expect(model.toolResults().join()).toContain('The meeting is on Tuesday.');
  });

  it('the first message of the protocol has its answer', async () => {
    const [, line = ''] = blocks('sh');
    const { code, stdout } = await runShell(line, { env: { VICTOR_HOME: temporaryDirectory() } });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      id: 1,
      result: { protocolVersion: 1, agentInfo: { name: 'victor' } },
    });
  });

  it('what the editors are told to start is there, with every flag that is named', async () => {
    for (const json of blocks('json')) {
      const { command, args } = JSON.parse(json).agent_servers.Victor;
      expect([command, ...args]).toEqual(['victor', 'acp']);
    }
    const { stdout } = await runVictor(['acp', '--help']);
    const flags = [...page.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
    for (const flag of flags.filter((one) => !['--help', '--agent', '--resume'].includes(one)))
      expect(stdout).toContain(flag);
    // Those of a single conversation are not for a process that has many, and trust is not for all folders at once.
    for (const flag of ['--trust', '--resume', '--cwd']) expect(stdout).not.toContain(flag);
  });

  it('the names of its commands are those that a session offers', async () => {
    const home = temporaryDirectory();
    const workflows = { tidy: { description: 'Tidies.', steps: [{ prompt: 'Tidy {{input}}.' }] } };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ workflows }), { mode: 0o600 });
    const model = await scriptedModel({ text: 'Tidy now.' });
    const { startEditor } = await import('./editor.js');
    const editor = await startEditor({ env: { ...model.env, VICTOR_HOME: home } });
    const id = await editor.open(temporaryDirectory());
    await until(() => editor.of('available_commands_update').length > 0);
    const names = editor.of('available_commands_update')[0]!.availableCommands.map(({ name }) => name);
    expect(names).toEqual(['compact', 'workflow:tidy']);
    expect(await editor.prompt(id, '/workflow:tidy the shed')).toBe('end_turn');
    expect(model.lastPrompt()).toContain('Tidy the shed.');
    expect(editor.text(id)).toBe('Tidy now.');
    await editor.close();
  });
});
