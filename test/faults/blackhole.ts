import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const listener = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '::1', backlog: 1 }, () => console.log(server.address().port));
`;

/** A port on ::1 whose queue is full, so that the kernel drops whoever knocks: as an address behind a broken route. */
export async function blackhole(): Promise<{ readonly url: string; close(): void }> {
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  child.kill('SIGSTOP');
  const knocking = Array.from({ length: 8 }, () => connect({ port: Number(line), host: '::1' }));
  for (const socket of knocking) socket.on('error', () => {});
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    url: `http://[::1]:${line}`,
    close() {
      for (const socket of knocking) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}
