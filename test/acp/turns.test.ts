import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { methods } from '@agentclientprotocol/sdk';
import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../helpers/ask-model.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { until } from '../helpers/until.js';
import { type Editor, startEditor } from './editor.js';
import { folderWith, realFolder } from './folders.js';

const edit = (oldText: string, newText: string) => ({
  toolCalls: [{ name: 'Edit', input: { path: 'a.txt', oldText, newText } }],
});
const task = {
  toolCalls: [{ name: 'Task', input: { description: 'a job', prompt: 'Do it.', type: 'general' } }],
};
const statesOf = (editor: Editor, id: string) =>
  editor.of('tool_call_update').flatMap(({ toolCallId, status }) => (toolCallId === id ? [status] : []));
const bash = (command: string) => ({ toolCalls: [{ name: 'Bash', input: { command } }] });

describe.concurrent('an editor by the official SDK and victor acp: turns', () => {
  it('a new session says its modes, its models and its commands; an answer streams and ends the turn', async () => {
    // The end of the answer comes once the editor has seen its beginning.
    const before = async (piece: string) => {
      if (piece.includes('re.')) await until(() => editor.of('agent_message_chunk').length > 0);
    };
    const model = await scriptedModel({ thinking: 'Hm.', text: 'Hello there.', chunks: 4, before });
    const editor = await startEditor({ env: model.env });
    const request = { cwd: realFolder(), mcpServers: [] };
    const { sessionId, modes, configOptions } = await editor.create(request);
    expect(modes?.currentModeId).toBe('ask');
    expect(modes?.availableModes.map(({ id }) => id)).toContain('plan');
    const options = Object.fromEntries((configOptions ?? []).map((one) => [one.category, one]));
    expect(options.mode).toMatchObject({ currentValue: 'ask' });
    expect(options.model).toMatchObject({ currentValue: expect.stringMatching(/^anthropic\/claude/) });
    await until(() => editor.of('available_commands_update', sessionId).length === 1);
    expect(await editor.prompt(sessionId, 'hi')).toBe('end_turn');
    expect(editor.text(sessionId)).toBe('Hello there.');
    expect(editor.of('agent_message_chunk').length).toBeGreaterThan(1);
    const thought = editor.of('agent_thought_chunk').map(({ content }) => 'text' in content && content.text);
    expect(thought.join('')).toBe('Hm.');
    expect(editor.of('usage_update').at(-1)).toMatchObject({
      used: expect.any(Number),
      size: expect.any(Number),
      cost: { currency: 'USD' },
    });
    expect(await editor.close()).toEqual({ code: 0, stderr: '' });
  });

  it('an edit is asked about with its diff and why, runs after a yes, and is told as completed', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const file = join(cwd, 'a.txt');
    const read = { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const model = await scriptedModel(read, edit('one', 'two'), { text: 'Done.' });
    const editor = await startEditor({ env: model.env, answer: () => 'once' });
    expect(await editor.prompt(await editor.open(cwd), 'change it')).toBe('end_turn');
    expect(readFileSync(file, 'utf8')).toBe('two\n');
    const [question] = editor.questions;
    expect(question?.options.map(({ kind }) => kind)).toEqual([
      'allow_once',
      'allow_always',
      'allow_always',
      'reject_once',
    ]);
    expect(question?.toolCall).toMatchObject({
      kind: 'edit',
      locations: [{ path: file }],
      content: [
        { type: 'content', content: { text: expect.stringContaining('ask') } },
        { type: 'diff', path: file, oldText: 'one\n', newText: 'two\n' },
      ],
    });
    const calls = editor.of('tool_call');
    expect(calls).toMatchObject([
      { kind: 'read', title: 'Read a.txt', status: 'pending', locations: [{ path: file }] },
      { kind: 'edit', title: 'Edit a.txt', status: 'pending', rawInput: { newText: 'two' } },
    ]);
    const ends = editor.of('tool_call_update').filter(({ status }) => status === 'completed');
    expect(ends.map(({ toolCallId }) => toolCallId)).toEqual(calls.map(({ toolCallId }) => toolCallId));
    expect(ends[1]?.content).toMatchObject([{ type: 'diff', oldText: 'one\n', newText: 'two\n' }]);
    await editor.close();
  });

  it('an edit of a subagent is asked about with its diff, and told as completed', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const read = { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const model = await scriptedModel(task, read, edit('one', 'two'), { text: 'Did it.' }, { text: 'Done.' });
    const editor = await startEditor({ env: model.env, answer: () => 'once' });
    expect(await editor.prompt(await editor.open(cwd), 'hand it over')).toBe('end_turn');
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('two\n');
    expect(editor.questions).toMatchObject([
      {
        toolCall: {
          content: [
            { content: { text: expect.stringContaining('The subagent general') } },
            { type: 'diff', path: join(cwd, 'a.txt'), oldText: 'one\n', newText: 'two\n' },
          ],
        },
      },
    ]);
    const id = editor.questions[0]!.toolCall.toolCallId;
    expect(statesOf(editor, id)).toEqual(['in_progress', 'completed']);
    await editor.close();
  });

  it.each([
    ['exit 0', 'completed'],
    ['exit 3', 'failed'],
  ])(
    'a command of a subagent runs from the yes on, and has ended when it has: %s is %s',
    async (end, state) => {
      const cwd = realFolder();
      const command = `touch begun; until [ -e go ]; do sleep 0.05; done; ${end}`;
      const model = await scriptedModel(task, bash(command), { text: 'Did it.' }, { text: 'Done.' });
      const editor = await startEditor({ env: model.env, answer: () => 'once' });
      const turn = editor.prompt(await editor.open(cwd), 'hand it over');
      await until(() => existsSync(join(cwd, 'begun')));
      const id = editor.questions[0]!.toolCall.toolCallId;
      await until(() => statesOf(editor, id).length > 0);
      expect(statesOf(editor, id)).toEqual(['in_progress']);
      writeFileSync(join(cwd, 'go'), '');
      expect(await turn).toBe('end_turn');
      expect(statesOf(editor, id)).toEqual(['in_progress', state]);
      await editor.close();
    },
  );

  it('a mentioned file that is asked about is read after a yes, and has been when the model is asked', async () => {
    const file = join(folderWith({ 'far.txt': 'from far away' }), 'far.txt');
    for (const [answer, states] of [
      ['once', ['in_progress', 'completed']],
      ['reject', ['failed']],
    ] as const) {
      const model = await scriptedModel({ text: 'Seen.' });
      const editor = await startEditor({ env: model.env, answer: () => answer });
      expect(await editor.prompt(await editor.open(realFolder()), `look at @${file}`)).toBe('end_turn');
      expect(editor.questions).toHaveLength(1);
      expect(statesOf(editor, editor.questions[0]!.toolCall.toolCallId)).toEqual(states);
      expect(model.lastPrompt().includes('from far away')).toBe(answer === 'once');
      await editor.close();
    }
  });

  it('a no, an answer that was not offered and a question left alone all refuse the call', async () => {
    for (const answer of ['reject', 'everything', undefined]) {
      const model = await scriptedModel(bash('touch there'), { text: 'Then not.' });
      const cwd = realFolder();
      const editor = await startEditor({ env: model.env, answer: () => answer });
      expect(await editor.prompt(await editor.open(cwd), 'do it')).toBe('end_turn');
      expect(existsSync(join(cwd, 'there'))).toBe(false);
      expect(editor.questions).toHaveLength(1);
      expect(editor.of('tool_call_update').at(-1)).toMatchObject({ status: 'failed' });
      expect(model.toolResults().join()).toContain('Not run');
      await editor.close();
    }
  });

  it('what is allowed for the session is not asked again in it, and is in the next one', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const model = await scriptedModel(
      edit('one', 'two'),
      edit('two', 'three'),
      { text: 'Done.' },
      edit('three', 'four'),
      { text: 'Done.' },
    );
    const editor = await startEditor({ env: model.env, answer: () => 'session' });
    await editor.prompt(await editor.open(cwd), 'twice');
    expect(editor.questions).toHaveLength(1);
    await editor.prompt(await editor.open(cwd), 'once more');
    expect(editor.questions).toHaveLength(2);
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('four\n');
    await editor.close();
  });

  it('a command shows what it puts out while it runs, and its result in a fence that nothing in it ends', async () => {
    const cwd = realFolder();
    const go = join(cwd, 'go');
    const model = await scriptedModel(
      bash(`printf '%s\\n' first '\`\`\`' '\\033[31mred'; until [ -e go ]; do sleep 0.05; done; echo last`),
      { text: 'Done.' },
    );
    const editor = await startEditor({ env: model.env, answer: () => 'once' });
    const turn = editor.prompt(await editor.open(cwd), 'run it');
    const running = () => editor.of('tool_call_update').filter(({ content }) => content);
    await until(() => JSON.stringify(running()).includes('first'));
    expect(running().at(-1)).toMatchObject({ status: 'in_progress' });
    writeFileSync(go, '');
    expect(await turn).toBe('end_turn');
    const [content] = running().at(-1)?.content ?? [];
    expect(content).toMatchObject({
      content: { text: expect.stringMatching(/^````\n[\s\S]*last[\s\S]*\n````$/) },
    });
    expect(JSON.stringify(editor.updates)).not.toContain('\\u001b');
    expect(editor.of('tool_call')).toMatchObject([
      { kind: 'execute', title: expect.stringContaining('Bash') },
    ]);
    await editor.close();
  });

  it('a question shows the whole command as it is, however it would be drawn as a title', async () => {
    const command = `echo '[harmless](x)'  # ${'x'.repeat(300)}\ntouch there`;
    const model = await scriptedModel(bash(command), { text: 'Then not.' });
    const editor = await startEditor({ env: model.env });
    const id = await editor.open(realFolder());
    await editor.prompt(id, 'run it');
    const [question] = editor.questions;
    expect(question?.toolCall.title).not.toContain('\n');
    expect(question?.toolCall.title?.length).toBeLessThan(210);
    expect(question?.toolCall.content?.[1]).toMatchObject({
      content: { text: `\`\`\`\n${command}\n\`\`\`` },
    });
    await until(() => editor.of('session_info_update', id).length === 1);
    expect(editor.of('session_info_update', id)[0]?.title).toBe('run it');
    await editor.close();
  });

  it('what the model asks is put with its answers, and without one the user answers with the next prompt', async () => {
    const ask = (question: string, options?: string[]) => ({
      toolCalls: [{ name: 'AskUser', input: { question, options } }],
    });
    const model = await scriptedModel(ask('Tabs or spaces?', ['Tabs', 'Spaces']), ask('How wide?'), {
      text: 'I wait.',
    });
    const editor = await startEditor({
      env: model.env,
      answer: ({ options }) =>
        options.find(({ name }) => name === 'Spaces')?.optionId ?? options[0]?.optionId,
    });
    expect(await editor.prompt(await editor.open(realFolder()), 'format it')).toBe('end_turn');
    expect(editor.questions).toMatchObject([
      {
        toolCall: { content: [{ content: { text: 'Tabs or spaces?' } }] },
        options: [{ name: 'Tabs' }, { name: 'Spaces' }, { kind: 'reject_once' }],
      },
      { options: [{ kind: 'reject_once' }] },
    ]);
    const [first, second] = model.toolResults();
    expect(first).toContain('The user answered: Spaces');
    expect(second).toContain('next message');
    await editor.close();
  });

  it('the steps of a longer task are a plan that the editor shows, also when the session is loaded again', async () => {
    const todos = [
      { content: 'Look', status: 'completed' },
      { content: 'Mend', status: 'in_progress' },
    ];
    const model = await scriptedModel(
      { toolCalls: [{ name: 'TodoWrite', input: { todos } }] },
      { text: 'On it.' },
    );
    const cwd = realFolder();
    const editor = await startEditor({ env: model.env });
    const sessionId = await editor.open(cwd);
    await editor.prompt(sessionId, 'mend it');
    const entries = todos.map((todo) => ({ ...todo, priority: 'medium' }));
    expect(editor.of('plan')).toMatchObject([{ entries }]);
    await editor.agent.request(methods.agent.session.load, { sessionId, cwd, mcpServers: [] });
    expect(editor.of('plan')).toMatchObject([{ entries }, { entries }]);
    await editor.close();
  });

  it('a command of the user’s own is offered, and stands for the message in its file', async () => {
    const victor = temporaryDirectory();
    mkdirSync(join(victor, 'commands'));
    writeFileSync(
      join(victor, 'commands', 'tidy.md'),
      '---\ndescription: Tidies up\n---\nTidy $ARGUMENTS, please.',
    );
    const model = await scriptedModel({ text: 'Tidy now.' });
    const editor = await startEditor({ env: { ...model.env, VICTOR_HOME: victor } });
    const id = await editor.open(realFolder());
    await until(() => editor.of('available_commands_update', id).length > 0);
    const commands = editor.of('available_commands_update', id)[0]?.availableCommands;
    expect(commands).toMatchObject([{ name: 'compact' }, { name: 'tidy', description: 'Tidies up' }]);
    await editor.prompt(id, '/tidy the shed');
    expect(model.lastPrompt()).toContain('Tidy the shed, please.');
    await editor.close();
  });

  it('why a turn ended is told in the words of the protocol', async () => {
    const cases = [
      [{ text: 'cut', stopReason: 'max-tokens' }, [], 'max_tokens'],
      [{ text: 'no', stopReason: 'refusal' }, [], 'refusal'],
      [bash('true'), ['--max-turns', '1', '--allowed-tools', 'Bash'], 'max_turn_requests'],
    ] as const;
    for (const [step, args, expected] of cases) {
      const model = await scriptedModel(step);
      const editor = await startEditor({ env: model.env, args: [...args] });
      const id = await editor.open(realFolder());
      expect(await editor.prompt(id, 'go')).toBe(expected);
      if (expected === 'max_turn_requests') expect(editor.text(id)).toContain('limit of 1 provider call');
      await editor.close();
    }
  });

  it('a plan is asked about with its words, and a yes changes the mode and says so', async () => {
    const cwd = folderWith({ 'a.txt': 'one\n' });
    const plan = { toolCalls: [{ name: 'Plan', input: { plan: '# The plan\n\nChange it.' } }] };
    const model = await scriptedModel(plan, edit('one', 'two'), { text: 'Done.' });
    const editor = await startEditor({ env: model.env, answer: () => 'accept-edits' });
    const sessionId = await editor.open(cwd);
    await editor.agent.request(methods.agent.session.setMode, { sessionId, modeId: 'plan' });
    expect(await editor.prompt(sessionId, 'plan it')).toBe('end_turn');
    expect(editor.questions).toHaveLength(1);
    expect(editor.questions[0]).toMatchObject({
      toolCall: {
        kind: 'switch_mode',
        content: [{ content: { text: expect.stringContaining('# The plan') } }],
      },
      options: [{ optionId: 'ask' }, { optionId: 'accept-edits' }, { optionId: 'reject' }],
    });
    expect(editor.of('current_mode_update').map(({ currentModeId }) => currentModeId)).toEqual([
      'plan',
      'accept-edits',
    ]);
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('two\n');
    await editor.close();
  });

  it('mode and model are chosen as options; what there is not is refused and changes nothing', async () => {
    const model = await scriptedModel({ text: 'Yes.' });
    const editor = await startEditor({ env: model.env });
    const sessionId = await editor.open(realFolder());
    const set = async (configId: string, value: string) => {
      const method = methods.agent.session.setConfigOption;
      const { configOptions } = await editor.agent.request(method, { sessionId, configId, value });
      return Object.fromEntries(configOptions.map(({ id, currentValue }) => [id, currentValue]));
    };
    expect(await set('mode', 'read-only')).toMatchObject({ mode: 'read-only' });
    expect(await set('model', 'anthropic/claude-haiku-4-5')).toEqual({
      mode: 'read-only',
      model: 'anthropic/claude-haiku-4-5',
    });
    await expect(set('mode', 'god')).rejects.toMatchObject({ code: -32602 });
    await expect(set('model', 'openai/gpt-5.4')).rejects.toMatchObject({
      code: -32000,
      message: expect.stringContaining('OPENAI_API_KEY'),
    });
    await expect(set('colour', 'red')).rejects.toMatchObject({ code: -32602 });
    await editor.prompt(sessionId, 'hi');
    expect(model.lastBody().model).toBe('claude-haiku-4-5');
    expect(editor.of('config_option_update').length).toBeGreaterThanOrEqual(2);
    await editor.close();
  });

  it('a prompt into a session that still works is refused, and the work goes on', async () => {
    const cwd = realFolder();
    const model = await scriptedModel(bash('until [ -e go ]; do sleep 0.05; done'), { text: 'Done.' });
    const editor = await startEditor({ env: model.env, args: ['--allowed-tools', 'Bash'] });
    const id = await editor.open(cwd);
    const turn = editor.prompt(id, 'wait');
    await until(() => editor.of('tool_call').length === 1);
    await expect(editor.prompt(id, 'and this')).rejects.toMatchObject({
      code: -32600,
      message: expect.stringContaining('still working'),
    });
    writeFileSync(join(cwd, 'go'), '');
    expect(await turn).toBe('end_turn');
    await editor.close();
  });

  it('two sessions in two folders work at once, and what is said in one is said in it alone', async () => {
    const model = await scriptedModel();
    const folders = [folderWith({ 'a.txt': 'of the first' }), folderWith({ 'a.txt': 'of the second' })];
    const editor = await startEditor({ env: model.env });
    const ids = await Promise.all(folders.map((cwd) => editor.open(cwd)));
    expect(new Set(ids).size).toBe(2);
    await Promise.all(ids.map((id) => editor.prompt(id, 'look at @a.txt')));
    const asked = model.server.requests.map(({ rawBody }) => rawBody);
    expect(asked.filter((body) => body.includes('of the first'))).toHaveLength(1);
    expect(asked.filter((body) => body.includes('of the second'))).toHaveLength(1);
    for (const id of ids) expect(editor.text(id)).toBe('The answer.');
    await editor.close();
  });

  it('compacting is a command of the session; a word behind a slash that is none goes to the model', async () => {
    const model = await scriptedModel({ text: 'An answer.' });
    const editor = await startEditor({ env: model.env });
    const id = await editor.open(realFolder());
    expect(await editor.prompt(id, '/compact')).toBe('end_turn');
    expect(editor.text(id)).toMatch(/compact/i);
    expect(model.server.requests).toHaveLength(0);
    await editor.prompt(id, '/unknown thing');
    expect(model.lastPrompt()).toContain('/unknown thing');
    await editor.close();
  });
});
