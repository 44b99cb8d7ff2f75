import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('victor chat, the real program', () => {
  it('reads, asks before it edits, edits, undoes, and tells what it cost', async () => {
    const edit = { path: 'greeting.txt', oldText: 'hello', newText: 'good morning' };
    const { pty, cwd, server } = await chat([
      { text: 'Let me see.', toolCalls: [{ name: 'Read', input: { path: 'greeting.txt' } }] },
      { toolCalls: [{ name: 'Edit', input: edit }] },
      { text: 'The greeting is **friendlier** now.' },
    ]);
    const file = join(cwd, 'greeting.txt');
    await writeFile(file, 'hello\nworld\n');
    pty.write(`make it friendlier${enter}`);
    const asked = await pty.waitFor('y once');
    expect(asked.join('\n')).toContain('✓ Read greeting.txt · 2 lines');
    expect(asked.join('\n')).toContain('  1 - hello\n  1 + good morning\n  2   world');
    expect(await readFile(file, 'utf8')).toBe('hello\nworld\n');
    await sleep(900);
    pty.write('y');
    await pty.waitFor(atRest('The greeting is friendlier now.'));
    expect(pty.history().join('\n')).toMatch(
      /✓ Edit greeting\.txt[^\n]*\n {4}1 - hello\n {4}1 \+ good morning\n {4}2 {3}world/,
    );
    expect(await readFile(file, 'utf8')).toBe('good morning\nworld\n');
    pty.write(`/undo${enter}`);
    expect((await pty.waitFor('Do it?')).join('\n')).toContain('put back    ');
    expect(await readFile(file, 'utf8')).toBe('good morning\nworld\n');
    await sleep(900);
    pty.write(enter);
    await pty.waitFor('Undone');
    expect(await readFile(file, 'utf8')).toBe('hello\nworld\n');
    pty.write(`/cost${enter}`);
    await pty.waitFor('calls     3 to the model');
    expect(server.requests).toHaveLength(3);
  });

  it('does not ask for an edit that cannot apply: the model has the answer at once', async () => {
    const edit = { path: 'greeting.txt', oldText: 'goodbye', newText: 'x' };
    const { pty, cwd, server } = await chat([
      { toolCalls: [{ name: 'Edit', input: edit }] },
      { text: 'It is not there.' },
    ]);
    await writeFile(join(cwd, 'greeting.txt'), 'hello\nworld\n');
    pty.write(`edit it${enter}`);
    const screen = await pty.waitFor('It is not there.');
    expect(screen.join('\n')).toContain('✗ Edit greeting.txt · no match');
    expect(pty.history().join('\n')).not.toContain('Allow Edit?');
    expect(JSON.stringify(server.requests[1]?.body)).toContain('oldText was not found');
  });

  it('keeps a call on the screen that Escape ended at its question, also after a resume', async () => {
    const call = { name: 'Write', input: { path: 'notes.txt', content: 'hi\nthere\n' } };
    const { pty, open } = await chat([{ toolCalls: [call] }]);
    pty.write(`write it${enter}`);
    const asked = await pty.waitFor('y once');
    expect(asked.join('\n')).toContain('  path: notes.txt\n  1 + hi\n  2 + there\nMode ask');
    pty.write('\u001b');
    const screen = await pty.waitFor('Interrupted.');
    expect(screen.join('\n')).toContain('■ Write notes.txt · interrupted');
    pty.write('\u0004');
    await pty.exit;
    const again = await open(['--continue']).waitFor('✗ Write');
    expect(again.join('\n')).toContain('✗ Write notes.txt');
  });

  it('shows Markdown as it is meant, and no marker of it while it streams', async () => {
    const text = [
      '## Result',
      '',
      'The **parser** lives in `src/parse.ts`:',
      '',
      '- it reads *lines*',
      '- it has [docs](docs/parse.md)',
      '',
      '| File | Lines |',
      '|------|------:|',
      '| `parse.ts` | 120 |',
      '| 漢字.ts | 7 |',
      '',
      '```ts',
      'const answer = 42;',
      '```',
      'That is **all**.',
    ].join('\n');
    const { pty } = await chat([{ text, chunks: 60, delayMs: 15 }]);
    const seen = new Set<string>();
    pty.write(`explain${enter}`);
    await pty.waitFor((rows) => {
      for (const row of rows) seen.add(row);
      return rows.some((row) => row.includes('That is all.'));
    });
    const screen = pty.screen().join('\n');
    const answer = screen.slice(screen.indexOf('Result'), screen.indexOf('That is all.'));
    expect(answer.trimEnd().split('\n')).toEqual([
      'Result',
      '',
      'The parser lives in src/parse.ts:',
      '',
      '• it reads lines',
      '• it has docs (docs/parse.md)',
      '',
      'File     │ Lines',
      '─────────┼──────',
      'parse.ts │   120',
      '漢字.ts  │     7',
      '',
      '  ts',
      '  const answer = 42;',
    ]);
    expect([...seen].filter((row) => /\*\*|```|^\|/.test(row))).toEqual([]);
  });

  it('keeps what was said before Escape, and goes on in a resumed session', async () => {
    const { pty, open, server } = await chat([
      { text: 'one two three four five six seven eight nine ten', chunks: 10, delayMs: 300 },
      { text: 'Going on.' },
    ]);
    pty.write(`count${enter}`);
    await pty.waitFor('one two');
    pty.write('\u001b');
    await pty.waitFor('Interrupted.');
    pty.write('\u0004');
    expect(await pty.exit).toBe(0);

    const again = open(['--continue']);
    const screen = await again.waitFor('one two');
    expect(screen).toContain('❯ count');
    again.write(`go on${enter}`);
    await again.waitFor('Going on.');
    const { messages } = server.requests.at(-1)!.body as { messages: { role: string }[] };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('U11 lets no key answer a question that has just appeared, and then says that the tool runs', async () => {
    const untilGo = 'until [ -e go ]; do sleep 0.05; done';
    const { pty, cwd } = await chat([
      { toolCalls: [{ name: 'Bash', input: { command: untilGo } }] },
      { text: 'Done.' },
    ]);
    pty.write(`wait${enter}`);
    await pty.waitFor('Allow Bash?');
    // Right behind a letter that is no answer, a key is too early however late this comes.
    pty.write('xya');
    await sleep(900);
    expect(pty.screen().join('\n')).toContain('Allow Bash?');
    pty.write('y');
    const screen = await pty.waitFor('… Bash until');
    expect(screen.join('\n')).not.toContain('waits for you');
    await writeFile(join(cwd, 'go'), '');
    await pty.waitFor('Done.');
  });

  it('refuses what the user refuses, tells the model, and empties the context on /clear', async () => {
    const { pty, server } = await chat([
      { toolCalls: [{ name: 'Bash', input: { command: 'touch made' } }] },
      { text: 'Then I will not.' },
      { text: 'Fresh.' },
    ]);
    pty.write(`make a file${enter}`);
    await pty.waitFor('Allow Bash?');
    await sleep(900);
    pty.write('n');
    await pty.waitFor(atRest('Then I will not.'));
    expect(pty.screen().join('\n')).toContain('⊘ Bash touch made · refused');
    expect(JSON.stringify(server.requests[1]?.body)).toContain('Not run');
    pty.write(`/clear${enter}`);
    await pty.waitFor(atRest('The context is empty'));
    pty.write(`again${enter}`);
    await pty.waitFor('Fresh.');
    expect(server.requests[2]?.body.messages).toHaveLength(1);
  });

  it('refuses with what the user wants instead, in lines of their own, and the model reads it', async () => {
    const { pty, server, cwd } = await chat([
      { toolCalls: [{ name: 'Bash', input: { command: 'npm install' } }] },
      { text: 'With pnpm, then.' },
    ]);
    pty.write(`install${enter}`);
    await pty.waitFor('r say what instead');
    await sleep(900);
    pty.write('r');
    await pty.waitFor('Say what to do instead');
    pty.write('\u001b');
    await pty.waitFor('r say what instead');
    await sleep(900);
    pty.write('r');
    await pty.waitFor('Say what to do instead');
    await sleep(900);
    // A letter that answers a question is one more letter here.
    pty.write('yes, but with pnpm\\');
    await pty.waitFor('pnpm\\');
    pty.write(enter);
    await pty.waitFor((screen) => screen.some((row) => row.endsWith('with pnpm')));
    pty.write('and no scripts');
    await pty.waitFor('  and no scripts');
    expect(server.requests).toHaveLength(1);
    pty.write(enter);
    const screen = await pty.waitFor('With pnpm, then.');
    expect(screen.join('\n')).toContain('⊘ Bash npm install · refused: yes, but with pnpm ⏎ and no scripts');
    expect(JSON.stringify(server.requests[1]?.body)).toContain(
      'Not run. The user refused it and says what to do instead: yes, but with pnpm\\nand no scripts',
    );
    expect(existsSync(join(cwd, 'node_modules'))).toBe(false);
  });

  it('says who emptied the cache of the provider, and what to do about it', async () => {
    const usage = { inputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 2_000 };
    const { pty } = await chat([
      { text: 'One.', usage },
      { text: 'Two.', usage },
    ]);
    pty.write(`first${enter}`);
    await pty.waitFor(atRest('One.'));
    pty.write(`/model another-model${enter}`);
    await pty.waitFor('another-model answers');
    pty.write(`second${enter}`);
    await pty.waitFor('Two.');
    pty.write(`/why cache${enter}`);
    const shown = (await pty.waitFor('To do')).join('\n');
    expect(shown).toContain('Prompt cache, the last 2 of 2 requests');
    expect(shown).toMatch(/-1 {2}▒{20} +0 +2k +20 {2}first\n/);
    expect(shown).toMatch(/ 0 {2}▒{20} +0 +2k +20 {2}← lost\n/);
    expect(shown).toContain('with the last request: 2k tokens were in the cache, 0 of them were read.');
    expect(shown).toContain('First   model anthropic/another-model is not as it was.');
    expect(shown).toContain('Cause   another model answers (/model)');
  });

  it('shows what a provider refused, with advice, and gives the message back', async () => {
    const { pty } = await chat([{ error: { kind: 'authentication', message: 'invalid x-api-key' } }]);
    pty.write(`hello${enter}`);
    await pty.waitFor(/✗ .*\n.*(key|KEY)/);
    pty.write('\u001b[A');
    await pty.waitFor(/❯ hello\n(?=[^❯]*$)/);
  });

  it('says of an offline session what victor stats says: it costs nothing', async () => {
    const cwd = temporaryDirectory();
    const env = { VICTOR_HOME: temporaryDirectory(), NO_COLOR: '1' };
    await writeFile(join(cwd, 'notes.txt'), 'hello\n');
    const options = { command: process.execPath, args: [launcher, 'chat'], cwd, columns: 100, rows: 30 };
    const pty = startPty({ ...options, env: cleanEnvironment(env) });
    onTestFinished(() => pty.kill());
    await pty.waitFor('❯');
    pty.write(`read notes.txt${enter}`);
    await pty.waitFor(/✓ Read notes\.txt[\s\S]*❯ *\n.*offline/);
    pty.write(`/cost${enter}`);
    await pty.waitFor(/session {3}\$0\.00: /);
    pty.write('\u0004');
    await pty.exit;
    const { stdout } = await runVictor(['stats'], { cwd, env });
    expect(stdout).toMatch(/offline\/\S+ .* \$0\.00\n/);
    expect(stdout).not.toContain('unknown');
  });
});
