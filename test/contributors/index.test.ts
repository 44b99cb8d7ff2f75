import { describe, expect, it } from 'vitest';
import { builtInContributors } from '../../src/contributors/index.js';
import { createSettingsPromptContributor } from '../../src/contributors/settings-prompt.js';
import { PromptCoordinator } from '../../src/coordinators/prompt.js';
import { makeWorkspace } from '../helpers/workspace.js';

describe('builtInContributors', () => {
  it('builds a prompt through the coordinator: base, then the files, then what the user appended', async () => {
    const cwd = await makeWorkspace({ 'AGENTS.md': 'Use tabs.' });
    const built = builtInContributors({ cwd, workspaceRoot: cwd, trusted: true });
    expect(Object.keys(built)).toEqual(['base', 'project-files']);
    const contributors = [
      createSettingsPromptContributor({ append: 'Be brief.' }),
      ...Object.values(built).map((create) => create()),
    ];
    const prompt = await new PromptCoordinator({ contributors }).buildSystemPrompt({ cwd });
    expect(prompt).toMatch(/^You are Victor[\s\S]*Use tabs\.[\s\S]*\n\nBe brief\.$/);
  });

  it('appends nothing when the user appended nothing', async () => {
    const contributors = [createSettingsPromptContributor({})];
    const prompt = await new PromptCoordinator({ contributors }).buildSystemPrompt({});
    expect(prompt).toMatch(/could not verify\.$/);
  });
});
