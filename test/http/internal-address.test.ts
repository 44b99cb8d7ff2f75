import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkedLookup, hostProblem } from '../../src/http/internal-address.js';
import { sendRequest } from '../../src/http/send-request.js';
import { startSink } from '../exporters/sink.js';

describe('X09: where a request must not go', () => {
  it.each([
    'example.com',
    'localhost.example.com',
    '10.0.0.7',
    '192.168.1.9',
    '8.8.8.8',
    '[2001:db8::1]',
    '169.253.255.255',
  ])('%s is no address of this machine or of its cloud', (host) => {
    expect(hostProblem(host, 'loopback and metadata')).toBeUndefined();
  });

  it('this machine may be named where only metadata addresses are refused', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(hostProblem(host, 'metadata')).toBeUndefined();
    expect(hostProblem('169.254.169.254', 'metadata')).toContain('clouds serve credentials');
  });

  it.each([
    ['168.63.129.16', 'clouds serve credentials'],
    ['[::ffff:168.63.129.16]', 'clouds serve credentials'],
    ['[fd00:ec2::254]', 'clouds serve credentials'],
    ['[64:ff9b::a9fe:a9fe]', 'clouds serve credentials'],
    ['[64:ff9b::a83f:8110]', 'clouds serve credentials'],
    ['[::ffff:0:a9fe:a9fe]', 'clouds serve credentials'],
    ['[64:ff9b::7f00:1]', 'this machine'],
    ['[::ffff:0:7f00:1]', 'this machine'],
    ['[64:ff9b::a00:7]', 'not the internet'],
    ['[::ffff:0:a00:7]', 'not the internet'],
    ['[::ffff:0:808:808]', 'not the internet'],
  ])('%s, as a URL has it, is refused where nothing internal may be asked', (host, why) => {
    expect(new URL(`http://${host}/`).hostname).toBe(host.replace('168.63.129.16]', 'a83f:8110]'));
    expect(hostProblem(host, 'internal')).toContain(why);
    if (why !== 'not the internet') expect(hostProblem(host, 'loopback and metadata')).toContain(why);
    if (why.startsWith('clouds')) expect(hostProblem(host, 'metadata')).toContain(why);
  });

  it('a name is looked up, and refused for what it leads to', async () => {
    // A name that every machine knows without a network stands for one whose owner lets it lead here.
    const lookup = (refused: 'metadata' | 'loopback and metadata') =>
      promisify(checkedLookup(refused) as (host: string, options: object, done: () => void) => void);
    await expect(lookup('loopback and metadata')('localhost', {})).rejects.toThrow(
      'localhost is this machine',
    );
    await expect(lookup('metadata')('localhost', { family: 4 })).resolves.toBe('127.0.0.1');
  });

  it('a request that may go there is sent, with the checked name', async () => {
    const sink = await startSink();
    const url = sink.url.replace('127.0.0.1', 'localhost');
    expect((await sendRequest({ url, refused: 'metadata' })).status).toBe(200);
    await expect(sendRequest({ url, refused: 'loopback and metadata' })).rejects.toThrow('is this machine');
    expect(sink.requests).toHaveLength(1);
  });
});
