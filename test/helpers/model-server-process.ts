/**
 * The model server as a process of its own, for benchmarks and pty tests that must not share an event loop with it:
 * `npx tsx test/helpers/model-server-process.ts steps.json [--repeat]`. Prints `{"url":…}` on the first line, then one
 * line a request (`receivedAt`, `path`, `bytes`). Ends when its standard input does.
 */
import { readFile } from 'node:fs/promises';
import { type ServerStep, startModelServer } from './model-server.js';

const [file, ...flags] = process.argv.slice(2);
if (file === undefined) throw new Error('Name a JSON file with an array of steps.');
const steps = JSON.parse(await readFile(file, 'utf8')) as ServerStep[];
const server = await startModelServer(steps, { repeat: flags.includes('--repeat') });
process.stdout.write(`${JSON.stringify({ url: server.url, openAIUrl: server.openAIUrl })}\n`);

let stopping = false;
process.stdin.resume();
process.stdin.once('end', () => {
  stopping = true;
  void server.close().then(() => process.exit(0));
});
for (let count = 1; !stopping; count += 1) {
  const { receivedAt, path, rawBody } = await server.arrival(count);
  process.stdout.write(`${JSON.stringify({ receivedAt, path, bytes: Buffer.byteLength(rawBody) })}\n`);
}
