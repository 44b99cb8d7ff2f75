import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const down = '\u001b[B';
const usage = { inputTokens: 1_000, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0 };

it('/status, /context, /permissions, /stats and /doctor tell of the chat that really runs', async () => {
  const { pty, cwd } = await chat([{ text: 'Hello.', usage }]);
  pty.resize(100, 60);
  pty.write(`hi${enter}`);
  await pty.waitFor(atRest('Hello.'));
  pty.write(`/status${enter}`);
  await pty.waitFor(/│ mode +ask\n│ trust +\S+ is not trusted/);
  await pty.waitFor(new RegExp(`│ folder +${cwd}\n│ settings +no file\n│ database +\\S+victor\\.db`));
  pty.write(`/context${enter}`);
  await pty.waitFor(/Context: 1\.1k of \S+ tokens \(\S+ %\), as the provider counted the last request/);
  await pty.waitFor(/│ messages \(2\) +~\d+/);
  pty.write(`/permissions explain rm -rf build${enter}`);
  await pty.waitFor(/What would happen to rm -rf build\n│ ask: /);
  writeFileSync(join(cwd, '.victorrc'), 'permissions:\n  deny: ["Bash(git push:*)"]\n');
  pty.write(`/permissions${enter}`);
  await pty.waitFor(/│ deny +Bash\(git push:\*\) {2}# project \S+\.victorrc:2/);
  pty.write(`/stats day${enter}`);
  await pty.waitFor(/Statistics\n│ Last 30 days: 1 session[\s\S]*│ total +1 +1 +1/);
  pty.write(`/doctor${enter}`);
  const screen = (await pty.waitFor(/Nothing is broken|things? (is|are) broken/, 30_000)).join('\n');
  for (const group of ['system', 'settings', 'this chat']) expect(screen).toContain(`Checked: ${group}`);
});

it('/why says what was decided in this chat, by topic and in one line each, and completes the topics', async () => {
  const { pty, cwd } = await chat(
    [{ toolCalls: [{ name: 'Bash', input: { command: 'touch made' } }] }, { text: 'I may not.', usage }],
    ['--disallowed-tools', 'Bash(touch:*)'],
  );
  writeFileSync(join(cwd, 'AGENTS.md'), 'Be brief.');
  pty.resize(140, 60);
  pty.write(`/why denied${enter}`);
  await pty.waitFor('No tool call was refused: 0 were decided about in this session.');
  pty.write(`hi${enter}`);
  await pty.waitFor(atRest('I may not.'));
  pty.write(`/why denied${enter}`);
  await pty.waitFor(
    /Refused, the last 1 of 1\n│ Call +Bash touch made, turn 1\n│ Why +A rule denies Bash\(touch:\*\)/,
  );
  pty.write(`/why prompt${enter}`);
  await pty.waitFor(new RegExp(`files: \\S*${basename(cwd)}/AGENTS\\.md`));
  pty.write(`/why tools${enter}`);
  await pty.waitFor(/What +Offered all(, \d+ of \d+)?( \(2 times\))?, turn 1\n│ Why +All \d+ tools fit\./);
  pty.write(`/why${enter}`);
  const screen = (await pty.waitFor(/What was decided in this session: \d+ decisions/)).join('\n');
  for (const topic of ['tools', 'prompt', 'compact', 'denied', 'cache', 'config', 'model', 'other'])
    expect(screen).toMatch(new RegExp(`│ ${topic} +\\S`));
});

it('/model offers what could answer, /sessions goes on in the same chat, /copy gives the terminal the answer', async () => {
  const { pty, server } = await chat([{ text: 'Copy me.' }, { text: 'From the other.' }]);
  pty.write(`hi${enter}`);
  await pty.waitFor(/Copy me\.\n\n❯/);
  pty.write(`/copy${enter}`);
  await pty.waitFor('Copied 8 characters by the terminal.');
  const encoded = Buffer.from('Copy me.').toString('base64');
  expect(pty.bytes().toString('latin1')).toContain(`\u001b]52;c;${encoded}\u0007`);
  pty.write(`/model${enter}`);
  await pty.waitFor(/Who answers\?[\s\S]*❯ anthropic\/\S+ \(current\)/);
  pty.write(down);
  await pty.waitFor('❯ anthropic/test-model');
  // What is pressed right after a question appeared is not taken for an answer.
  await expect
    .poll(
      () => {
        pty.write(enter);
        return pty.screen().join('\n');
      },
      { interval: 200, timeout: 10_000 },
    )
    .toContain('anthropic/test-model answers from now on.');
  pty.write(`again${enter}`);
  await pty.waitFor(atRest('From the other.'));
  expect(server.requests.at(-1)?.body).toMatchObject({ model: 'test-model' });
});

it('/model at a first start without a key names every provider with what it takes, and says how the chosen one is had', async () => {
  const { pty } = await chat([], [], { environment: { ANTHROPIC_API_KEY: '' } });
  await pty.waitFor('or type /model to see all');
  pty.write(`/model${enter}`);
  await pty.waitFor(/Who answers\?[\s\S]*❯ offline\/extractive \(current\)/);
  await pty.waitFor(/anthropic\/\S+ +needs a key in ANTHROPIC_API_KEY/);
  await pty.waitFor(/openai\/\S+ +needs a key in OPENAI_API_KEY/);
  pty.write(down);
  await pty.waitFor(/❯ anthropic\//);
  await expect
    .poll(
      () => {
        pty.write(enter);
        return pty.screen().join(' ');
      },
      { interval: 200, timeout: 10_000 },
    )
    .toContain('anthropic needs a key: run export ANTHROPIC_API_KEY=… in the shell');
});

it('/init asks the model in an ordinary turn', async () => {
  const { pty, server } = await chat([{ text: 'Nothing to say.' }]);
  pty.write(`/init${enter}`);
  await pty.waitFor('Nothing to say.');
  expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('Write AGENTS.md in the working directory');
});

it('the status line says the branch and the trust, and becomes what the user’s own command prints', async () => {
  const { pty, cwd, home } = await chat([{ text: 'One.', usage }, { text: 'Two.' }]);
  await pty.waitFor('untrusted');
  mkdirSync(join(cwd, '.git'));
  writeFileSync(join(cwd, '.git/HEAD'), 'ref: refs/heads/topic/7\n');
  pty.write(`hi${enter}`);
  await pty.waitFor('One.');
  await pty.waitFor('topic/7');
  const command = `cat > '${cwd}/facts.json'; echo "mine of $(wc -l < '${cwd}/facts.json')"`;
  writeFileSync(join(home, 'config.json'), JSON.stringify({ statusLine: { command } }), { mode: 0o600 });
  pty.write(`again${enter}`);
  await pty.waitFor('Two.');
  await pty.waitFor(/❯\nask · mine of 1\n/);
  // The command may run again and write anew while this reads.
  await expect
    .poll(() => readFileSync(join(cwd, 'facts.json'), 'utf8'))
    .toSatisfy((text: string) => {
      const { mode, branch, trusted, ...facts } = JSON.parse(text || '{}');
      return facts.cwd === cwd && mode === 'ask' && branch === 'topic/7' && trusted === false;
    });
  pty.write('\u001b[Z');
  await pty.waitFor('accept-edits · mine of 1');
});

it('a project cannot set the command of the status line', async () => {
  const { pty, cwd, open } = await chat([]);
  pty.write('\u0004');
  await pty.exit;
  writeFileSync(join(cwd, '.victorrc'), `statusLine: { command: "touch '${cwd}/ran'; echo evil" }\n`);
  const again = open(['--trust']);
  await again.waitFor(/ask · [\s\S]* trusted/);
  again.write(`/status${enter}`);
  await again.waitFor(/│ trust +\S+ is trusted/);
  expect(existsSync(join(cwd, 'ran'))).toBe(false);
});

it('the window has a title until the chat ends, and a long turn is told to whoever looks elsewhere', async () => {
  const { pty, cwd, home, open } = await chat([{ text: 'One.' }, { text: 'Two.' }]);
  pty.write('\u0004');
  await pty.exit;
  const settings = { notifications: 'osc9', notifyAfterSeconds: 0 };
  writeFileSync(join(home, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
  const again = open();
  await again.waitFor('❯');
  const bytes = () => again.bytes().toString();
  const name = basename(cwd);
  again.write('\u001b[I');
  again.write(`hi${enter}`);
  await again.waitFor('One.');
  await expect.poll(bytes).toContain(`\u001b]2;… ${name} – victor\u0007`);
  expect(bytes()).not.toContain('\u001b]9;');
  again.write('\u001b[O');
  again.write(`hi${enter}`);
  await again.waitFor('Two.');
  await expect.poll(bytes).toContain(`\u001b]9;Victor has finished in ${name}\u0007`);
  expect(again.screen().join('\n')).not.toMatch(/\[[IO]/);
  again.write('\u0004');
  await again.exit;
  expect(bytes().lastIndexOf('\u001b[23;2t')).toBeGreaterThan(bytes().lastIndexOf(' – victor'));
  expect(bytes().lastIndexOf('\u001b[?1004l')).toBeGreaterThan(bytes().lastIndexOf('\u001b[?1004h'));
});

it('U10: what ends the chat gives the terminal back, exits with 1 and leaves where it came from', async () => {
  const { pty, cwd, home, open } = await chat([{ text: 'One.' }]);
  pty.write('\u0004');
  await pty.exit;
  const contributor = `export const create = () => ({
    name: 'bad',
    getContribution() {
      setTimeout(() => { throw new Error('thrown by nobody'); }, 20);
      return '';
    },
  });`;
  writeFileSync(join(cwd, 'bad.mjs'), contributor);
  writeFileSync(join(cwd, '.victorrc'), 'contributors: [base, ./bad.mjs]\n');
  const again = open(['--trust']);
  await again.waitFor('❯');
  again.write(`hi${enter}`);
  expect(await again.exit).toBe(1);
  const said = again.history().join('\n');
  expect(said).toContain('thrown by nobody');
  expect(said).toMatch(/where the fault comes from is in \S+last-fault\.txt/);
  expect(readFileSync(join(home, 'last-fault.txt'), 'utf8')).toContain('bad.mjs');
  expect(again.bytes().toString()).toContain('\u001b[?2004l');
});
