import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runShell, temporaryDirectory } from '../helpers/run-victor.js';
import { writeFiles } from '../helpers/workspace.js';

const page = readFileSync(new URL('../../docs/skills-and-commands.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

describe.concurrent('docs/skills-and-commands.md as it stands', () => {
  const [review, notes] = blocks('markdown');
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

  /** Runs a line of the page where its files are, and answers what the model was asked. */
  async function run(command: string, steps: Parameters<typeof scriptedModel>) {
    const home = temporaryDirectory();
    await writeFiles(home, {
      '.config/victor/commands/review.md': review!,
      '.agents/skills/release-notes/SKILL.md': notes!,
    });
    const model = await scriptedModel(...steps);
    const env = { ...model.env, HOME: home, VICTOR_HOME: '' };
    const { code, stderr } = await runShell(command, { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('left out') });
    return { model, home };
  }

  it('has the commands that these tests run', () => {
    expect(commands.map((one) => one.split(' ')[0])).toEqual(['victor', 'victor', 'victor']);
  });

  it('its command is filled in', async () => {
    const { model } = await run(commands[0]!, [{ text: 'Done.' }]);
    expect(model.lastPrompt()).toBe(
      'Review src/queue.ts line by line, with an eye on error handling. Say what you would change, worst first.',
    );
  });

  it('its skill is loaded by the model, and called by name', async () => {
    const loads = { toolCalls: [{ name: 'Skill', input: { name: 'release-notes' } }] };
    const loaded = await run(commands[1]!, [loads, { text: 'Done.' }]);
    expect(JSON.stringify(loaded.model.lastBody().system)).toContain(
      '- release-notes: How release notes are written here.',
    );
    expect(loaded.model.toolResults().join()).toContain('One line a change, in the past tense');
    const { model, home } = await run(commands[2]!, [{ text: 'Done.' }]);
    expect(model.lastPrompt()).toContain('Use the skill release-notes.\n\nfor version 2\n\n<skill');
    expect(model.lastPrompt()).toContain(join(home, '.agents/skills/release-notes'));
  });
});
