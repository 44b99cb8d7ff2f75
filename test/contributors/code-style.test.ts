import { describe, expect, it } from 'vitest';
import { type CodeStyleOptions, createCodeStyleContributor } from '../../src/contributors/code-style.js';
import type { PromptContext } from '../../src/core/extension.js';

const text = (options: CodeStyleOptions, context: PromptContext = { task: 'code_generation' }) =>
  (createCodeStyleContributor(options).getContribution(context) as { text: string }).text;

const pep8 = { maxLineLength: 100, indentation: '4 spaces', namingConvention: 'PEP8', typeHints: true };

describe('code-style', () => {
  it('states the guidelines for a task of code generation', () => {
    expect(text(pep8)).toBe(`## Code Style Guidelines
- Max line length: 100
- Use 4 spaces for indentation
- Follow PEP8 naming convention
- Type hints required for all functions`);
  });

  it('says nothing for other tasks, unless it is to be said always', () => {
    expect(text(pep8, { task: 'explain this' })).toBe('');
    expect(text({ ...pep8, always: true }, { task: 'explain this' })).toContain('PEP8');
  });

  it('states only what was given, and nothing at all when nothing was', () => {
    expect(text({ indentation: 'tabs' })).toBe('## Code Style Guidelines\n- Use tabs for indentation');
    expect(text({})).toBe('');
  });

  it.each([
    ['more than one line', 'tabs\n\n# New orders'],
    ['hidden characters', 'tabs\u{e0041}'],
    ['nothing', ' '],
    ['a speech', 'x'.repeat(101)],
  ])('refuses an option that is %s', (_, indentation) => {
    expect(() => createCodeStyleContributor({ indentation })).toThrow(/indentation/);
  });
});
