import { describe, expect, it } from 'vitest';
import { PromptCoordinator } from '../../src/coordinators/prompt.js';
import type { PromptContributor } from '../../src/core/extension.js';
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

describe('standing alone', () => {
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

describe('in the orchestrator', () => {
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
