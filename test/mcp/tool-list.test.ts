import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ApprovedTools } from '../../src/config/approved-tools.js';
import { ToolList } from '../../src/mcp/tool-list.js';
import { temporaryDirectory } from '../helpers/run-victor.js';

const inputSchema = { type: 'object' as const };
const tool = (name: string, description = 'Does it.') => ({ name, description, inputSchema });

/** The tools of a server whose approvals are kept in this folder. */
function list(configDirectory = temporaryDirectory()) {
  const notices: string[] = [];
  const tools = new ToolList({
    ...{ server: 'bad', hash: 'h'.repeat(64) },
    approved: new ApprovedTools({ configDirectory }, { kept: true }),
    call: async () => ({ content: 'called', summary: '' }),
    onNotice: (text) => notices.push(text),
  });
  const read = () => tools.tools.map(({ name, description }) => `${name}: ${description}`);
  return { tools, notices, read, configDirectory };
}

describe('the tools that a server lists', () => {
  it.each([
    [[tool('do', 'EVIL'), tool('do')], []],
    [[tool('do'), tool('do', 'EVIL')], ['mcp__bad__do: Does it.']],
  ])('twice by one name count once, and the second does not stand for the first: %#', (listed, offered) => {
    const { tools, configDirectory } = list();
    tools.take([tool('do')]);
    const later = list(configDirectory);
    later.tools.take(listed);
    expect(later.read()).toEqual(offered);
    expect(later.tools.shown).toHaveLength(1);
    expect(later.notices.join('\n')).toContain('names tools more than once');
    expect(tools.refusal('do')).toBeUndefined();
  });

  it('are all changed when what was approved is damaged or too large, and not as in a first run', () => {
    for (const damage of ['{ not JSON', 'x'.repeat(2_000_000)]) {
      const { tools, configDirectory } = list();
      tools.take([tool('do')]);
      const [file = ''] = readdirSync(join(configDirectory, 'mcp-tools'));
      writeFileSync(join(configDirectory, 'mcp-tools', file), damage, { mode: 0o600 });
      const later = list(configDirectory);
      later.tools.take([tool('do', 'EVIL')]);
      expect(later.read()).toEqual([]);
      expect(later.notices.join()).toContain('other tools than you approved, which are not called: do.');
    }
  });

  it('with the longest names are kept in a file that is read again, and those with longer ones are left out', () => {
    // However slow this machine is, its first run is not over.
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const all = Array.from({ length: 500 }, (_, index) => tool(`${index}`.padStart(128, '\u4e00')));
    const { tools, configDirectory, notices } = list();
    tools.take([...all, tool('x'.repeat(129))]);
    expect(notices.join()).toContain('1 tool with a name of more than 128 characters');
    for (let round = 0; round < 20; round += 1)
      tools.take(Array.from({ length: 500 }, (_, index) => tool(`${round}-${index}`)));
    tools.take(all);
    const [file = ''] = readdirSync(join(configDirectory, 'mcp-tools'));
    expect(statSync(join(configDirectory, 'mcp-tools', file)).size).toBeLessThan(500_000);
    const later = list(configDirectory);
    later.tools.take(all);
    expect(later.tools.shown.filter(({ changed }) => changed)).toEqual([]);
  });

  it('in its first run may be added until one is called, and each addition is told', async () => {
    const { tools, notices, read } = list();
    tools.take([tool('do')]);
    tools.take([tool('do'), tool('second')]);
    expect(read()).toHaveLength(2);
    expect(notices).toEqual([expect.stringContaining('they are approved with it: second.')]);
    await tools.tools[0]!.execute({}, {} as never);
    tools.take([tool('do'), tool('second'), tool('third')]);
    expect(read()).toHaveLength(2);
    expect(tools.refusal('third')).toContain('has changed');
  });

  it('in its first run may be added for some seconds only', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { tools, read } = list();
    tools.take([tool('do')]);
    vi.advanceTimersByTime(11_000);
    tools.take([tool('do'), tool('late')]);
    expect(read()).toEqual(['mcp__bad__do: Does it.']);
  });

  it('change without end: that is told once, until the user has looked', () => {
    const { tools, notices } = list();
    tools.take([tool('do')]);
    for (let round = 0; round < 100; round += 1) tools.take([tool('do', `${round}`), tool(`other ${round}`)]);
    expect(notices.filter((text) => text.includes('than you approved'))).toHaveLength(1);
    tools.approve();
    tools.take([tool('do', 'once more')]);
    expect(notices.filter((text) => text.includes('than you approved'))).toHaveLength(2);
  });

  it('that become alike for a provider have names that do not depend on their order', () => {
    const names = (listed: readonly string[]) => {
      const { tools } = list();
      tools.take(listed.map((name) => tool(name)));
      return tools.tools.map(({ name }) => name).sort();
    };
    const given = ['a.b', 'a_b', 'a b'];
    expect(names(given)).toEqual(names(given.toReversed()));
    expect(new Set(names(given)).size).toBe(3);
    expect(names(given)).toContain('mcp__bad__a_b');
  });
});
