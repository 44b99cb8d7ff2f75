/**
 * How long Victor takes to start, against `node -e 0` in interleaved pairs on the same machine, and what one
 * `ask` costs. Prints medians and ratios; `--json` prints one object; exits 1 when a bound does not hold.
 *
 *     npm run bench -- [--runs 31] [--json] [--clean] [--only streaming]
 *
 * Ratios depend on what a bare Node costs: NODE_EXTRA_CA_CERTS alone can double it. `--clean` leaves out what the
 * shell sets.
 */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ModelServer, startModelServer } from '../test/helpers/model-server.js';
import { startPty } from '../test/helpers/pty.js';
import { type Command, median, medianRatio, now, start, timeCommand } from './measure.js';

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '31' },
    json: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const runs = Number(flags.runs);
const node = process.execPath;
const victor = [node, resolve(import.meta.dirname, '../bin/victor.js')];
const home = await mkdtemp(join(tmpdir(), 'victor-bench-'));
const workspace = await mkdtemp(join(tmpdir(), 'victor-bench-workspace-'));
await writeFile(join(workspace, 'greeting.txt'), 'hello\nworld\n');
await writeFile(join(workspace, 'other.txt'), 'one\ntwo\n');

/** This shell's environment, as a user would start Victor from it, without keys and settings of their own. */
const { ANTHROPIC_API_KEY, OPENAI_API_KEY, CI, CONTINUOUS_INTEGRATION, NODE_OPTIONS, ...inherited } =
  process.env;
const environment = (server?: ModelServer): NodeJS.ProcessEnv => ({
  ...(flags.clean ? { PATH: process.env.PATH } : inherited),
  HOME: home,
  VICTOR_HOME: home,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  ...(server ? { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'bench-key' } : {}),
});

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bound?: number;
}
const rows: Row[] = [];
const bare: Command = { argv: [node, '-e', '0'], cwd: workspace, env: environment() };

/** Interleaves `node -e 0` with one measurement and records the medians and the ratio. */
async function pairs(
  name: string,
  wallBound: number,
  measure: () => Promise<number>,
  cpu?: Command,
): Promise<void> {
  const wall: number[] = [];
  const wallBare: number[] = [];
  const cpuTimes: number[] = [];
  const cpuBare: number[] = [];
  await measure(); // One warm-up.
  for (let run = 0; run < runs; run++) {
    const base = await timeCommand(bare);
    wallBare.push(base.wallMs);
    cpuBare.push(base.cpuMs);
    wall.push(await measure());
    if (cpu) cpuTimes.push((await timeCommand(cpu)).cpuMs);
  }
  rows.push({ name: `${name}: node -e 0`, value: median(wallBare), unit: 'ms' });
  rows.push({ name: `${name}: wall`, value: median(wall), unit: 'ms' });
  rows.push({ name: `${name}: wall ratio`, value: medianRatio(wall, wallBare), unit: '×', bound: wallBound });
  if (cpu) {
    rows.push({ name: `${name}: CPU`, value: median(cpuTimes), unit: 'ms' });
    rows.push({ name: `${name}: CPU ratio`, value: medianRatio(cpuTimes, cpuBare), unit: '×' });
  }
}

async function measureCommands(): Promise<void> {
  const version: Command = { argv: [...victor, '--version'], cwd: workspace, env: environment() };
  await pairs('--version', 1.5, async () => (await timeCommand(version)).wallMs, version);
  const list: Command = { argv: [...victor, 'sessions', 'list'], cwd: workspace, env: environment() };
  await pairs('sessions list', 2.5, async () => (await timeCommand(list)).wallMs, list);
}

async function measureAsk(): Promise<void> {
  const server = await startModelServer(() => ({ text: 'hi' }));
  const env = environment(server);
  const ask: Command = { argv: [...victor, 'ask', 'say hi'], cwd: workspace, env };
  const whole: number[] = [];
  const firstRequest = async () => {
    const arrival = server.arrival(server.requests.length + 1);
    const startedAt = now();
    const child = start(ask);
    const exited = once(child, 'exit');
    const { receivedAt } = await arrival;
    const [code] = await exited;
    if (code !== 0) throw new Error(`ask exited with ${code}`);
    whole.push(now() - startedAt);
    return receivedAt - startedAt;
  };
  await pairs('ask, first request sent', 3.5, firstRequest, ask);
  rows.push({ name: 'ask, whole process', value: median(whole), unit: 'ms' });
  const body = server.requests[0]!;
  rows.push({
    name: 'ask, first request body',
    value: Buffer.byteLength(body.rawBody),
    unit: 'bytes',
    bound: 8_000,
  });
  const tools = (body.body as { tools: unknown[] }).tools.length;
  rows.push({ name: 'ask, tools in that body', value: tools, unit: '' });
  rows.push({ name: 'ask, peak RSS', value: await peakMemoryMb(ask), unit: 'MB', bound: 130 });
  await server.close();
}

