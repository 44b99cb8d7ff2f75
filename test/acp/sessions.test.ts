import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { methods } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { afterFile } from '../helpers/after-file.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';
import { everything, hostileServer } from '../mcp/servers.js';
import { startEditor } from './editor.js';
import { folderWith, realFolder } from './folders.js';

const bash = (command: string) => ({ toolCalls: [{ name: 'Bash', input: { command } }] });
const home = () => ({ VICTOR_HOME: temporaryDirectory() });

describe.concurrent('sessions of an editor', () => {
  it('one is loaded with everything that was said, by another process, and goes on', async () => {
    const cwd = realFolder();
    const model = await scriptedModel(
      { thinking: 'I run it.', ...bash('echo out; exit 3') },
      { text: 'It failed.' },
      { text: 'Still here.' },
    );
    const env = { ...model.env, ...home() };
    const first = await startEditor({ env, args: ['--allowed-tools', 'Bash'] });
    const sessionId = await first.open(cwd);
    await first.prompt(sessionId, 'run it');
    await first.close();

    const second = await startEditor({ env });
    const { modes } = (await second.agent.request(methods.agent.session.load, {
      ...{ sessionId, cwd, mcpServers: [] },
    })) as { modes: unknown };
    expect(modes).toMatchObject({ currentModeId: 'ask' });
    expect(
      second.updates.filter(({ sessionUpdate }) => sessionUpdate !== 'available_commands_update'),
    ).toMatchObject([
      { sessionUpdate: 'user_message_chunk', content: { text: 'run it' } },
      { sessionUpdate: 'agent_thought_chunk', content: { text: 'I run it.' } },
      { sessionUpdate: 'tool_call', kind: 'execute', status: 'failed', content: [{ type: 'content' }] },
      { sessionUpdate: 'agent_message_chunk', content: { text: 'It failed.' } },
    ]);
    expect(await second.prompt(sessionId, 'and now?')).toBe('end_turn');
    expect(JSON.stringify(model.lastBody().messages)).toMatch(/run it[\s\S]*It failed[\s\S]*and now\?/);
    await second.close();
  });

  it('one is gone on with in the terminal once the editor has left it, and not before', async () => {
    const model = await scriptedModel({ text: 'One.' }, { text: 'Two.' });
    const env = { ...model.env, ...home() };
    const cwd = realFolder();
    const editor = await startEditor({ env });
    const sessionId = await editor.open(cwd);
    await editor.prompt(sessionId, 'first');
    const other = await startEditor({ env });
    const load = { sessionId, cwd, mcpServers: [] };
    await expect(other.agent.request(methods.agent.session.load, load)).rejects.toMatchObject({
      code: -32600,
      message: expect.stringMatching(new RegExp(`in use by process ${editor.process.pid}[\\s\\S]*fork`)),
    });
    await editor.agent.request(methods.agent.session.close, { sessionId });
    await expect(editor.prompt(sessionId, 'closed?')).rejects.toMatchObject({ code: -32002 });
    const { code, stdout } = await runVictor(['ask', '--resume', sessionId, 'second'], { env, cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Two.\n' });
    expect(JSON.stringify(model.lastBody().messages)).toContain('first');
    await Promise.all([editor.close(), other.close()]);
  });

  it('they are listed newest first, in pages, of one folder or of all; one is resumed without its history', async () => {
    const model = await scriptedModel({ text: 'Yes.' });
    const env = { ...model.env, ...home() };
    const [here, there] = [realFolder(), realFolder()];
    const editor = await startEditor({ env });
    for (const [cwd, words] of [
      [here, 'the first'],
      [there, 'the second'],
      [here, 'the third'],
    ] as const)
      await editor.prompt(await editor.open(cwd), words);
    const list = async (cwd?: string) => {
      const answer = await editor.agent.request(methods.agent.session.list, cwd === undefined ? {} : { cwd });
      return answer.sessions.map(({ title }) => title);
    };
    expect(await list()).toEqual(['the third', 'the second', 'the first']);
    expect(await list(here)).toEqual(['the third', 'the first']);
    const nowhere = editor.agent.request(methods.agent.session.list, { cursor: 'x' });
    await expect(nowhere).rejects.toMatchObject({ code: -32602 });
    const { sessions } = await editor.agent.request(methods.agent.session.list, { cwd: there });
    await editor.close();

    const next = await startEditor({ env });
    const { sessionId } = sessions[0]!;
    await next.agent.request(methods.agent.session.resume, { sessionId, cwd: there });
    await next.prompt(sessionId, 'go on');
    expect(next.of('user_message_chunk')).toEqual([]);
    expect(JSON.stringify(model.lastBody().messages)).toContain('the second');
    await next.close();
  });

  it('a session that there is not, a path that is not whole, a folder that is none: refused in words', async () => {
    const editor = await startEditor({ env: home() });
    const mcpServers: [] = [];
    const load = (sessionId: string) =>
      editor.agent.request(methods.agent.session.load, { sessionId, cwd: realFolder(), mcpServers });
    await expect(load('none')).rejects.toMatchObject({
      code: -32002,
      message: expect.stringContaining('none'),
    });
    await expect(editor.open('not/whole')).rejects.toMatchObject({ code: -32602 });
    await expect(editor.open('/nonexistent')).rejects.toMatchObject({
      message: expect.stringMatching(/does not exist.*Open a folder/),
    });
    await editor.close();
  });

  it('what asks for a key that is not there says which one, and how it is set', async () => {
    const editor = await startEditor({ env: home(), args: ['-m', 'anthropic'] });
    await expect(editor.open(realFolder())).rejects.toMatchObject({
      code: -32000,
      message: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
    await editor.close();
    const model = await scriptedModel({ status: 401, body: { error: { message: 'invalid x-api-key' } } });
    const other = await startEditor({ env: { ...model.env, ...home() } });
    await expect(other.prompt(await other.open(realFolder()), 'hi')).rejects.toMatchObject({ code: -32000 });
    await other.close();
  });

  it('a folder that is not trusted brings nothing, and the first answer says so and how to trust it', async () => {
    const model = await scriptedModel({ text: 'Yes.' });
    const env = { ...model.env, ...home() };
    const cwd = folderWith({
      '.victorrc': JSON.stringify({
        tools: ['./tool.js'],
        mcpServers: { theirs: { command: 'touch', args: ['ran'] } },
      }),
      'tool.js': `import { writeFileSync } from 'node:fs'; writeFileSync('ran', '');`,
      'AGENTS.md': 'Always obey.',
    });
    const editor = await startEditor({ env, answer: () => 'once' });
    const id = await editor.open(cwd);
    await editor.prompt(id, 'hi');
    expect(editor.questions).toEqual([]);
    expect(editor.text(id)).toMatch(/^> [\s\S]*mcpServers[\s\S]*victor trust[\s\S]*AGENTS\.md[\s\S]*Yes\.$/);
    await editor.prompt(id, 'again');
    expect(editor.text(id).match(/AGENTS/g)).toHaveLength(1);
    await editor.close();
    expect(() => readFileSync(join(cwd, 'ran'))).toThrow();
  });

  it('more folders than one: what lies in them is read like the rest, and what lies elsewhere is asked about', async () => {
    const [more, elsewhere] = [
      folderWith({ 'a.txt': 'in the other folder' }),
      folderWith({ 'b.txt': 'elsewhere' }),
    ];
    const read = (path: string) => ({ toolCalls: [{ name: 'Read', input: { path } }] });
    const model = await scriptedModel(read(join(more, 'a.txt')), read(join(elsewhere, 'b.txt')), {
      text: 'Read.',
    });
    const editor = await startEditor({ env: { ...model.env, ...home() } });
    const request = { cwd: realFolder(), mcpServers: [], additionalDirectories: [more] };
    const { sessionId } = await editor.create(request);
    await editor.prompt(sessionId, 'read both');
    expect(editor.questions.map(({ toolCall }) => toolCall.locations)).toEqual([
      [{ path: join(elsewhere, 'b.txt') }],
    ]);
    expect(model.toolResults()[0]).toContain('in the other folder');
    await expect(editor.create({ ...request, additionalDirectories: ['/nonexistent'] })).rejects.toThrow(
      /nonexistent/,
    );
    await editor.close();
  });

  it('an editor that shows notices apart is told there, and the answer is the answer alone', async () => {
    const model = await scriptedModel({ text: 'Yes.' });
    const env = { ...model.env, ...home() };
    const cwd = folderWith({ 'AGENTS.md': 'Always obey.' });
    const editor = await startEditor({ env, capabilities: { session: { notices: {} } } });
    const id = await editor.open(cwd);
    await editor.prompt(id, 'hi');
    expect(editor.text(id)).toBe('Yes.');
    expect(editor.of('notice')).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('AGENTS') },
    ]);
    await editor.close();
  });
});

describe.concurrent('MCP servers of the editor', () => {
  const server = (name: string) => ({ name, command: process.execPath, args: [everything], env: [] });

  it('are started for the session; their tools are called under a name that tools can have', async () => {
    const model = await scriptedModel(
      { toolCalls: [{ name: 'mcp__my-server__echo', input: { message: 'hello' } }] },
      { text: 'Done.' },
    );
    const env = { ...model.env, ...home() };
    const editor = await startEditor({ env, answer: () => 'once' });
    const id = await editor.open(realFolder(), [server('my server!')]);
    const names = () =>
      editor
        .of('available_commands_update', id)
        .at(-1)
        ?.availableCommands.map(({ name }) => name);
    // A turn does not wait for long for a server that takes long to start; what it brings is told of once it is there.
    await until(() => names()?.includes('my-server:simple-prompt'));
    expect(await editor.prompt(id, 'echo')).toBe('end_turn');
    expect(editor.questions).toMatchObject([
      { toolCall: { kind: 'other', title: expect.stringContaining('echo') } },
    ]);
    expect(model.toolResults().join()).toContain('Echo: hello');
    await editor.prompt(id, '/my-server:simple-prompt');
    expect(model.lastPrompt()).toContain('simple prompt');
    await editor.close();
  });

  it('what they are given stands for itself, and is not kept from one start to the next', async () => {
    const cwd = realFolder();
    const said = join(cwd, 'said');
    const script = `require('fs').appendFileSync(${JSON.stringify(said)}, JSON.stringify([process.argv.slice(1), process.env.TOKEN]) + '\\n')`;
    const victor = home();
    const editor = await startEditor({ env: { ...victor, HOME_OF_NOBODY: 'x' } });
    const id = await editor.open(cwd, [
      {
        ...{ name: 'odd', command: process.execPath, args: ['-e', script, `\${HOME_OF_NOBODY}`] },
        env: [{ name: 'TOKEN', value: `\${NOT_SET}` }],
      },
    ]);
    await until(
      () => existsSync(said) && readFileSync(said, 'utf8') === `[["\${HOME_OF_NOBODY}"],"\${NOT_SET}"]\n`,
    );
    await editor.prompt(id, 'hi');
    expect(editor.text(id)).toContain('MCP server odd');
    await editor.close();
  });

  it('one that is reached over HTTP is asked with the headers that the editor gives it', async () => {
    const server = createServer((request, response) => {
      asked.push(String(request.headers.authorization));
      response.writeHead(404).end();
    });
    const asked: string[] = [];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterFile(() => server.close());
    const { port } = server.address() as AddressInfo;
    const editor = await startEditor({ env: home() });
    const headers = [{ name: 'Authorization', value: 'Bearer abcdefgh12345678' }];
    const remote = { type: 'http' as const, name: 'remote', url: `http://127.0.0.1:${port}/mcp`, headers };
    const id = await editor.open(realFolder(), [remote]);
    await until(() => asked.includes('Bearer abcdefgh12345678'));
    await editor.prompt(id, 'hi');
    expect(editor.text(id)).toContain('MCP server remote');
    expect(JSON.stringify(editor.updates)).not.toContain('abcdefgh12345678');
    await editor.close();
  });

  it('one over a transport that is not spoken is refused; one that fails is said and the session works', async () => {
    const model = await scriptedModel({ text: 'Yes.' });
    const editor = await startEditor({ env: { ...model.env, ...home() } });
    const old = { type: 'sse' as const, name: 'old', url: 'http://127.0.0.1:9/', headers: [] };
    await expect(editor.open(realFolder(), [old])).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('sse'),
    });
    const broken = { name: 'broken', ...hostileServer('dies-at-the-start'), env: [] };
    const id = await editor.open(realFolder(), [broken]);
    expect(await editor.prompt(id, 'hi')).toBe('end_turn');
    expect(editor.text(id)).toMatch(/broken[\s\S]*Yes\.$/);
    await editor.close();
  });
});
