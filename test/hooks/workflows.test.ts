import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HookSettings, place, says } from './places.js';

function withWorkflow(commands: HookSettings) {
  const steps = [{ name: 'one', command: 'touch one' }, { command: 'touch two' }];
  return place(commands, { permissions: { mode: 'yolo' }, workflows: { both: { steps } } });
}

describe.concurrent('hooks around the commands of a workflow', () => {
  it('exit code 2 of PreToolUse refuses the step', async () => {
    const here = withWorkflow({
      PreToolUse: { matcher: 'Bash', command: 'grep -q "touch two" && { echo not that >&2; exit 2; }; true' },
    });
    const { code, stderr } = await here.run('run', 'both');
    expect([existsSync(join(here.cwd, 'one')), existsSync(join(here.cwd, 'two'))], stderr).toEqual([
      true,
      false,
    ]);
    expect(stderr).toContain('A hook refuses it: not that');
    expect(code).not.toBe(0);
  });

  it('PostToolUse is told of each with what came of it', async () => {
    const here = withWorkflow({ PostToolUse: { matcher: 'Bash', command: 'cat >> told' } });
    const { code, stderr } = await here.run('run', 'both');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const told = here
      .read('told')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toMatchObject(
      ['touch one', 'touch two'].map((command) => ({
        hook_event_name: 'PostToolUse',
        tool_input: { command },
        tool_response: { content: expect.stringContaining('Exit code 0'), is_error: false },
      })),
    );
  });

  it('a hook that wants nothing more ends the workflow with its step', async () => {
    const here = withWorkflow({
      PostToolUse: { matcher: 'Bash', command: says({ continue: false, stopReason: 'enough' }) },
    });
    const { code, stderr } = await here.run('run', 'both');
    expect([existsSync(join(here.cwd, 'one')), existsSync(join(here.cwd, 'two'))]).toEqual([true, false]);
    expect(stderr).toContain('A hook ends the workflow: enough');
    expect(code).not.toBe(0);
  });
});
