import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hookFiles } from '../../src/config/hook-code.js';
import { settings } from '../../src/config/schema.js';
import { CommandSandbox } from '../../src/sandbox/command-sandbox.js';
import { keepHookFiles } from '../../src/sandbox/hook-files.js';
import { sandboxProfile } from '../../src/sandbox/sandbox-exec.js';
import { createBashTool } from '../../src/tools/bash.js';
import { workspace } from '../tools/workspace.js';

const script = '#!/bin/sh\n. tools/deep/sourced.sh\n';

/** A folder whose hook runs a script, which sources another, and the Bash tool as a session has it there. */
function place() {
  const { root, context, write, path } = workspace();
  write('tools/check.sh', script);
  write('tools/deep/sourced.sh', 'true\n');
  write('tools/other.sh', 'true\n');
  const files = hookFiles('sh tools/check.sh', root);
  const confinement = new CommandSandbox({
    settings: settings({ sandbox: 'require' }),
    environment: process.env,
    cwd: root,
    workspaceRoot: root,
    paths: { configDirectory: '/nonexistent', dataDirectory: '/nonexistent' },
    hookFiles: files,
  });
  const tool = createBashTool({ confinement });
  const run = async (command: string) => (await tool.execute({ command }, context)).content;
  return { root, path, run, files };
}

describe('what a confirmed hook runs, in the sandbox', () => {
  it('P16 a command cannot write over it, remove it, rename it or put another folder in its place', async () => {
    const { run, path } = place();
    for (const command of [
      'echo id >> tools/check.sh',
      'rm -f tools/check.sh',
      'mv tools/check.sh x',
      'echo id > x; mv -f x tools/check.sh',
      'mv tools x && mkdir -p tools && echo id > tools/check.sh',
      'mv tools/deep x && mkdir tools/deep && echo id > tools/deep/sourced.sh',
      'echo id > tools/deep/sourced.sh',
      'chmod 777 tools/check.sh',
      'ln -f tools/other.sh tools/check.sh',
    ]) {
      expect(await run(command), command).not.toMatch(/^Exit code 0/);
      expect(readFileSync(path('tools/check.sh'), 'utf8'), command).toBe(script);
      expect(readFileSync(path('tools/deep/sourced.sh'), 'utf8'), command).toBe('true\n');
    }
  });

  it('P16 says why it cannot, and leaves what lies beside it to the command', async () => {
    const { run, path } = place();
    expect(await run('echo id > tools/check.sh')).toContain('a hook that the user confirmed runs it');
    expect(await run('echo id > tools/other.sh; echo x > tools/deep/new; sh tools/check.sh')).toMatch(
      /^Exit code 0/,
    );
    expect(readFileSync(path('tools/other.sh'), 'utf8')).toBe('id\n');
  });
});

it('P16 the profile for macOS denies the same', () => {
  const { root, files } = place();
  const limits = {
    cwd: root,
    writable: [root],
    readable: [],
    hidden: [],
    masked: [],
    denied: [],
    network: false,
  };
  const profile = sandboxProfile({ ...limits, ...keepHookFiles(files, [root]) });
  expect(profile).toContain(`(deny file-write-unlink (literal "${root}/tools")`);
  expect(profile).toMatch(new RegExp(`deny file-write\\* .*subpath "${root}/tools/check.sh"`));
});
