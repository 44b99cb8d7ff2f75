import { describe, expect, it } from 'vitest';
import { builtInContributors } from '../../src/contributors/index.js';
import { createSettingsPromptContributor } from '../../src/contributors/settings-prompt.js';
import { PromptCoordinator } from '../../src/coordinators/prompt.js';
import { makeWorkspace } from '../helpers/workspace.js';

describe('builtInContributors', () => {
  it('builds a prompt through the coordinator: base, then the files, then what the user appended', async () => {
    const cwd = await makeWorkspace({ 'AGENTS.md': 'Use tabs.' });
    const built = builtInContributors({ cwd, workspaceRoot: cwd, trusted: true });
    const contributors = [
      createSettingsPromptContributor({ append: 'Be brief.' }),
      ...['project-files', 'base'].map((name) => built[name]!({})),
    ];
    const prompt = await new PromptCoordinator({ contributors }).buildSystemPrompt({ cwd });
    expect(prompt).toMatch(/^You are Victor[\s\S]*Use tabs\.[\s\S]*\n\nBe brief\.$/);
  });

  it.each(['base', 'project-files', 'mode', 'compliance', 'code-style', 'language', 'environment'])(
    '%s refuses an option that it does not know, and says its name',
    (name) => {
      const create = builtInContributors({ cwd: '/', workspaceRoot: '/', trusted: false })[name]!;
      expect(() => create({ no_such_option: 1 })).toThrow(/no_such_option/);
      expect(create({}).name).toBe(name);
    },
  );

  it('appends nothing when the user appended nothing', async () => {
    const contributors = [createSettingsPromptContributor({})];
    const prompt = await new PromptCoordinator({ contributors }).buildSystemPrompt({});
    expect(prompt).toMatch(/could not verify\.$/);
  });
});
