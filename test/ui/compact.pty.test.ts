import { expect } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';

it('/compact --dry-run shows what would go, /compact does it, /uncompact takes it back, also for the next start', async () => {
  const { pty, server, open } = await chat(
    (body) => ({ text: `Answer to ${body.messages.length} messages.` }),
    ['--session-id', 'long'],
  );
  for (let turn = 1; turn <= 7; turn++) {
    pty.write(`question ${turn} about apples${enter}`);
    await pty.waitFor(atRest(`Answer to ${turn * 2 - 1} messages.`));
  }
  pty.write(`/compact --dry-run${enter}`);
  await pty.waitFor(
    /recent would leave out 4 messages:[\s\S]*user: question 1[\s\S]*recent\s+10 messages[^\n]*in force/,
  );
  pty.write(`/compact pears${enter}`);
  await pty.waitFor('Context compacted (recent): 14 messages');
  pty.write(`/uncompact${enter}`);
  await pty.waitFor(/The last compaction is taken back: 10 messages.*14/);
  pty.write(`/uncompact${enter}`);
  await pty.waitFor('No compaction of this session is left');
  pty.write('\u0004');
  await pty.exit;
  const again = open(['--resume', 'long']);
  await again.waitFor('❯');
  again.write(`question 8${enter}`);
  await again.waitFor('Answer to 15 messages.');
  expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('question 1 about apples');
});
