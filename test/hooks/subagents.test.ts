import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startModelServer } from '../helpers/model-server.js';
import { runVictor } from '../helpers/run-victor.js';
import { place } from './places.js';

it('calls of subagents, of several at once too, are told to hooks and refused by them as those of their session', async () => {
  const here = place(
    {
      PreToolUse: {
        matcher: 'Bash',
        command: `grep -q 'touch wild' && { echo "not that" >&2; exit 2; }; cat > /dev/null; true`,
      },
      PostToolUse: {
        matcher: 'Bash',
        command: `cat >> told; echo '{"decision":"block","reason":"look at it"}'`,
      },
    },
    { permissions: { mode: 'yolo' } },
  );
  const said: string[] = [];
  const task = (prompt: string) => ({ name: 'Task', input: { description: 'do it', prompt } });
  const bash = (command: string) => ({ toolCalls: [{ id: 'call_0', name: 'Bash', input: { command } }] });
  const server = await startModelServer((body) => {
    const text = JSON.stringify(body.messages);
    if (!JSON.stringify(body.system).includes('# You are a subagent'))
      return text.includes('tool_result')
        ? { text: 'Done.' }
        : { toolCalls: [task('wild 1'), task('wild 2'), task('tame')] };
    if (text.includes('tool_result')) {
      said.push(text);
      return { text: 'Finished.' };
    }
    return bash(text.includes('tame') ? 'touch tame' : 'touch wild');
  });
  onTestFinished(() => server.close());
  const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key', VICTOR_HOME: here.home };
  const { stderr } = await runVictor(['ask', '--session-id', 'parent', 'go'], { cwd: here.cwd, env });
  expect([existsSync(join(here.cwd, 'wild')), existsSync(join(here.cwd, 'tame'))], stderr).toEqual([
    false,
    true,
  ]);
  expect(said.filter((text) => text.includes('A hook refuses it: not that'))).toHaveLength(2);
  expect(said.filter((text) => text.includes('look at it'))).toHaveLength(1);
  expect(JSON.parse(here.read('told'))).toMatchObject({
    session_id: 'parent',
    tool_input: { command: 'touch tame' },
  });
});
