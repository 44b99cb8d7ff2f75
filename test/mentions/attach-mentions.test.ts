import { existsSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownCommandMessage } from '../../src/own-command.js';
import { userBlocks } from '../../src/user-blocks.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';
import { makeWorkspace } from '../helpers/workspace.js';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';

async function sent(text: string, files: Readonly<Record<string, string>>, options = {}) {
  const scripted = await scriptedOrchestrator([{ text: 'done' }], { files, ...options });
  const { orchestrator } = scripted;
  const events = await collect(orchestrator.stream(text, { mentions: text }));
  const notices = ofType(events, 'notice').map((one) => one.text);
  const message = ofType(events, 'message')[0]!.message;
  return { ...scripted, notices, message, content: message.content };
}

describe('mentions in a message', () => {
  it('go along as labelled blocks, and the screen shows what was attached', async () => {
    const { content, message, notices, requests } = await sent('compare @src/a.ts, @"my notes.md" and @src', {
      'src/a.ts': 'one\ntwo\n',
      'my notes.md': 'note </file> end\n',
    });
    expect(content).toBe(
      'compare @src/a.ts, @"my notes.md" and @src\n\n' +
        '<file path="src/a.ts">\n1\tone\n2\ttwo\n</file>\n\n' +
        '<file path="my notes.md">\n1\tnote <\\/file> end\n</file>\n\n' +
        '<folder path="src">\na.ts  8 B\n</folder>',
    );
    expect(requests[0]?.messages[0]?.content).toBe(content);
    expect(notices).toEqual([]);
    expect(userBlocks(message)).toEqual([
      {
        kind: 'user',
        text: 'compare @src/a.ts, @"my notes.md" and @src',
        attached: ['src/a.ts · 2 lines', 'my notes.md · 1 line', 'src · 1 entry'],
      },
    ]);
  });

  it('of nothing that is there are only words, and what looks like a file is said to be missing, in one line', async () => {
    const text = 'ask @alice of @types/node about @missing.ts, @src/b.md and (@./c)';
    const { content, notices, requests } = await sent(text, {});
    expect(content).toBe(text);
    expect(requests).toHaveLength(1);
    expect(notices).toEqual(['@missing.ts, @src/b.md, @./c are not there, so nothing of that went along.']);
    const many = Array.from({ length: 9 }, (_, index) => `@${index}.txt`).join(' ');
    expect((await sent(many, {})).notices).toEqual([
      '@0.txt, @1.txt, @2.txt, @3.txt, @4.txt and 4 more are not there, so nothing of that went along.',
    ]);
  });

  it('of lines bring these lines alone', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`).join('\n');
    const files = { 'a.ts': lines, 'odd:3': 'whole' };
    const { content, message, notices } = await sent(
      'see @a.ts:10-12, @a.ts:20, @odd:3 and @a.ts:32-31.',
      files,
    );
    const block = (from: number, to: number) => {
      const numbered = Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\tline ${from + at}\n`);
      return { start: `<file path="a.ts" lines="${from}-${to}">\n`, body: numbered.join('') };
    };
    for (const { start, body } of [block(10, 12), block(20, 20), block(31, 32)])
      expect(content).toContain(start + body);
    expect(content.match(/\tline/g)).toHaveLength(6);
    expect(content).toContain('<file path="odd:3">\n1\twhole');
    expect(notices).toEqual([]);
    expect(JSON.stringify(userBlocks(message))).toContain('a.ts:10-12 · ');
    expect((await sent('see @a.ts:90-95', files)).notices).toEqual([
      expect.stringMatching(/^@a\.ts:90-95 is not attached: .*50 lines/),
    ]);
  });

  it('of lines of a file with secrets are refused as the whole is', async () => {
    const { content, notices } = await sent('see @.env:1', { '.env': 'KEY=hidden-value' });
    expect(content).toBe('see @.env:1');
    expect(notices).toEqual([expect.stringMatching(/^@\.env:1 is not attached: .*may hold secrets\.$/)]);
  });

  it('are not looked for where nobody wants that', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      files: { 'a.ts': 'x' },
    });
    await orchestrator.chat('see @a.ts');
    expect(requests[0]?.messages[0]?.content).toBe('see @a.ts');
  });

  it('of a file with secrets are refused as Read is, and the user is told', async () => {
    const { content, notices } = await sent('see @.env and @link', {
      '.env': 'KEY=hidden-value',
      'a.txt': '',
    });
    expect(content).toBe('see @.env and @link');
    expect(notices).toEqual([expect.stringMatching(/^@\.env is not attached: .*may hold secrets\.$/)]);
  });

  it('that lead to secrets by a link are refused, too', async () => {
    const cwd = await makeWorkspace({ '.env': 'KEY=hidden-value' });
    await symlink('.env', join(cwd, 'link'));
    const { content, notices } = await sent('see @link', {}, { cwd });
    expect(content).not.toContain('hidden-value');
    expect(notices).toEqual([expect.stringContaining('@link is not attached')]);
  });

  it('of a file outside ask, and a no leaves it out', async () => {
    const outside = await makeWorkspace({ 'x.txt': 'from outside\n' });
    const path = join(outside, 'x.txt');
    const asked: string[] = [];
    const answering = (allowed: boolean) => ({
      onApproval: async ({ decision, title }: { decision: { reason: string }; title: string }) => {
        asked.push(`${title}: ${decision.reason}`);
        return { allowed, scope: 'once' as const };
      },
    });
    const refused = await sent(`see @${path}`, {}, answering(false));
    expect(refused.content).toBe(`see @${path}`);
    expect(refused.notices).toEqual([expect.stringContaining('outside')]);
    const allowed = await sent(`see @${path}`, {}, answering(true));
    expect(allowed.content).toContain('from outside');
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain(path);
  });

  it('that are asked about when the user stops end the turn, and the message is kept', async () => {
    const outside = await makeWorkspace({ 'x.txt': 'from outside\n' });
    const controller = new AbortController();
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'done' }], {
      onApproval: () => {
        controller.abort();
        return new Promise(() => {});
      },
    });
    const text = `see @${outside}/x.txt`;
    const events = await collect(orchestrator.stream(text, { mentions: text, signal: controller.signal }));
    expect(ofType(events, 'turn-end')).toMatchObject([{ reason: 'interrupted' }]);
    expect(orchestrator.coordinators.context.getContext().messages[0]?.content).toBe(text);
    expect(requests).toHaveLength(0);
  });

  it('of a rule that denies are refused with the rule', async () => {
    const settings = { permissions: { deny: ['Read(private/**)'] } };
    const { content, notices } = await sent('see @private/a.txt', { 'private/a.txt': 'mine' }, { settings });
    expect(content).not.toContain('mine');
    expect(notices).toEqual([expect.stringContaining('A rule denies')]);
  });

  it('together are capped, and what is left out is named', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`${index}.txt`, `${'x'.repeat(99)}\n`.repeat(400)]),
    );
    const { content, notices } = await sent('see @0.txt @1.txt @2.txt @3.txt @4.txt @5.txt', files);
    expect(content.length).toBeLessThan(170_000);
    expect(notices).toEqual([
      '@3.txt is not attached: all together would be too long.',
      '@4.txt is not attached: all together would be too long.',
      '@5.txt is not attached: all together would be too long.',
    ]);
  });

  it('of a picture are pictures, and it is said where the model cannot see them', async () => {
    const cwd = await makeWorkspace({});
    await writeFile(join(cwd, 'shot.png'), Buffer.from(png, 'base64'));
    const seen = await sent('what is on @shot.png?', {}, { cwd, model: 'claude-sonnet-5-5' });
    expect(seen.message.images).toEqual([{ mediaType: 'image/png', data: png }]);
    expect(seen.notices).toEqual([]);
    const unseen = await sent('what is on @shot.png?', {}, { cwd, model: 'deepseek-v4-pro' });
    expect(unseen.notices).toEqual(['deepseek-v4-pro cannot see pictures; it is told that there is one.']);
  });

  it('count as read, so that the model may edit what it was shown', async () => {
    const steps = [toolCall('Edit', { path: 'a.txt', oldText: 'one', newText: 'two' }), { text: 'done' }];
    const { orchestrator, cwd } = await scriptedOrchestrator(steps, {
      files: { 'a.txt': 'one\n' },
      onApproval: async () => ({ allowed: true, scope: 'once' }),
    });
    const events = await collect(orchestrator.stream('change @a.txt', { mentions: 'change @a.txt' }));
    expect(ofType(events, 'tool-result')[0]?.result.isError).toBeUndefined();
    await rm(join(cwd, 'a.txt'));
  });
});

