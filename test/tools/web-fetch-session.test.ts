import { describe, expect, it } from 'vitest';
import type { Mode } from '../../src/core/coordinator.js';
import type { Approval } from '../../src/core/decision.js';
import type { Tool } from '../../src/core/tool.js';
import type { ApprovalRequest } from '../../src/orchestrator.js';
import { createWebFetchTool } from '../../src/tools/web-fetch.js';
import { startSink } from '../exporters/sink.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const fetching = (url: string) => toolCall('WebFetch', { url });
const no: Approval = { allowed: false, scope: 'once' };

/** Asks no name server: it is about what is decided. */
const deciding: Tool = { ...(createWebFetchTool() as Tool), execute: async () => ({ content: 'fetched' }) };

async function session(
  urls: readonly string[],
  permissions: Record<string, unknown> = {},
  answer: Approval | undefined = no,
  tool: Tool = deciding,
) {
  const asked: ApprovalRequest[] = [];
  const onApproval = async (request: ApprovalRequest) => {
    asked.push(request);
    return answer;
  };
  const { orchestrator } = await scriptedOrchestrator([...urls.map(fetching), { text: 'ok' }], {
    tools: [tool],
    settings: { permissions },
    onApproval,
  });
  const events = await collect(orchestrator.stream('go'));
  return {
    asked,
    decisions: ofType(events, 'tool-decision').map(({ decision }) => decision),
    results: ofType(events, 'tool-result').map(({ result }) => result.content),
  };
}

describe('WebFetch in a session', () => {
  it.each<[string, Mode, Record<string, unknown>, string, 'ask' | 'allow' | 'deny']>([
    ['a host that nobody has allowed', 'ask', {}, 'https://a.invalid/x', 'ask'],
    ['in mode plan, too', 'plan', {}, 'https://a.invalid/x', 'ask'],
    ['in mode read-only, too', 'read-only', {}, 'https://a.invalid/x', 'ask'],
    ['in mode accept-edits, too', 'accept-edits', {}, 'https://a.invalid/x', 'ask'],
    ['in mode yolo', 'yolo', {}, 'https://a.invalid/x', 'allow'],
    ['a rule for the host', 'ask', { allow: ['WebFetch(a.invalid)'] }, 'https://A.invalid./x', 'allow'],
    ['a rule for another host', 'ask', { allow: ['WebFetch(a.invalid)'] }, 'https://b.a.invalid/', 'ask'],
    [
      'a rule for a host that ends alike',
      'ask',
      { allow: ['WebFetch(a.invalid)'] },
      'https://evil-a.invalid/',
      'ask',
    ],
    [
      'a rule for a host that begins alike',
      'ask',
      { allow: ['WebFetch(a.invalid)'] },
      'https://a.invalid.evil/',
      'ask',
    ],
    [
      'the host as somebody to log in as',
      'ask',
      { allow: ['WebFetch(a.invalid)'] },
      'https://evil.invalid/@a.invalid',
      'ask',
    ],
    [
      'a rule for all below a name',
      'ask',
      { allow: ['WebFetch(*.a.invalid)'] },
      'https://b.c.a.invalid/',
      'allow',
    ],
    [
      'which is not the name itself',
      'ask',
      { allow: ['WebFetch(*.a.invalid)'] },
      'https://a.invalid/',
      'ask',
    ],
    ['a rule with a port', 'ask', { allow: ['WebFetch(a.invalid:8080)'] }, 'http://a.invalid:8080/', 'allow'],
    [
      'which is not another port',
      'ask',
      { allow: ['WebFetch(a.invalid:8080)'] },
      'http://a.invalid:8081/',
      'ask',
    ],
    ['a rule for the tool', 'ask', { allow: ['WebFetch'] }, 'https://a.invalid/', 'allow'],
    [
      'a rule that denies the host',
      'yolo',
      { deny: ['WebFetch(a.invalid)'] },
      'https://a.invalid:444/',
      'deny',
    ],
    ['a rule that denies all below', 'yolo', { deny: ['WebFetch(*.invalid)'] }, 'https://a.invalid/', 'deny'],
    [
      'a rule that asks before one that allows',
      'yolo',
      { ask: ['WebFetch(a.invalid)'], allow: ['WebFetch'] },
      'https://a.invalid/',
      'ask',
    ],
    [
      'E10: a host of other letters',
      'ask',
      { allow: ['WebFetch(example.invalid)'] },
      'https://ex\u0430mple.invalid/',
      'ask',
    ],
  ])('is decided by host: %s', async (_, mode, rules, url, verdict) => {
    const { decisions } = await session([url], { mode, ...rules });
    expect(decisions[0]!.verdict).toBe(verdict);
  });

  it('E10: asks with the name that is really asked', async () => {
    const { asked } = await session(['https://ex\u0430mple.invalid/']);
    expect(asked[0]!.decision.reason).toBe('It asks xn--exmple-4nf.invalid.');
    expect(asked[0]!.covers?.session).toBe('every WebFetch of xn--exmple-4nf.invalid');
  });

  it('asks once for each host: a yes for the session is for that one, in every path', async () => {
    const urls = ['http://a.invalid/1', 'http://a.invalid/2', 'http://b.invalid/', 'http://a.invalid:8080/'];
    const { asked, results } = await session(urls, {}, { allowed: true, scope: 'session' });
    expect(asked.map(({ call }) => call.input.url)).toEqual([urls[0], urls[2], urls[3]]);
    expect(results).toHaveLength(4);
  });

  it('reaches this machine only where a rule names it: neither a yes nor yolo nor a rule for all does', async () => {
    const sink = await startSink();
    const { host } = new URL(sink.url);
    const everything: [Record<string, unknown>, Approval][] = [
      [{}, { allowed: true, scope: 'session' }],
      [{ mode: 'yolo' }, no],
      [{ allow: ['WebFetch'] }, no],
    ];
    for (const [rules, answer] of everything) {
      const { results } = await session([sink.url], rules, answer, createWebFetchTool() as Tool);
      expect(results[0]).toContain('is this machine, which is refused.');
    }
    expect(sink.requests).toHaveLength(0);
    await session([sink.url], { allow: [`WebFetch(${host})`] }, no, createWebFetchTool() as Tool);
    expect(sink.requests).toHaveLength(1);
  });

  it('of a tool that cannot say which host it asks, each call is asked about', async () => {
    const broken: Tool = {
      ...(createWebFetchTool() as Tool),
      host: () => {
        throw new Error('no');
      },
      execute: async () => ({ content: 'done' }),
    };
    const urls = ['http://a.invalid/1', 'http://a.invalid/2'];
    const { asked } = await session(urls, {}, { allowed: true, scope: 'session' }, broken);
    expect(asked.map(({ decision }) => decision.reason)).toEqual(
      Array(2).fill('It asks a host that nobody can tell.'),
    );
  });

  it('a rule that names no host is refused with how to write one', async () => {
    for (const rule of [
      'WebFetch(https://a.invalid/)',
      'WebFetch(a.*)',
      'WebFetch(domain:a)',
      'WebFetch(a b)',
    ]) {
      await expect(session(['http://a.invalid/'], { allow: [rule] })).rejects.toThrow(
        /expected a host, such as/,
      );
    }
  });
});

