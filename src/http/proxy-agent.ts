import type { Agent as HttpAgent } from 'node:http';
import type { Duplex } from 'node:stream';
import { isLoopback } from './loopback.js';

/** What both proxy agents make connections with. */
interface ProxyAgent extends HttpAgent {
  connect(request: never, options: never): Promise<Duplex>;
}

/** Agents by proxy and kind, so that connections are used again. */
const agents = new Map<string, ProxyAgent>();

/**
 * Whether the environment may name a proxy for this address. A server on this machine is never reached through one,
 * whatever NO_PROXY says: a model server here would be asked for at the proxy's own machine.
 */
export function isProxied({ protocol, hostname }: URL): boolean {
  if (isLoopback(hostname)) return false;
  const name = `${protocol.slice(0, -1)}_proxy`;
  return [name, 'all_proxy'].some((one) => process.env[one] || process.env[one.toUpperCase()]);
}

/**
 * The agent that goes through the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; `undefined` where NO_PROXY excepts the
 * address. Connecting, the tunnel included, takes at most `connectTimeoutMs`.
 */
export async function proxyAgent(url: URL, connectTimeoutMs: number): Promise<HttpAgent | undefined> {
  const { getProxyForUrl } = await import('proxy-from-env');
  const proxy = getProxyForUrl(url.href);
  if (proxy === '') return undefined;
  const key = `${url.protocol} ${connectTimeoutMs} ${proxy}`;
  const known = agents.get(key);
  if (known) return known;
  const agent = limited(await make(url.protocol, proxy), connectTimeoutMs);
  agents.set(key, agent);
  return agent;
}

async function make(protocol: string, proxy: string): Promise<ProxyAgent> {
  const options = { keepAlive: true };
  if (protocol === 'https:') {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    return new HttpsProxyAgent(proxy, options) as unknown as ProxyAgent;
  }
  const { HttpProxyAgent } = await import('http-proxy-agent');
  return new HttpProxyAgent(proxy, options) as unknown as ProxyAgent;
}

function limited(agent: ProxyAgent, connectTimeoutMs: number): ProxyAgent {
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        reject(Object.assign(new Error('connecting through the proxy took too long'), { code: 'ETIMEDOUT' }));
      }, connectTimeoutMs);
    });
    const connecting = connect(request, options);
    // What comes too late is closed, and fails unseen.
    connecting.then(
      (socket) => isLate && socket.destroy(),
      () => {},
    );
    try {
      return await Promise.race([connecting, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return agent;
}
