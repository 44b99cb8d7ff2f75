import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { isProxied, proxyAgent } from './proxy-agent.js';

/** Both kinds of agents have it; the types of Node 20 leave it out. */
interface ConnectionMaker {
  createConnection(options: object, done?: (error: Error | null, socket?: Socket) => void): Socket;
}

/**
 * Answers the agent for a URL. Connections are kept for the next request, which saves a TLS handshake per
 * provider call, and making one takes at most `connectTimeoutMs`: a host that swallows packets would otherwise hold
 * a request for minutes. Idle connections do not keep the process alive. Where the environment names a proxy for the
 * URL, the agent goes through it.
 */
export function connectionAgents(connectTimeoutMs: number): (url: URL) => HttpAgent | Promise<HttpAgent> {
  let http: HttpAgent | undefined;
  let https: HttpsAgent | undefined;
  const direct = (protocol: string): HttpAgent => {
    if (protocol === 'https:') {
      https ??= limited(new HttpsAgent({ keepAlive: true }), 'secureConnect', connectTimeoutMs);
      return https;
    }
    http ??= limited(new HttpAgent({ keepAlive: true }), 'connect', connectTimeoutMs);
    return http;
  };
  return (url) => {
    if (!isProxied(url)) return direct(url.protocol);
    return proxyAgent(url, connectTimeoutMs).then((agent) => agent ?? direct(url.protocol));
  };
}

function limited<Agent extends HttpAgent>(agent: Agent, ready: string, connectTimeoutMs: number): Agent {
  const maker = agent as unknown as ConnectionMaker;
  const createConnection = maker.createConnection.bind(agent);
  maker.createConnection = (options, done) => {
    const socket = createConnection(options, done);
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect took too long'), { code: 'ETIMEDOUT' }));
    }, connectTimeoutMs);
    const stop = (): void => clearTimeout(timer);
    socket.once(ready, stop).once('close', stop);
    return socket;
  };
  return agent;
}
