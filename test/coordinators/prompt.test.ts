import { describe, expect, it } from 'vitest';
import { createModeContributor } from '../../src/contributors/mode.js';
import { PromptCoordinator } from '../../src/coordinators/prompt.js';
import type { PromptContext, PromptContributor } from '../../src/core/extension.js';
import { collect, ofType, scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const says = (
  name: string,
  priority: number,
  text: PromptContributor['getContribution'],
): PromptContributor => ({
  name,
  priority,
  getContribution: text,
});

describe('prompt contributors standing alone', () => {
  it('calls the highest first, joins by a blank line, and drops empty contributions', async () => {
    const prompt = new PromptCoordinator({
      contributors: [
        says('low', 1, () => 'low'),
        says('empty', 60, () => '  '),
        says('high', 70, async () => '\nhigh\n'),
      ],
    });
    const text = await prompt.buildSystemPrompt({});
    expect(text.endsWith('\n\nhigh\n\nlow')).toBe(true);
  });

  it('has the base prompt unless a contribution replaces that section', async () => {
    expect(await new PromptCoordinator().buildSystemPrompt({})).toContain('You are Victor');
    const own = says('own', 10, () => ({ section: 'base', text: 'You are somebody else.' }));
    const text = await new PromptCoordinator({ contributors: [own] }).buildSystemPrompt({});
    expect(text).toBe('You are somebody else.');
  });

  it('a later contribution to a section replaces the earlier one, in its place', async () => {
    const style = (text: string, priority: number) =>
      says(text, priority, () => ({ section: 'style', text }));
    const prompt = new PromptCoordinator({
      contributors: [
        says('base', 100, () => 'B'),
        style('tabs', 80),
        says('mid', 70, () => 'M'),
        style('spaces', 60),
      ],
    });
    expect(await prompt.buildSystemPrompt({})).toBe('B\n\nspaces\n\nM');
  });

  it('puts what is volatile behind everything else, and tells the two apart for whoever caches', async () => {
    const prompt = new PromptCoordinator({
      contributors: [
        says('base', 100, () => 'B'),
        says('date', 90, () => ({ section: 'date', text: 'today', volatile: true })),
        says('branch', 80, () => ({ text: 'on main', volatile: true })),
        says('low', 1, () => ({ text: 'L' })),
      ],
    });
    expect(await prompt.buildSystemPrompt({})).toBe('B\n\nL\n\ntoday\n\non main');
    expect(await prompt.buildPrompt({})).toMatchObject({ system: 'B\n\nL', volatile: 'today\n\non main' });
  });

  it('tells who said which part of what is stable, so that a change has a name', async () => {
    const prompt = new PromptCoordinator({
      contributors: [
        says('base', 100, () => 'B'),
        says('date', 90, () => ({ text: 'today', volatile: true })),
        says('tabs', 80, () => ({ section: 'style', text: 'tabs' })),
        says('spaces', 60, () => ({ section: 'style', text: ' spaces\n' })),
        says('silent', 50, () => ''),
        says('low', 1, () => 'L'),
      ],
    });
    const { system, parts } = await prompt.buildPrompt({});
    expect(parts).toEqual([
      { contributor: 'base', section: 'base', text: 'B' },
      { contributor: 'spaces', section: 'style', text: 'spaces' },
      { contributor: 'low', section: 'low', text: 'L' },
    ]);
    expect(parts?.map(({ text }) => text).join('\n\n')).toBe(system);
  });

  it('a section that is replaced is as volatile as what replaces it', async () => {
    const date = (text: string, priority: number, volatile: boolean) =>
      says(text, priority, () => ({ section: 'date', text, volatile }));
    const contributors = [says('base', 100, () => 'B'), date('today', 80, true), date('one day', 60, false)];
    const built = await new PromptCoordinator({ contributors }).buildPrompt({});
    expect(built).toMatchObject({ system: 'B\n\none day', volatile: '' });
  });

  it('a contributor changes neither what the caller gave nor what the others see', async () => {
    const context = { team: { name: 'core', members: ['ada'] }, since: new Date(0) };
    const prompt = new PromptCoordinator({
      contributors: [
        says('base', 100, () => 'B'),
        says('mutates', 90, ({ team }) => {
          (team as typeof context.team).members.push('mallory');
          return 'changed it';
        }),
        says('reads', 80, ({ team, since }) => `${JSON.stringify(team)} ${(since as Date).getTime()}`),
      ],
    });
    expect(await prompt.buildSystemPrompt(context)).toBe('B\n\n{"name":"core","members":["ada"]} 0');
    expect(context.team.members).toEqual(['ada']);
    expect(Object.isFrozen(context.team)).toBe(false);
  });

  it.each([
    ['a text that is no text', { text: 7 }],
    ['a section that is no name', { section: 7, text: 'x' }],
    ['a volatility that is no yes or no', { text: 'x', volatile: 'yes' }],
    ['a list', ['x']],
    ['nothing', undefined],
  ])('drops a contribution with %s, and says whose it was', async (_, contribution) => {
    const prompt = new PromptCoordinator({
      contributors: [says('base', 100, () => 'B'), says('wrong', 50, () => contribution as never)],
    });
    const failed: string[] = [];
    prompt.onExtensionFailure = ({ name, message }) => failed.push(`${name} ${message}`);
    expect(await prompt.buildSystemPrompt({})).toBe('B');
    expect(failed).toEqual(['wrong returned neither a string nor { section, text, volatile }']);
  });

  it('asks a contributor that hung again once it has answered, however late', async () => {
    let asked = 0;
    let tooLate = (_text: string) => {};
    const slow = says('slow', 50, () => {
      asked += 1;
      if (asked > 1) return 'in time';
      return new Promise<string>((resolve) => {
        tooLate = resolve;
      });
    });
    const prompt = new PromptCoordinator({
      contributors: [says('base', 100, () => 'B'), slow],
      timeoutMs: 200,
    });
    expect(await prompt.buildSystemPrompt({})).toBe('B');
    expect(await prompt.buildSystemPrompt({})).toBe('B');
    expect(asked).toBe(1);
    tooLate('too late');
    expect(await prompt.buildSystemPrompt({})).toBe('B\n\nin time');
    expect(asked).toBe(2);
  });

  it('builds two prompts at once for one session, each with everything', async () => {
    const slow = says('slow', 50, () => new Promise((resolve) => setTimeout(resolve, 20, 'slow')));
    const prompt = new PromptCoordinator({ contributors: [says('base', 100, () => 'B'), slow] });
    const both = [prompt.buildSystemPrompt({ sessionId: 's' }), prompt.buildSystemPrompt({ sessionId: 's' })];
    expect(await Promise.all(both)).toEqual(['B\n\nslow', 'B\n\nslow']);
  });

  it('goes on without a contributor that throws, hangs, or answers nonsense', async () => {
    const prompt = new PromptCoordinator({
      contributors: [
        says('base', 100, () => 'B'),
        says('throws', 90, () => {
          throw new Error('broken');
        }),
        says('hangs', 80, () => new Promise(() => {})),
        says('number', 70, () => 7 as unknown as string),
        says('mutates', 60, (context) => {
          (context as { task: string }).task = 'changed';
          return 'changed it';
        }),
        says('works', 50, () => 'W'),
      ],
      timeoutMs: 20,
    });
    const failed: string[] = [];
    prompt.onExtensionFailure = ({ name }) => failed.push(name);
    expect(await prompt.buildSystemPrompt({ task: 'kept' })).toBe('B\n\nW');
    expect(failed.sort()).toEqual(['hangs', 'mutates', 'number', 'throws']);
  });
});

describe('prompt contributors in the orchestrator', () => {
  it('sees the settings, the context of the turn, and what the orchestrator knows', async () => {
    let seen: Record<string, unknown> = {};
    const prompt = new PromptCoordinator({
      contributors: [
        says('spy', 1, (context) => {
          seen = { ...context };
          return context.language === 'es' ? 'Responde en español.' : '';
        }),
      ],
    });
    const { orchestrator, requests, cwd } = await scriptedOrchestrator([{ text: 'hola' }], {
      coordinators: { prompt },
      settings: { prompt: { context: { language: 'en', team: 'core' } } },
    });
    await orchestrator.chat('hi there', { context: { language: 'es' } });
    expect(requests[0]?.system).toContain('Responde en español.');
    expect(seen).toMatchObject({
      language: 'es',
      team: 'core',
      task: 'hi there',
      mode: 'ask',
      provider: 'scripted',
      cwd,
    });
    expect(seen.sessionId).toBe(orchestrator.sessionId);
  });

  it('waits for a contributor that hangs once, not again before each call of the turn', async () => {
    let asked = 0;
    const hangs = says('hangs', 1, () => {
      asked += 1;
      return new Promise(() => {});
    });
    const prompt = new PromptCoordinator({ contributors: [hangs], timeoutMs: 2_000 });
    const read = { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const { orchestrator } = await scriptedOrchestrator([read, read, read, read, { text: 'done' }], {
      coordinators: { prompt },
      files: { 'a.txt': 'x' },
    });
    const startedAt = performance.now();
    expect((await orchestrator.chat('read it four times')).content).toBe('done');
    expect(performance.now() - startedAt).toBeLessThan(4 * 2_000);
    expect(asked).toBe(1);
  });

  it('takes a coordinator of your own that only builds one text', async () => {
    const prompt = { buildSystemPrompt: async ({ task }: PromptContext) => `My prompt for ${task}.` };
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      coordinators: { prompt },
    });
    await orchestrator.chat('hi');
    expect(requests[0]?.system).toBe('My prompt for hi.');
    expect(requests[0]?.messages[0]).not.toHaveProperty('volatile');
  });

  it('a change of mode leaves the system prompt and what was sent as they were, and the model hears of it', async () => {
    const prompt = new PromptCoordinator({ contributors: [createModeContributor()] });
    const steps = [{ text: 'one' }, { text: 'two' }];
    const { orchestrator, requests } = await scriptedOrchestrator(steps, { coordinators: { prompt } });
    await orchestrator.chat('first');
    orchestrator.setMode('plan');
    await orchestrator.chat('second');
    const [before, after] = requests;
    expect(after!.system).toBe(before!.system);
    expect(after!.messages[0]).toEqual(before!.messages[0]);
    expect(after!.messages.map(({ volatile }) => /Mode (\S+):/.exec(volatile ?? '')?.[1])).toEqual([
      'ask',
      undefined,
      'plan',
    ]);
  });

  it('keeps volatile text out of the context and the log: it is told anew where it is needed', async () => {
    const note = says('note', 1, () => ({ text: 'on main', volatile: true }));
    const prompt = new PromptCoordinator({ contributors: [note] });
    const { orchestrator, requests } = await scriptedOrchestrator([{ text: 'ok' }], {
      coordinators: { prompt },
    });
    await orchestrator.chat('hi');
    expect(requests[0]?.messages[0]?.volatile).toContain('on main');
    const { messages } = orchestrator.coordinators.context.getContext();
    expect(JSON.stringify(messages)).not.toContain('on main');
  });

  it('a broken contributor is an event of the turn, and the turn works', async () => {
    const prompt = new PromptCoordinator({
      contributors: [says('bad', 1, () => Promise.reject(new Error('no')))],
    });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'fine' }], { coordinators: { prompt } });
    const events = await collect(orchestrator.stream('hi'));
    const failure = {
      kind: 'contributor',
      name: 'bad',
      message: 'no',
      fallback: 'the prompt was built without it',
    };
    expect(ofType(events, 'extension-failure').map((event) => event.failure)).toEqual([failure]);
    expect(ofType(events, 'turn-end')[0]?.content).toBe('fine');
  });
});