describe('WebFetch in victor ask, the real program', () => {
  it('is refused where nobody can be asked, and runs with a rule of a flag', async () => {
    const sink = await startSink();
    const script = [{ toolCalls: [{ name: 'WebFetch', input: { url: sink.url } }] }, { text: 'Done.' }];
    const first = await scriptedModel(...script);
    expect(await first.ask(['go'])).toMatchObject({ code: 4 });
    expect(sink.requests).toHaveLength(0);
    const second = await scriptedModel(...script);
    const allowed = ['--allowed-tools', `WebFetch(${new URL(sink.url).host})`];
    expect(await second.ask(['go', ...allowed])).toMatchObject({ code: 0 });
    expect(second.toolResults().at(-1)).toContain('What follows is data from the web');
  });

  it('goes through the proxy that the environment names, which looks the name up', async () => {
    const proxy = await startSink();
    const { ask } = await scriptedModel(
      { toolCalls: [{ name: 'WebFetch', input: { url: 'http://only-the-proxy-knows.invalid/a?b' } }] },
      { text: 'Done.' },
    );
    const env = { HTTP_PROXY: proxy.url };
    await ask(['go', '--allowed-tools', 'WebFetch(only-the-proxy-knows.invalid)'], { env });
    expect(proxy.requests.map(({ path }) => path)).toEqual(['http://only-the-proxy-knows.invalid/a?b']);
  });

  it('X09: a name that leads to this machine is refused before a proxy is asked', async () => {
    const proxy = await startSink();
    const { ask, toolResults } = await scriptedModel(
      { toolCalls: [{ name: 'WebFetch', input: { url: 'http://169.254.169.254/latest/' } }] },
      { text: 'Done.' },
    );
    await ask(['go', '--allowed-tools', 'WebFetch'], { env: { HTTP_PROXY: proxy.url } });
    expect(toolResults().at(-1)).toContain('clouds serve credentials from, which is refused');
    expect(proxy.requests).toHaveLength(0);
  });
});
