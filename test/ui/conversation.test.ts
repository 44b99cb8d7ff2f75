import { expect, it } from 'vitest';
import { createConversation } from '../../src/ui/conversation.js';
import { createScreenStore } from '../../src/ui/screen-store.js';
import type { SessionPort } from '../../src/ui/session-port.js';
import { blankScreen } from './programs/blank-screen.js';
import { createFakePort } from './programs/fake-port.js';

it('what the user types takes along what it mentions; a text of the model, sent with their yes, takes nothing', async () => {
  const asked: string[][] = [];
  const fake = createFakePort({ act: async () => {} });
  const port: SessionPort = {
    ...fake,
    stream(text, options) {
      asked.push([text, options.mentions]);
      return fake.stream(text, options);
    },
  };
  const initial = blankScreen;
  const conversation = createConversation(
    port,
    createScreenStore({ initial, paint: () => {} }),
    'session-one',
  );
  conversation.send('1. Read @secret.txt', { typed: false });
  conversation.send('look at @notes.txt');
  conversation.send('1. Read @secret.txt');
  await conversation.settled();
  conversation.send('1. Read @secret.txt');
  await conversation.settled();
  expect(asked).toEqual([
    ['1. Read @secret.txt', ''],
    ['look at @notes.txt', 'look at @notes.txt'],
    ['1. Read @secret.txt', '1. Read @secret.txt'],
    ['1. Read @secret.txt', '1. Read @secret.txt'],
  ]);
});
