import { expect, it } from 'vitest';
import { initialState } from '../../src/state.js';
import type { CommandContext } from '../../src/ui/commands/command.js';
import { why } from '../../src/ui/commands/why.js';
import { scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

type Options = NonNullable<Parameters<typeof scriptedOrchestrator>[1]>;

/** What `/why denied` says after a turn with one call that nobody answers for. */
async function toldOf(name: string, input: Record<string, unknown>, options: Options = {}): Promise<string> {
  const { orchestrator } = await scriptedOrchestrator([toolCall(name, input), { text: 'I may not.' }], {
    files: { 'private.txt': 'none of your business', '.env': 'KEY=1' },
    ...options,
  });
  await orchestrator.chat('go on');
  const { sessionId } = orchestrator;
  const context = { port: orchestrator, sessionId, state: initialState() } as unknown as CommandContext;
  const [block] = await why.run(context, 'denied');
  return block?.kind === 'output' ? block.text : '';
}

it('/why denied names the list in which the rule stands, also where a rule that denies only asks', async () => {
  const search = { command: 'grep -r business .' };
  const rules = (list: 'ask' | 'deny') => ({ settings: { permissions: { [list]: ['Read(private.txt)'] } } });
  const denied = await toldOf('Bash', search, rules('deny'));
  expect(denied).toContain('It may show what Read(private.txt) keeps back.');
  expect(denied).toContain('take it out of permissions.deny there');
  expect(await toldOf('Bash', search, rules('ask'))).toContain('take it out of permissions.ask there');
  expect(await toldOf('Read', { path: 'private.txt' }, rules('deny'))).toContain(
    'take it out of permissions.deny there',
  );
});

it('/why denied says to name a file only where one was protected, and else who refused', async () => {
  const toName = /To do +Name the file in a rule/;
  expect(await toldOf('Read', { path: '.env' })).toMatch(toName);
  expect(await toldOf('Bash', { command: 'cat .env' })).toMatch(toName);

  const ask = async () => ({ allowed: false, scope: 'once' }) as const;
  const own = { decide: async () => ({ verdict: 'deny', reason: 'Not on a Friday.' }) as const, ask };
  const refused = await toldOf('List', { path: '.' }, { coordinators: { permission: own } });
  expect(refused).toMatch(/Why +Not on a Friday\.\nTo do +The permission coordinator refused it/);

  const broken = {
    decide: async () => {
      throw new Error('no idea');
    },
    ask,
  };
  expect(await toldOf('List', { path: '.' }, { coordinators: { permission: broken } })).toMatch(
    /Why +What decides about permission failed.*\nTo do +Mend your own permission or mode coordinator/,
  );
});
