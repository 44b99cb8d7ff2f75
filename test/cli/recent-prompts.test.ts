import { expect, it } from 'vitest';
import { correctionPrompt, schemaPrompt } from '../../src/cli/json-answer/json-prompts.js';
import { recentPrompts } from '../../src/cli/recent-prompts.js';
import { assistantMessage, summaryMessage, userMessage } from '../../src/core/message.js';
import { createMemoryStore } from '../../src/storage/memory-store.js';

it('what was typed in a folder is there at once of the last sessions, and of those before when it is asked for', async () => {
  const { sessions } = createMemoryStore();
  const say = async (id: string, cwd: string, texts: readonly string[]) => {
    await sessions.openSession(id, cwd);
    for (const text of texts) {
      await sessions.appendLog(id, { type: 'message', message: userMessage(text) });
      await sessions.appendLog(id, { type: 'message', message: assistantMessage('answer') });
    }
  };
  await say('elsewhere', '/other', ['of another folder']);
  for (const number of [1, 2, 3, 4, 5])
    await say(`s${number}`, '/work', [`${number} first`, `${number} then`]);
  await say('s6', '/work', [
    '6 first',
    'review <stdin>a diff</stdin>',
    schemaPrompt('sum up', {}),
    correctionPrompt(['wrong']),
    'x'.repeat(2_001),
  ]);

  const { history, earlierPrompts } = await recentPrompts(sessions, '/work');
  expect(history).toEqual(['4 first', '4 then', '5 first', '5 then', '6 first']);
  expect(await earlierPrompts()).toEqual(
    [1, 2, 3].flatMap((number) => [`${number} first`, `${number} then`]),
  );

  await say('odd', '/odd', ['!make']);
  const command = { ...userMessage('!ls'), command: true };
  for (const message of [command, summaryMessage('what was compacted')]) {
    await sessions.appendLog('odd', { type: 'message', message });
  }
  expect((await recentPrompts(sessions, '/odd')).history).toEqual([' !make', '!ls']);

  const nothing = await recentPrompts(sessions, '/empty');
  expect([nothing.history, await nothing.earlierPrompts()]).toEqual([[], []]);
});