/** Peak resident memory as the process itself reports it when it ends; the median of five runs. */
async function peakMemoryMb(command: Command): Promise<number> {
  const file = join(home, 'peak');
  const code = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  const env = { ...command.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
  const peaks: number[] = [];
  for (let run = 0; run < 5; run++) {
    await once(start({ ...command, env }), 'exit');
    peaks.push(Number(await readFile(file, 'utf8')) / 1_024);
  }
  return median(peaks);
}

/** From the end of one answer to the arrival of the next request, with one Read between them: what Victor adds to a call. */
async function measureToolRoundTrip(): Promise<void> {
  const medians: number[] = [];
  for (let run = 0; run < Math.min(runs, 7); run++) medians.push(median(await roundTrips(60)));
  rows.push({ name: 'one Read round trip', value: median(medians), unit: 'ms', bound: 5 });
}

/** Milliseconds of each of the calls that one process makes. */
async function roundTrips(calls: number): Promise<readonly number[]> {
  // Each is another call: the same one over and over would be taken for a loop.
  const step = (number: number) => ({
    toolCalls: [{ name: 'Read', input: { path: 'greeting.txt', limit: number + 1 } }],
  });
  const steps = Array.from({ length: calls }, (_, number) => step(number));
  const server = await startModelServer([...steps, { text: 'done' }]);
  const answered: number[] = [];
  const watch = async () => {
    for (let number = 1; number <= calls; number++) {
      const request = await server.arrival(number);
      void request.closed.then(() => answered.push(now()));
    }
  };
  const watching = watch();
  const argv = [...victor, 'ask', 'read', '--max-turns', String(calls + 1)];
  await once(start({ argv, cwd: workspace, env: environment(server) }), 'exit');
  await watching;
  const gaps = server.requests.slice(1).map(({ receivedAt }, index) => receivedAt - answered[index]!);
  if (gaps.length !== calls) throw new Error(`${gaps.length} of ${calls} calls came`);
  await server.close();
  return gaps;
}

async function measureTenToolTask(): Promise<void> {
  const call = (name: string, input: Record<string, unknown>) => ({ toolCalls: [{ name, input }] });
  const edit = (oldText: string, newText: string) => call('Edit', { path: 'greeting.txt', oldText, newText });
  const script = [
    ...Array.from({ length: 4 }, (_, n) =>
      call('Read', { path: n % 2 === 0 ? 'greeting.txt' : 'other.txt' }),
    ),
    call('Grep', { pattern: 'hello' }),
    call('Grep', { pattern: 'two' }),
    edit('hello', 'goodbye'),
    edit('goodbye', 'hello'),
    call('Bash', { command: 'ls' }),
    call('Bash', { command: 'true' }),
    { text: 'done' },
  ];
  const times: number[] = [];
  for (let run = 0; run < Math.min(runs, 11); run++) {
    const server = await startModelServer(script);
    const argv = [...victor, 'ask', 'do it', '--permission-mode', 'yolo'];
    const startedAt = now();
    const [code] = await once(start({ argv, cwd: workspace, env: environment(server) }), 'exit');
    times.push(now() - startedAt);
    const { messages } = server.requests.at(-1)!.body as {
      messages: { content: { is_error?: boolean }[] }[];
    };
    const failed = messages.flatMap(({ content }) => content).filter((block) => block.is_error);
    if (code !== 0 || server.requests.length !== 11 || failed.length > 0)
      throw new Error('the task was not done');
    await server.close();
  }
  rows.push({ name: '10-tool task, whole process', value: median(times), unit: 'ms' });
}

/**
 * What 2,000 pieces of text cost more than one, sent as fast as the server can: `ask` against a process that only reads
 * them with node:http, in interleaved pairs.
 */
async function measureStreaming(): Promise<void> {
  const reader = `require('node:http').request(process.env.ANTHROPIC_BASE_URL + '/v1/messages', { method: 'POST' },
    (answer) => answer.on('data', (bytes) => process.stdout.write(bytes))).end('{}')`;
  const commands = { ask: [...victor, 'ask', 'say much'], reader: [node, '-e', reader] };
  const times = { ask: [] as number[], reader: [] as number[] };
  const servers = await Promise.all(
    [2_000, 1].map((chunks) => startModelServer(() => ({ text: 'words '.repeat(chunks), chunks }))),
  );
  const [many, one] = servers.map((server) => environment(server));
  for (let run = 0; run < Math.min(runs, 15); run++) {
    for (const name of ['ask', 'reader'] as const) {
      const argv = commands[name];
      const long = await timeCommand({ argv, cwd: workspace, env: many! });
      const short = await timeCommand({ argv, cwd: workspace, env: one! });
      times[name].push(long.wallMs - short.wallMs);
    }
  }
  for (const server of servers) await server.close();
  const [ask, bareReader] = [median(times.ask), median(times.reader)];
  rows.push({ name: '2,000 chunks - 1 chunk, ask', value: ask, unit: 'ms' });
  rows.push({ name: '2,000 chunks - 1 chunk, node:http', value: bareReader, unit: 'ms' });
  rows.push({ name: '2,000 chunks - 1 chunk, ratio', value: ask / bareReader, unit: '×', bound: 1.5 });
}

async function measureRepl(): Promise<void> {
  const echo = async (more: NodeJS.ProcessEnv = {}) => {
    const [file, ...args] = [...victor, 'chat'];
    const pty = await startPty({
      command: file!,
      args,
      env: { ...environment(), ...more },
      cwd: workspace,
      columns: 100,
      rows: 30,
    });
    // Raw mode is on once the input line is drawn; before that the kernel itself would echo.
    await pty.waitFor((screen) => screen.some((line) => line.includes('❯')), 10_000);
    pty.write('q');
    await pty.waitFor((screen) => screen.some((line) => /❯\s*q/.test(line)), 10_000);
    const took = now() - (await pty.startedAt);
    // As a user ends it: what was compiled is kept for the next start.
    pty.write('\u0003');
    await pty.waitFor((screen) => screen.every((line) => !/❯\s*q/.test(line)), 10_000);
    pty.write('/quit\r');
    await pty.exit;
    return took;
  };
  await pairs('REPL, typed character echoed', 5, echo);
  const first: number[] = [];
  for (let run = 0; run < runs; run++) first.push(await echo({ NODE_DISABLE_COMPILE_CACHE: '1' }));
  rows.push({ name: 'REPL, nothing compiled yet', value: median(first), unit: 'ms' });
}

const measurements = {
  commands: measureCommands,
  ask: measureAsk,
  'round-trip': measureToolRoundTrip,
  'ten-tools': measureTenToolTask,
  streaming: measureStreaming,
  repl: measureRepl,
};
const chosen = Object.entries(measurements).filter(([name]) => [undefined, name].includes(flags.only));
if (chosen.length === 0) throw new Error(`--only takes one of: ${Object.keys(measurements).join(', ')}`);
for (const [, measure] of chosen) await measure();
await rm(home, { recursive: true, force: true });
await rm(workspace, { recursive: true, force: true });

const failed = rows.filter(({ value, bound }) => bound !== undefined && value > bound);
if (flags.json) {
  process.stdout.write(`${JSON.stringify({ runs, rows })}\n`);
} else {
  const certificates = environment().NODE_EXTRA_CA_CERTS ? 'with' : 'without';
  process.stdout.write(`${runs} interleaved pairs; medians; ${certificates} NODE_EXTRA_CA_CERTS\n\n`);
  for (const { name, value, unit, bound } of rows) {
    const shown = unit === '×' ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
    const limit = bound === undefined ? '' : `  (bound ${bound}${unit === '×' ? '×' : ` ${unit}`})`;
    const mark = bound === undefined ? ' ' : value <= bound ? '✓' : '✗';
    process.stdout.write(`${mark} ${name.padEnd(44)} ${shown.padStart(8)} ${unit}${limit}\n`);
  }
}
process.exitCode = failed.length > 0 ? 1 : 0;
