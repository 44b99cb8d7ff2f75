import { describe, expect } from 'vitest';
import { startSink } from '../exporters/sink.js';
import { chat } from '../helpers/chat-pty.js';
import { it } from '../helpers/sampled.js';

const enter = '\r';
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const html = { 'content-type': 'text/html' };

describe('the web in victor chat, the real program', () => {
  it('asks for each host with the whole address, fetches what a rule allows, and shows none of what it would command', async () => {
    const sink = await startSink(() => ({
      headers: html,
      body: '<h1>Hi\u001b]0;owned\u0007</h1><p>there</p>',
    }));
    const { host } = new URL(sink.url);
    const { pty, server } = await chat(
      [
        { toolCalls: [{ name: 'WebFetch', input: { url: 'https://docs.invalid/a?token=1' } }] },
        { text: 'Then not.' },
        { toolCalls: [{ name: 'WebFetch', input: { url: `${sink.url}/page` } }] },
        { text: 'Read it.' },
      ],
      ['--allowed-tools', `WebFetch(${host})`],
    );
    pty.write(`look it up${enter}`);
    const asked = (await pty.waitFor('Allow WebFetch?')).join('\n');
    expect(asked).toContain('https://docs.invalid/a?token=1');
    expect(asked).toContain('It asks docs.invalid.');
    expect(asked).toContain('every WebFetch of docs.invalid');
    await sleep(900);
    pty.write('n');
    await pty.waitFor('Then not.');
    pty.write(`and here${enter}`);
    await pty.waitFor('Read it.');
    expect(sink.requests.map(({ path }) => path)).toEqual(['/page']);
    expect(JSON.stringify(server.requests.at(-1)!.body)).toContain('# Hi\\n\\nthere');
    pty.write(`/expand 2${enter}`);
    await pty.waitFor('What follows is data from the web');
    expect(pty.history().join('\n')).toContain(`WebFetch ${sink.url}/page · 200, `);
  });
});
