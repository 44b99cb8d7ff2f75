import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls, everything, filesystem, folder, offered } from './servers.js';

const done = { text: 'Done.' };

describe.concurrent('server-everything, the reference of what a server may have', () => {
  it('is added, tested, used by a model, listed and removed', async () => {
    const { run, ask, home } = folder();
    const added = await run('mcp', 'add', 'everything', '--', process.execPath, everything);
    expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('victor mcp test everything') });
    const tested = await run('mcp', 'test', 'everything');
    expect(tested.code).toBe(0);
    expect(tested.stdout).toMatch(/^everything answers, with \d+ tools\n/);
    expect(tested.stdout).toContain('  mcp__everything__echo  ');
    expect(tested.stdout).toContain('/everything:simple-prompt');
    expect(tested.stdout).toContain('@everything:URI');
    const { code, stdout, model } = await ask(
      [calls('mcp__everything__echo', { message: 'hello from here' }), done],
      ['--allowed-tools', 'mcp__everything__echo'],
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' });
    expect(model.toolResults().join()).toContain('Echo: hello from here');
    const { tools } = model.server.requests[0]!.body;
    const echo = tools.find(({ name }: { name: string }) => name === 'mcp__everything__echo');
    expect(echo.input_schema).toMatchObject({ type: 'object', properties: { message: { type: 'string' } } });
    expect((await run('mcp', 'list')).stdout).toContain('everything');
    expect((await run('mcp', 'remove', 'everything')).code).toBe(0);
    expect(readFileSync(join(home, 'config.json'), 'utf8')).not.toContain('everything');
    expect((await run('mcp', 'test', 'everything')).code).toBe(2);
  });

  it('answers with a picture, which the model sees', async () => {
    const { ask } = folder({ everything: { command: process.execPath, args: [everything] } });
    const { model } = await ask(
      [calls('mcp__everything__get-tiny-image'), done],
      ['--allowed-tools', 'mcp__everything'],
    );
    expect(model.toolResults().join()).toContain('"media_type":"image/png"');
  });

  it('has a resource, which @server:uri sends along', async () => {
    const { run, ask } = folder({ everything: { command: process.execPath, args: [everything] } });
    const { code, stderr, model } = await ask([done], ['@everything:demo://resource/dynamic/text/1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('not attached') });
    expect(model.lastPrompt()).toMatch(
      /<resource server="everything" uri="demo:\/\/resource\/dynamic\/text\/1">\n/,
    );
    expect((await run('mcp', 'test', 'everything', '--json')).stdout).toContain('"resources": true');
  });

  it('tells of a resource that it does not have, and the message is asked without', async () => {
    const { ask } = folder({ everything: { command: process.execPath, args: [everything] } });
    const { code, stderr } = await ask([done], ['@everything:demo://nothing/here']);
    expect(code).toBe(0);
    expect(stderr).toContain('@everything:demo://nothing/here is not attached');
  });
});

describe.concurrent('server-filesystem', () => {
  it('reads a file of the folder that it was given', async () => {
    const { ask, cwd, write } = folder(
      {
        files: { command: process.execPath, args: [filesystem, `\${SHARED}`] },
      },
      {},
      { SHARED: '/tmp' },
    );
    write({ 'a.txt': 'the content of a\n' });
    const { code, model } = await ask(
      [calls('mcp__files__read_text_file', { path: join(cwd, 'a.txt') }), done],
      ['--allowed-tools', 'mcp__files'],
    );
    expect(code).toBe(0);
    expect(model.toolResults().join()).toContain('the content of a');
    expect(offered(model)).toContain('mcp__files__write_file');
  });
});

describe.concurrent('victor mcp', () => {
  it('add --scope project writes .mcp.json and keeps what others wrote there', async () => {
    const { run, cwd, write } = folder();
    write({
      '.mcp.json': JSON.stringify({ mcpServers: { old: { command: 'x', alwaysAllow: ['y'] } }, other: 1 }),
    });
    const added = await run(
      'mcp',
      'add',
      'docs',
      '--scope',
      'project',
      '--transport',
      'http',
      '--header',
      'Authorization: Bearer secret-word-123',
      'https://docs.example.com/mcp',
    );
    expect(added.code).toBe(0);
    expect(added.stderr).toContain('what you gave for Authorization may be a secret');
    expect(JSON.parse(readFileSync(join(cwd, '.mcp.json'), 'utf8'))).toEqual({
      mcpServers: {
        old: { command: 'x', alwaysAllow: ['y'] },
        docs: {
          type: 'http',
          url: 'https://docs.example.com/mcp',
          headers: { Authorization: 'Bearer secret-word-123' },
        },
      },
      other: 1,
    });
    expect((await run('mcp', 'list')).stdout).not.toContain('secret-word');
    expect((await run('mcp', 'remove', 'docs', '--scope', 'project')).code).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(join(cwd, '.mcp.json'), 'utf8')).mcpServers)).toEqual(['old']);
  });

  it('add keeps the comments of the settings, and refuses a name twice, a bad name and a half command', async () => {
    const { run, home } = folder();
    const file = join(home, 'config.yaml');
    writeFileSync(file, '# mine\nmaxTurns: 7 # often enough\n', { mode: 0o600 });
    writeFileSync(join(home, 'config.json'), '{}');
    expect((await run('mcp', 'add', 'one', '-e', 'A=b=c', '--', 'some', '-y', '--flag')).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('# mine\nmaxTurns: 7 # often enough\n');
    expect((await run('config', 'show', '--json')).stdout).toContain('"--flag"');
    for (const [args, why] of [
      [['one', '--', 'x'], 'there is a server one already'],
      [['a__b', '--', 'x'], 'cannot be the name of a server'],
      [['two', '--', 'https://example.com'], 'is an address'],
      [['two', '--transport', 'http', '--', 'https://example.com', 'x'], 'takes one address'],
      [['two'], 'missing required argument'],
    ] as const) {
      const { code, stderr } = await run('mcp', 'add', ...args);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(why) });
    }
    expect((await run('mcp', 'remove', 'one')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('maxTurns: 7 # often enough');
    expect((await run('mcp', 'remove', 'one')).code).toBe(2);
  });

  it('test tries a command that is nowhere in the settings', async () => {
    const { run } = folder();
    const tested = await run('mcp', 'test', 'trial', '--', process.execPath, everything);
    expect(tested).toMatchObject({ code: 0, stdout: expect.stringContaining('mcp__trial__echo') });
    const failed = await run(
      'mcp',
      'test',
      'trial',
      '--',
      process.execPath,
      '-e',
      'console.error("not today"); process.exit(7)',
    );
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('ended with exit code 7; it said: not today');
  });
});
