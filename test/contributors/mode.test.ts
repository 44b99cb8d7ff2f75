import { describe, expect, it } from 'vitest';
import { createModeContributor } from '../../src/contributors/mode.js';
import { ModeCoordinator } from '../../src/coordinators/mode.js';
import { modes } from '../../src/core/coordinator.js';
import { createPlanTool } from '../../src/tools/plan.js';

const contribution = (mode: string) =>
  createModeContributor().getContribution({ mode }) as { text: string; volatile: boolean };

describe('mode', () => {
  it.each(modes)('says of %s what the mode coordinator decides', (mode) => {
    const coordinator = new ModeCoordinator({ initial: mode });
    const { text } = contribution(mode);
    expect(text).toMatch(new RegExp(`^Mode ${mode}: `));
    const verdict = (kind: 'edit' | 'execute') => coordinator.allows({ name: 'x', kind }).verdict;
    expect(/edits[^.]*refused/.test(text)).toBe(verdict('edit') === 'deny');
    expect(/commands are refused/.test(text)).toBe(verdict('execute') === 'deny');
    expect(/asks the user before each edit/.test(text)).toBe(verdict('edit') === 'ask');
    expect(/asks the user before each (edit and )?command/.test(text)).toBe(verdict('execute') === 'ask');
  });

  it('tells the model in mode plan which tool hands a plan over, and in no other mode', () => {
    const { name } = createPlanTool();
    const naming = modes.filter((mode) => contribution(mode).text.includes(`the tool ${name}`));
    expect(naming).toEqual(['plan']);
  });

  it('is volatile, because a change of mode must not cost the cache of the conversation', () => {
    expect(contribution('plan').volatile).toBe(true);
  });

  it('says nothing where no mode is known', () => {
    expect(contribution('toString').text).toBe('');
    expect((createModeContributor().getContribution({}) as { text: string }).text).toBe('');
  });
});
