import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AbortedError, ConfigError } from '../../src/core/errors.js';
import { userMessage } from '../../src/core/message.js';
import { createProvider } from '../../src/providers/create-provider.js';
import { scriptOverText, splitChunks } from '../../src/providers/script.js';
import { ScriptedProvider } from '../../src/providers/scripted.js';
import { callsOf, events, failure, request, textOf } from './drive.js';

describe('the scripted provider', () => {
  it('plays one step a request, then says that the script is over', async () => {
    const provider = new ScriptedProvider({ script: [{ text: 'one' }, { text: 'two' }] });
    const texts: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) texts.push(textOf(await events(provider)));
    expect(texts).toEqual(['one', 'two', scriptOverText]);
  });

  it('streams in pieces, thinks, calls tools and counts as told', async () => {
    const provider = new ScriptedProvider({
      script: [
        {
          thinking: 'hm',
          text: 'abcdef',
          chunks: 3,
          toolCalls: [
            { name: 'Read', input: { path: 'a' } },
            { name: 'Read', inputText: 'nonsense', id: 'mine' },
          ],
          usage: { inputTokens: 7, cacheReadTokens: 2, outputTokens: 1 },
        },
      ],
    });
    const all = await events(provider);
    expect(all.filter((event) => event.type === 'text-delta').map((event) => event.text)).toEqual([
      'ab',
      'cd',
      'ef',
    ]);
    expect(all).toContainEqual({ type: 'thinking', thinking: { text: 'hm', signature: 'scripted-1' } });
    expect(callsOf(all)).toEqual([
      { id: 'call-1-1', name: 'Read', input: { path: 'a' } },
      { id: 'mine', name: 'Read', input: {}, invalidInput: 'nonsense' },
    ]);
    expect(all.at(-1)).toEqual({
      type: 'end',
      stopReason: 'tool-calls',
      usage: { inputTokens: 7, outputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 0, totalTokens: 10 },
    });
  });

  it('asks a function what to say', async () => {
    const provider = new ScriptedProvider({
      script: (asked) => ({ text: `You said: ${asked.messages.at(-1)?.content}` }),
    });
    expect(textOf(await events(provider, request({ messages: [userMessage('hello')] })))).toBe(
      'You said: hello',
    );
  });

  it('fails as a real provider does, after what it has said', async () => {
    const provider = new ScriptedProvider({
      script: [
        { text: 'so far', toolCalls: [{ name: 'Read' }], error: { kind: 'overloaded', message: 'busy' } },
      ],
    });
    const { events: before, error } = await failure(provider);
    expect(before).toEqual([
      { type: 'text-delta', text: 'so far' },
      { type: 'tool-call-delta', index: 0, name: 'Read', text: '{}' },
    ]);
    expect(error).toMatchObject({
      kind: 'overloaded',
      retryable: true,
      provider: 'scripted',
      message: 'busy',
    });
  });

  it('stops at once when it is aborted while it waits', async () => {
    const provider = new ScriptedProvider({ script: [{ text: 'ab', chunks: 2, delayMs: 60_000 }] });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await expect(events(provider, request(), controller.signal)).rejects.toBeInstanceOf(AbortedError);
  });

  it('never cuts a character in two', () => {
    expect(splitChunks('👋👋👋', 2)).toEqual(['👋👋', '👋']);
    expect(splitChunks('ab', 10)).toEqual(['a', 'b']);
    expect(splitChunks('')).toEqual([]);
  });
});

describe('a script in the configuration', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'victor-script-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const create = (script: unknown) =>
    createProvider({ name: 'scripted', environment: {}, options: { script }, baseDirectory: directory });

  function problem(script: unknown): ConfigError {
    try {
      create(script);
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
    throw new Error('The script was accepted.');
  }

  it('is a JSON file beside the configuration, or written out', async () => {
    await writeFile(join(directory, 'turns.json'), '[{"text": "from the file"}]');
    expect(textOf(await events(create('./turns.json')))).toBe('from the file');
    expect(textOf(await events(create([{ text: 'written out' }])))).toBe('written out');
  });

  it('that is missing, broken or no file is an error that names it', async () => {
    await writeFile(join(directory, 'broken.json'), '[{');
    for (const name of ['missing.json', 'broken.json', '.']) {
      const error = problem(name);
      expect(error.file).toBe(join(directory, name === '.' ? '' : name));
      expect(error.advice).toBeDefined();
    }
  });

  it('with a wrong key or value is an error that names step and key', () => {
    expect(problem([{ text: 'ok' }, { txet: 'x' }]).message).toMatch(/Step 2.*txet/);
    expect(problem([{ toolCalls: [{ name: 5 }] }]).message).toMatch(/Step 1, toolCalls\.0\.name/);
    expect(problem({ text: 'x' }).message).toContain('array');
  });
});
