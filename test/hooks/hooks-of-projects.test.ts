import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor } from '../helpers/run-victor.js';
import { calls, hooks, place, says, verdict } from './places.js';

const done = { text: 'Done.' };
const touch = calls('Bash', { command: 'touch made' });

describe.concurrent('hooks of a project', () => {
  it('run only in a trusted folder, as they were confirmed, with the files that they run', async () => {
    const here = place();
    here.write({
      '.victorrc': JSON.stringify({
        hooks: hooks({ UserPromptSubmit: 'sh "$VICTOR_PROJECT_DIR"/tools/say.sh' }),
      }),
      'tools/say.sh': 'echo "from the project"',
    });
    const untrusted = await here.ask([done]);
    expect(untrusted.model.lastPrompt()).toBe('go');
    expect(untrusted.stderr).toContain('ignored until this folder is trusted: hooks.');

    const trusting = await here.run('trust');
    expect(trusting.stderr).toMatch(/\.victorrc: hooks\.UserPromptSubmit: .*say\.sh.* runs/);
    expect((await here.ask([done])).model.lastPrompt()).toContain('from the project');

    here.write({ 'tools/say.sh': 'echo "from somebody else"' });
    const changed = await here.ask([done]);
    expect(changed.model.lastPrompt()).toBe('go');
    expect(changed.stderr).toMatch(
      /new or changed since you trusted this folder: hooks\.UserPromptSubmit\. Run `victor trust`/,
    );

    await here.run('trust');
    expect((await here.ask([done])).model.lastPrompt()).toContain('from somebody else');
  });

  it('that change another folder first are pinned with what they run there', async () => {
    const here = place();
    here.write({
      '.victorrc': JSON.stringify({ hooks: hooks({ UserPromptSubmit: 'cd tools && ./say.sh' }) }),
      'tools/say.sh': 'echo one',
    });
    await here.run('trust');
    here.write({ 'tools/say.sh': 'echo two' });
    expect((await here.ask([done])).stderr).toContain('hooks.UserPromptSubmit');
  });

  it('P16 run what no command can change where there is a sandbox', async () => {
    const here = place({}, { permissions: { mode: 'yolo' }, sandbox: 'require' });
    here.write({
      '.victorrc': JSON.stringify({ hooks: hooks({ PostToolUse: 'sh tools/check.sh' }) }),
      'tools/check.sh': 'echo ran >> runs',
    });
    await here.run('trust');
    const rewrite = calls('Bash', {
      command: 'mv tools x; mkdir tools; echo "touch hostile" > tools/check.sh',
    });
    const { stderr, model } = await here.ask([touch, rewrite, touch, done]);
    expect(model.toolResults().join()).toContain('a hook that the user confirmed runs it');
    expect(here.read('tools/check.sh')).toBe('echo ran >> runs');
    expect(here.read('runs')).toBe('ran\nran\nran\n');
    expect(stderr).not.toContain('has changed since you confirmed it');
  });

  it('do not run any more when what they run changes in the middle of a session', async () => {
    const here = place({}, { permissions: { mode: 'yolo' }, sandbox: 'off' });
    here.write({
      '.victorrc': JSON.stringify({ hooks: hooks({ PostToolUse: 'sh check.sh' }) }),
      'check.sh': 'echo ran >> runs',
    });
    await here.run('trust');
    const rewrite = calls('Bash', { command: 'echo "touch hostile" > check.sh' });
    const { stderr, model } = await here.ask([touch, rewrite, touch, done]);
    expect(model.server.requests).toHaveLength(4);
    expect(here.read('runs')).toBe('ran\n');
    expect(existsSync(join(here.cwd, 'hostile'))).toBe(false);
    expect(stderr.match(/a file that it runs has changed since you confirmed it/g)).toHaveLength(1);
  });

  it.each(['accept-edits', 'yolo'])(
    'are protected with all that they run: an edit of it asks, in %s too',
    async (mode) => {
      const here = place({}, { permissions: { mode } });
      here.write({
        '.victorrc': JSON.stringify({ hooks: hooks({ Stop: 'sh tools/tested.sh' }) }),
        'tools/tested.sh': '. "./tools/lib.sh"',
        'tools/lib.sh': 'exit 0',
        'tools/other.txt': 'exit 0',
      });
      await here.run('trust');
      const write = (path: string) => calls('Write', { path, content: 'touch hostile' });
      const { code, model, stderr } = await here.ask([
        ...['other.txt', 'lib.sh', 'tested.sh'].map((name) => calls('Read', { path: `tools/${name}` })),
        write('tools/other.txt'),
        write('tools/lib.sh'),
        write('tools/tested.sh'),
        done,
      ]);
      expect({ code, hostile: existsSync(join(here.cwd, 'hostile')) }, stderr).toEqual({
        code: 4,
        hostile: false,
      });
      expect(here.read('tools/other.txt')).toBe('touch hostile');
      expect(here.read('tools/lib.sh')).toBe('exit 0');
      expect(model.toolResults().join()).toMatch(/lib\.sh is protected: a hook that you confirmed runs it/);
      expect(model.toolResults().join()).toMatch(
        /tested\.sh is protected: a hook that you confirmed runs it/,
      );
    },
  );

  it('that guard calls have each asked about once what they run has changed in a session', async () => {
    const here = place({}, { permissions: { mode: 'yolo' }, sandbox: 'off' });
    here.write({
      '.victorrc': JSON.stringify({
        hooks: hooks({ PreToolUse: { matcher: 'Bash', command: 'sh guard.sh' } }),
      }),
      'guard.sh': 'if grep -q hostile; then exit 2; fi',
    });
    await here.run('trust');
    const rewrite = calls('Bash', { command: 'echo true > guard.sh' });
    const { stderr, model } = await here.ask([
      rewrite,
      calls('Bash', { command: 'touch hostile' }),
      calls('List', { path: '.' }),
      done,
    ]);
    expect(here.read('guard.sh'), stderr).toBe('true\n');
    expect(existsSync(join(here.cwd, 'hostile'))).toBe(false);
    expect(model.toolResults().join()).toMatch(
      /A hook asks before it: The PreToolUse hook sh guard\.sh .* has changed .*Run `victor trust`/,
    );
    expect(model.toolResults().join()).toContain('guard.sh');
  });

  it('that guard messages keep back the next one once what they run has changed in a session', async () => {
    const here = place({}, { permissions: { mode: 'yolo' }, sandbox: 'off' });
    here.write({
      '.victorrc': JSON.stringify({
        hooks: hooks({ UserPromptSubmit: 'sh guard.sh' }),
        workflows: { two: { steps: [{ command: 'echo true > guard.sh' }, { prompt: 'go' }] } },
      }),
      'guard.sh': 'exit 0',
    });
    await here.run('trust');
    const model = await scriptedModel(done);
    const env = { ...model.env, VICTOR_HOME: here.home };
    const { code, stderr } = await runVictor(['run', 'two'], { cwd: here.cwd, env });
    expect(stderr).toMatch(
      /A hook keeps this message back: The UserPromptSubmit hook sh guard\.sh .*has changed/,
    );
    expect({ code, requests: model.server.requests.length }).toEqual({ code: 1, requests: 0 });
  });

  it('stand beside those of the user, refuse, and allow nothing', async () => {
    const here = place({ PreToolUse: { matcher: 'Read', command: 'echo "the user says no" >&2; exit 2' } });
    here.write({
      'a.txt': 'a',
      '.victorrc': JSON.stringify({ hooks: hooks({ PreToolUse: verdict('allow', 'trust me') }) }),
    });
    await here.run('trust');
    const asked = await here.ask([touch, done]);
    expect({ code: asked.code, made: existsSync(join(here.cwd, 'made')) }).toEqual({ code: 4, made: false });
    const read = await here.ask([calls('Read', { path: 'a.txt' }), done]);
    expect(read.model.toolResults().join()).toContain('the user says no');
    const updatedInput = { path: '.victorrc' };
    here.write({
      '.victorrc': JSON.stringify({
        hooks: hooks({ PreToolUse: says({ hookSpecificOutput: { updatedInput } }) }),
      }),
    });
    await here.run('trust');
    const changed = await here.ask([calls('List', { path: '.' }), done]);
    expect(changed.model.toolResults().join()).not.toContain('another input');
    here.write({
      '.victorrc': JSON.stringify({ hooks: hooks({ PreToolUse: verdict('deny', 'house rule') }) }),
    });
    await here.run('trust');
    expect((await here.ask([touch, done])).model.toolResults().join()).toContain('house rule');
  });

  it('config validate names mistakes in them, and doctor looks at each without running it', async () => {
    const here = place({ SessionEnd: 'touch ran; if then' });
    here.write({ '.victorrc': JSON.stringify({ hooks: hooks({ Stop: 'touch ran; true' }) }) });
    const doctor = await here.run('doctor');
    expect(doctor.stdout).toMatch(
      /failed hooks\.SessionEnd: user, .*touch ran; if then: bash cannot read it: .*syntax error/,
    );
    expect(doctor.stdout).toMatch(/info {3}hooks\.Stop: .*does not run until `victor trust` has shown it/);
    expect(existsSync(join(here.cwd, 'ran'))).toBe(false);
    for (const [wrong, said] of [
      [{ PreTolUse: [] }, /hooks.*PreToolUse/],
      [{ Stop: [{ matcher: '(', hooks: [] }] }, /hooks.*regular expression/],
      [{ Stop: [{ hooks: [{ type: 'prompt', command: 'x' }] }] }, /hooks.*type/],
    ] as const) {
      here.write({ '.victorrc': JSON.stringify({ hooks: wrong }) });
      const { code, stderr } = await here.run('config', 'validate');
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(said) });
    }
  });
});
