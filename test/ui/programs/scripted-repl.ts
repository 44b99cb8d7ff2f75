/** A REPL over the fake port, for pty tests: what a turn does depends on the first word of the message. */
import { existsSync } from 'node:fs';
import { createApprovalQueue, runRepl } from '../../../src/ui/index.js';
import { type Act, createFakePort } from './fake-port.js';

const act: Act = async ({ text, emit, say, pause, ask }) => {
  const [word, argument = '', interval = '0'] = text.split(' ');
  if (word === 'lines') {
    for (let line = 1; line <= Number(argument); line += 1) {
      say(`answer line ${line}\n`);
      if (Number(interval) > 0) await pause(Number(interval));
    }
    return;
  }
  // Until the test makes this file.
  if (word === 'until') {
    for (let line = 1; !existsSync(argument); line += 1) {
      say(`answer line ${line}\n`);
      await pause(50);
    }
    return;
  }
  if (word === 'words') {
    for (let index = 1; index <= Number(argument); index += 1) {
      say(index % 12 === 0 ? `word${index}.\n` : `word${index} `);
      if (Number(interval) > 0) await pause(Number(interval));
    }
    return;
  }
  if (word === 'prose') {
    // Chunks of about 20 characters in paragraphs of about 480, as models send them.
    for (let index = 1; index <= Number(argument); index += 1) {
      say(
        `${index % 7 === 0 ? '**bold**' : 'words of'} text${String(index).padStart(5, '0')}${index % 24 === 0 ? '.\n\n' : ' '}`,
      );
      if (Number(interval) > 0) await pause(Number(interval));
    }
    return;
  }
  if (word === 'slow') {
    say('This is only the begin');
    await pause(60_000);
    return;
  }
  if (word === 'crash') {
    setTimeout(() => {
      throw new Error('a bug');
    }, 1);
    await pause(60_000);
  }
  // What a component cannot draw: a bug of ours, here made with a wrong event.
  if (word === 'undrawable') {
    emit({ type: 'notice', level: 'info', text: undefined as unknown as string });
    say('The rest goes on.');
    return;
  }
  // What the layout of the whole frame cannot take.
  if (word === 'unlayable') {
    const call = { id: 'call-x', name: 'Bash', input: {} };
    emit({ type: 'tool-call', call, title: undefined as unknown as string });
    await pause(60_000);
  }
  if (word === 'fail') throw new Error('the server said no');
  if (word === 'hostile') {
    say('before\u001b]0;title');
    say('\u0007\u001b[2J\u001b[31mred\u001b');
    say('[0m after\n');
    return;
  }
  const input = word === 'long' ? { command: longCommand } : { command: `touch ${argument}` };
  const call = { id: `call-${argument}`, name: 'Bash', input };
  const approval = await ask(call, input.command);
  const content = approval.allowed ? `ran it\nsecond line of ${argument}` : 'refused';
  emit({
    type: 'tool-result',
    call,
    result: { content, summary: approval.allowed ? `ran for ${approval.scope}` : 'refused' },
    durationMs: 12,
    denied: !approval.allowed,
  });
  say('Done.');
};
const longCommand = Array.from({ length: 60 }, (_, line) => `echo part ${line + 1}`).join('\n');

const approvals = createApprovalQueue();
const [provider = 'fake', sessionId, initialPrompt] = process.argv.slice(2);
const result = await runRepl({
  orchestrator: createFakePort({ act, provider, onApproval: approvals.request }),
  approvals,
  version: '1.2.3',
  notices: [],
  cwd: '/somewhere',
  ...(sessionId ? { sessionId } : {}),
  ...(initialPrompt ? { initialPrompt } : {}),
  detectLocalServers: async () => [{ name: 'Ollama', models: ['ollama/tiny'] }],
});
process.stdout.write(`left ${result.sessionId} ${result.signal ?? 'by choice'}\n`);