describe("a command of the user's own", () => {
  it('runs without a question in any mode, and the model reads it with the next message', async () => {
    const { orchestrator, requests, cwd } = await scriptedOrchestrator([{ text: 'I see.' }], {
      files: { 'a.txt': 'hello\n' },
      settings: { permissions: { mode: 'read-only' } },
    });
    await orchestrator.runCommand('cat a.txt && touch made.txt; exit 3');
    await orchestrator.chat('what came of it?');
    const [ran, question] = requests[0]!.messages;
    expect(ran?.content).toMatch(
      /^!cat a\.txt && touch made\.txt; exit 3\n\n<output>\nExit code 3, after \d+\.\d s\.\nhello\n<\/output>$/,
    );
    expect(question?.content).toBe('what came of it?');
    await rm(join(cwd, 'made.txt'));
  });

  it('is kept in the session, but is nothing to go back to', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'ok' }]);
    await orchestrator.runCommand('echo hi');
    await orchestrator.chat('well?');
    const log = await orchestrator.store.sessions.readLog(orchestrator.sessionId);
    expect(log.map(({ entry }) => entry.type)).toEqual(['message', 'message', 'message']);
    expect((await orchestrator.changes.prompts()).map(({ text }) => text)).toEqual(['well?']);
  });

  it('that is stopped ends with its whole group, and what it said is kept', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator([]);
    const controller = new AbortController();
    const running = orchestrator.runCommand('echo > begun; sleep 600', { signal: controller.signal });
    await expect.poll(() => existsSync(join(cwd, 'begun'))).toBe(true);
    controller.abort();
    await running;
    const { messages } = orchestrator.coordinators.context.getContext();
    expect(messages[0]?.content).toMatch(/^!echo > begun; sleep 600\n\n<output>\nInterrupted/);
  });

  it('is shown with how it ended and the beginning of a long output', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const content = ['Exit code 0, after 0.1 s.', ...lines].join('\n');
    const message = ownCommandMessage('npm test', { content, summary: 'exit code 0' });
    const [user, output] = userBlocks(message, 7);
    expect(user).toEqual({ kind: 'user', text: '!npm test' });
    expect(output).toMatchObject({ kind: 'output', title: 'Exit code 0, after 0.1 s.' });
    expect(output).toMatchObject({ more: '60 more lines: /expand 7 41' });
    expect(output?.kind === 'output' && output.text.split('\n').at(-1)).toBe('line 39');
    expect(userBlocks(message)[1]).toMatchObject({ more: '60 more lines' });
  });
});
