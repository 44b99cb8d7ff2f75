import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * A port for a service that cannot choose one itself. Not one that the system gives to whoever asks for any: between the
 * probe and the service another test could have it, for a server or for the near end of a connection.
 */
export async function servicePort(host: string): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, firstGivenOut());
    const probe = createServer().listen(port, host);
    try {
      await once(probe, 'listening');
    } catch {
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

function firstGivenOut(): number {
  try {
    const [first = ''] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/);
    // Some systems give out nearly all of them.
    return Math.max(Number(first), 20_000);
  } catch {
    return 32_768;
  }
}
