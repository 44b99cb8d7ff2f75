import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chat } from '../helpers/chat-pty.js';

const enter = '\r';

describe('mentions and commands of the user in the real program', () => {
  it('a file is found by some of its letters, read and sent, and the transcript says so', async () => {
    const { pty, cwd, server } = await chat([{ text: 'It greets the world.' }]);
    mkdirSync(join(cwd, 'src'));
    writeFileSync(join(cwd, 'src/greeting.ts'), 'export const hello = 1;\n');
    writeFileSync(join(cwd, '.env'), 'KEY=never-sent\n');
    pty.write('what does @grting');
    await pty.waitFor('❯ src/greeting.ts');
    pty.write('\tand @.env say?');
    await pty.waitFor('@src/greeting.ts and @.env say?');
    pty.write(enter);
    await pty.waitFor('It greets the world.');
    const transcript = pty.history().join('\n');
    expect(transcript).toContain('❯ what does @src/greeting.ts and @.env say?\n  + src/greeting.ts · 1 line');
    expect(transcript).toMatch(/! @\.env is not attached: .*may hold secrets/);
    const asked = JSON.stringify(server.requests[0]?.body);
    expect(asked).toContain('export const hello = 1;');
    expect(asked).not.toContain('never-sent');
  });

  it('a command runs at once, its output is shown and read by the model with the next message, and comes again with a resume', async () => {
    const { pty, server, open } = await chat([{ text: 'It said hi.' }]);
    pty.write('!echo hi-$((40+2)); exit 3');
    await pty.waitFor('$ !echo');
    pty.write(enter);
    await pty.waitFor(/Exit code 3[\s\S]*│ hi-42/);
    expect(server.requests).toHaveLength(0);
    expect(pty.history().join('\n')).toMatch(
      /❯ !echo hi-\$\(\(40\+2\)\); exit 3\n\nExit code 3, after [\d.]+ s\.\n[\s\S]*│ hi-42/,
    );
    pty.write(`what was that?${enter}`);
    await pty.waitFor('It said hi.');
    expect(JSON.stringify(server.requests[0]?.body)).toContain('hi-42');
    pty.write('\u0004');
    await pty.exit;
    const again = open(['--continue']);
    await again.waitFor('│ hi-42');
  });

  it('Escape stops a command', async () => {
    const { pty } = await chat([]);
    pty.write(`!sleep 600${enter}`);
    await pty.waitFor('Running sleep 600');
    pty.write('\u001b');
    await pty.waitFor('Interrupted');
    pty.write('still here');
    await pty.waitFor('❯ still here');
  });

  it('a first message from the command line is never a command, whatever it begins with', async () => {
    const { pty, server, cwd } = await chat([{ text: 'No.' }], ['!touch made']);
    await pty.waitFor('No.');
    expect(server.requests).toHaveLength(1);
    expect(existsSync(join(cwd, 'made'))).toBe(false);
  });
});
