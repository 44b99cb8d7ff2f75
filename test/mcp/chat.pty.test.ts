import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { atRest, chat } from '../helpers/chat-pty.js';
import { type Pty, startPty } from '../helpers/pty.js';
import { cleanEnvironment, launcher, temporaryDirectory } from '../helpers/run-victor.js';
import { loginServer } from './login-server.js';
import { calls, everything, folder, hostileServer } from './servers.js';

const enter = '\r';
const theEverything = { command: process.execPath, args: [everything] };

/** A chat in a folder whose user has these servers. */
async function chatWith(servers: Readonly<Record<string, unknown>>, steps: Parameters<typeof chat>[0]) {
  const { cwd, home } = folder(servers);
  const { pty, server } = await chat(steps, [], { cwd, environment: { VICTOR_HOME: home } });
  pty.resize(100, 60);
  return { pty, server, cwd, home };
}

/** Asks for the servers, each time once the answer before has come, until they are in this state. */
async function untilListed(pty: Pty, wanted: RegExp): Promise<void> {
  for (let asked = 1; ; asked += 1) {
    pty.write(`/mcp${enter}`);
    const answers = () => pty.history().filter((row) => row === 'MCP servers').length;
    await pty.waitFor(() => answers() >= asked);
    if (wanted.test(pty.history().join('\n'))) return;
    if (asked > 100) throw new Error(pty.history().join('\n'));
    await sleep(300);
  }
}

it('/mcp shows servers with their state and tools, prompts are commands, and what a server has to read goes along', async () => {
  const { pty, server } = await chatWith(
    { everything: theEverything, gone: hostileServer('dies-at-the-start') },
    [{ text: 'First.' }, { text: 'Second.' }, { text: 'Third.' }],
  );
  await pty.waitFor(/The MCP server gone ended with exit code 1; it said: no licence found/);
  await untilListed(pty, /everything {2}stdio, ready\n.* mcp__everything__echo {2}Echoes/);
  const shown = pty.history().join('\n');
  expect(shown).toMatch(/gone {2}stdio, failed\n/);
  expect(shown).toContain('/everything:simple-prompt');
  pty.write(`/everything:args-prompt Paris Texas${enter}`);
  await pty.waitFor(atRest('First.'));
  expect(JSON.stringify(server.requests.at(-1)!.body.messages)).toMatch(/weather in Paris, Texas/);
  pty.write(`/everything:args-prompt${enter}`);
  await pty.waitFor(/\/everything:args-prompt needs city/);
  pty.write(`read @everything:demo://resource/dynamic/text/1${enter}`);
  await pty.waitFor(atRest('Second.'));
  expect(JSON.stringify(server.requests.at(-1)!.body.messages)).toContain(
    '<resource server=\\"everything\\"',
  );
});

it('what a server has to read is completed behind its name, and goes along', async () => {
  const { pty, server } = await chatWith({ everything: theEverything }, [{ text: 'Read it.' }]);
  await untilListed(pty, /everything {2}stdio, ready/);
  pty.write('read @ever');
  await pty.waitFor(/^.*everything:\s*$/m);
  pty.write('\t');
  await pty.waitFor(/everything:demo:\/\/resource\/static/);
  pty.write('architecture');
  await pty.waitFor(() => pty.screen().filter((row) => row.includes('demo://resource')).length === 1);
  pty.write('\t');
  await pty.waitFor(/read @everything:demo:\/\/resource\/static\S*architecture\S*/);
  pty.write(enter);
  await pty.waitFor(atRest('Read it.'));
  expect(JSON.stringify(server.requests.at(-1)!.body.messages)).toContain(
    '<resource server=\\"everything\\"',
  );
});

it('/doctor says how the servers of the chat are', async () => {
  const { pty } = await chatWith(
    { well: hostileServer('well'), gone: hostileServer('dies-at-the-start') },
    [],
  );
  await untilListed(
    pty,
    /well {2}stdio, ready[\s\S]*gone {2}stdio, failed|gone {2}stdio, failed[\s\S]*well {2}stdio, ready/,
  );
  pty.write(`/doctor${enter}`);
  await pty.waitFor(/✗ MCP server gone: .*no licence found/);
  expect(pty.history().join('\n')).toMatch(/✓ MCP server well: answers, with 2 tools/);
});

