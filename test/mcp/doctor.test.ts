import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { folder, hostileServer } from './servers.js';

interface Check {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

const sound = hostileServer('well');
const broken = {
  gone: { command: 'no-such-program-anywhere' },
  moved: { command: '/nonexistent/server' },
  thirsty: { command: process.execPath, args: [`\${NOT_SET_ANYWHERE}`] },
  nowhere: { type: 'http', url: 'ftp://example.com' },
};

describe.concurrent('victor doctor and victor config validate look at MCP servers', () => {
  it('doctor: what could be started, and what could not and why, with nothing started', async () => {
    const log = join(temporaryDirectory(), 'log');
    const { run } = folder({ sound: hostileServer('counts', log), ...broken });
    const { code, stdout } = await run('doctor', '--json');
    const of = (name: string) =>
      (JSON.parse(stdout) as Check[]).filter((one) => one.name === `MCP server ${name}`);
    expect(code).toBe(1);
    expect(of('sound')).toMatchObject([
      { status: 'ok', detail: expect.stringContaining('victor mcp test sound') },
    ]);
    expect(of('gone')).toMatchObject([
      {
        status: 'failed',
        detail: expect.stringMatching(/no program no-such-program-anywhere on PATH.*Install it/),
      },
    ]);
    expect(of('moved')).toMatchObject([
      { status: 'failed', detail: expect.stringContaining('/nonexistent/server') },
    ]);
    expect(of('thirsty')).toMatchObject([
      { status: 'failed', detail: expect.stringContaining('NOT_SET_ANYWHERE') },
    ]);
    expect(of('nowhere')).toMatchObject([
      { status: 'failed', detail: expect.stringMatching(/ftp:.*https:/) },
    ]);
    expect(existsSync(log)).toBe(false);
  });

  it('doctor: one that a folder names and nobody has confirmed is named, and how that is done', async () => {
    const { write, run } = folder();
    write({ '.mcp.json': JSON.stringify({ mcpServers: { theirs: sound } }) });
    const { code, stdout } = await run('doctor', '--json');
    const theirs = (JSON.parse(stdout) as Check[]).filter(({ name }) => name === 'MCP server theirs');
    expect({ code, theirs }).toEqual({
      code: 0,
      theirs: [
        {
          name: 'MCP server theirs',
          status: 'info',
          detail: expect.stringMatching(/\.mcp\.json, and not started.*not confirmed it.*victor trust/),
        },
      ],
    });
  });

  it('validate: the settings are sound, and each server that could not start here is a line', async () => {
    const { run } = folder({ sound, ...broken });
    const { code, stdout, stderr } = await run('config', 'validate');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^valid: /) });
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(stderr).toMatch(/^victor: .*gone.*no program/m);
    expect(stderr).not.toContain('sound');
  });

  it('validate: one that a folder names and nobody has confirmed is said not to count yet', async () => {
    const { write, run } = folder();
    write({ '.mcp.json': JSON.stringify({ mcpServers: { theirs: sound } }) });
    const { code, stderr } = await run('config', 'validate');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /\.mcp\.json: ignored until this folder is trusted: mcpServers.*victor trust/,
      ),
    });
  });

  it('validate FILE: the same of one file, and what is no definition is a mistake with its line', async () => {
    const { cwd, run } = folder();
    const file = join(cwd, 'settings.yaml');
    writeFileSync(file, 'mcpServers:\n  gone: { command: no-such-program-anywhere }\n');
    const one = await run('config', 'validate', file);
    expect(one).toMatchObject({ code: 0, stderr: expect.stringContaining('no-such-program-anywhere') });
    writeFileSync(file, 'mcpServers:\n  bad: { comand: x }\n');
    const other = await run('config', 'validate', file);
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/settings\.yaml:2.*expected \{ command/),
    });
  });
});