it('a server that hangs delays no first message, and what comes late is offered in a later one', async () => {
  const { pty, server } = await chatWith({ bad: hostileServer('hangs'), everything: theEverything }, [
    { text: 'First.' },
    { text: 'Later.' },
  ]);
  pty.write(`hi${enter}`);
  await pty.waitFor(atRest('First.'));
  await untilListed(pty, /bad {2}stdio, is starting\n[\s\S]*everything {2}stdio, ready/);
  pty.write(`hi${enter}`);
  await pty.waitFor(atRest('Later.'));
  const [first, later] = server.requests.map(({ body }) =>
    body.tools.map(({ name }: { name: string }) => name),
  );
  expect(later).toContain('mcp__everything__echo');
  expect(later!.slice(0, first!.length)).toEqual(first);
});

it('a yes for the session covers every call of the tool, and none of the others', async () => {
  const { pty } = await chatWith({ well: hostileServer('well') }, [
    calls('mcp__well__do', { x: 'one' }),
    calls('mcp__well__do', { x: 'two' }),
    calls('mcp__well__other'),
    { text: 'All done.' },
  ]);
  await untilListed(pty, /well {2}stdio, ready/);
  pty.write(`go${enter}`);
  await pty.waitFor(/mcp__well__do[\s\S]*one/);
  await pty.waitFor(/every mcp__well__do while/);
  // What is pressed right after a question appeared is not taken for an answer.
  const answer = (key: string, until: RegExp) =>
    expect
      .poll(
        () => {
          pty.write(key);
          return pty.screen().join('\n');
        },
        { interval: 1_200, timeout: 30_000 },
      )
      .toMatch(until);
  await answer('a', /every mcp__well__other/);
  await answer('n', /All done\./);
  expect(pty.history().join('\n')).not.toMatch(/Allow[^\n]*"two"/);
});

it('a folder that names a server asks before anything of it starts, and shows its whole command line', async () => {
  const log = join(temporaryDirectory(), 'log');
  const { cwd, home } = folder();
  const theirs = hostileServer('counts', log);
  writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers: { theirs } }));
  const pty = startPty({
    command: process.execPath,
    args: [launcher, 'chat', '-m', 'offline'],
    cwd,
    env: cleanEnvironment({ VICTOR_HOME: home, NO_COLOR: '1' }),
    columns: 200,
    rows: 40,
  });
  try {
    await pty.waitFor(/mcpServers\.theirs: [\s\S]*hostile-server\.mjs counts/);
  } finally {
    pty.kill();
    await pty.exit;
  }
});

it('/mcp login shows where to log in, the chat goes on meanwhile, and what the server has is there when it is done', async () => {
  const { url } = await loginServer();
  const { pty } = await chatWith({ guarded: { type: 'http', url } }, [{ text: 'Meanwhile.' }]);
  // The address stands in one row.
  pty.resize(600, 60);
  await pty.waitFor(/The MCP server guarded wants you to log in/);
  pty.write(`/mcp login guarded${enter}`);
  await pty.waitFor(/Log in at guarded here/);
  await pty.waitFor(
    /In a browser of another machine it takes another terminal here: victor mcp login guarded/,
  );
  pty.write(`go on${enter}`);
  await pty.waitFor(atRest('Meanwhile.'));
  const [address = ''] = /http:\/\/127\.0\.0\.1:\d+\/authorize\S+/.exec(pty.history().join('\n')) ?? [];
  await fetch(address);
  await pty.waitFor(/You are logged in at guarded/);
  await untilListed(pty, /guarded {2}http, ready\n.* mcp__guarded__whoami/);
  pty.write(`/mcp logout guarded${enter}`);
  await pty.waitFor(/The login at guarded is forgotten/);
});
