import type { ServerStep } from '../helpers/model-server.js';
import type { FaultRow } from './fault-row.js';

/** A fault that a user of `victor ask` meets. */
export interface AskFault extends FaultRow {
  /** What the server does with request number `number`, from 0. */
  readonly step: (number: number) => ServerStep | Promise<ServerStep>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly arguments?: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly requests: number;
  /** What stderr says, each. */
  readonly stderr?: readonly RegExp[];
  /** Milliseconds that the process takes at least: it waits as it was told. */
  readonly leastMs?: number;
}

const text = 'The whole answer.';
const answer: ServerStep = { text };
const answered = { code: 0, stdout: `${text}\n`, requests: 2, stderr: [/Asking again in \d+ s\.$/m] };
/** Waits of milliseconds, so that six requests take seconds. */
const soon = { 'retry-after-ms': '1' };

/** Fails once, or `times` times, then answers. */
function first(fault: ServerStep | (() => ServerStep), times = 1) {
  return (number: number) => (number >= times ? answer : typeof fault === 'function' ? fault() : fault);
}

function always(fault: ServerStep) {
  return () => fault;
}

const limited = (headers: Record<string, string>): ServerStep => ({
  status: 429,
  headers,
  body: { error: { type: 'rate_limit_error', message: 'Slow down' } },
});

const waits: readonly AskFault[] = [
  {
    id: 'V01',
    words: '429 with retry-after in seconds is waited for',
    step: first(limited({ 'retry-after': '2' })),
    ...answered,
    stderr: [/Slow down.* Asking again in [23] s\.$/m],
    leastMs: 2_000,
  },
  {
    id: 'V01',
    words: '429 with retry-after as a date is waited for',
    step: first(() => limited({ 'retry-after': new Date(Date.now() + 3_000).toUTCString() })),
    ...answered,
    leastMs: 1_500,
  },
  {
    id: 'V01',
    words: '429 with retry-after-ms is waited for',
    step: first(limited({ 'retry-after-ms': '1500', 'retry-after': '50' })),
    ...answered,
    leastMs: 1_500,
  },
  ...['-5', '', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT'].map((value) => ({
    id: 'V01',
    words: `429 with retry-after "${value}" is asked again after a backoff`,
    step: first(limited({ 'retry-after': value })),
    ...answered,
    stderr: [/Asking again in 1 s\.$/m],
  })),
  {
    id: 'V01',
    words: '429 with retry-after 10^9 is not waited for',
    step: always(limited({ 'retry-after': '1000000000' })),
    code: 1,
    stdout: '',
    requests: 1,
    stderr: [/Slow down.*Wait a little/],
  },
  {
    id: 'V01',
    words: '429 without retry-after is asked again after a backoff',
    step: first(limited({})),
    ...answered,
  },
];

const stays: readonly (readonly [words: string, step: ServerStep, stderr: RegExp])[] = [
  [
    '400',
    { status: 400, body: { error: { message: 'wrong thing' } } },
    /wrong thing.*Check model and maxTokens/,
  ],
  ['401', { status: 401, body: {} }, /status 401.*Check the key in \w+_API_KEY/],
  ['403', { status: 403, body: {} }, /status 403.*may use this model/],
  ['404', { status: 404, body: {} }, /status 404.*victor models/],
  ['413', { status: 413, body: {} }, /status 413.*\/compact/],
  ['422', { status: 422, body: {} }, /status 422.*Check model/],
  [
    '429 of a spending cap without retry-after',
    { status: 429, body: { error: { type: 'insufficient_quota', message: 'You exceeded your quota' } } },
    /exceeded your quota.*Add credit/,
  ],
  [
    '429 that says it should not be retried',
    { status: 429, headers: { 'x-should-retry': 'false' }, body: {} },
    /status 429.*spending limit/,
  ],
];

const refusals = stays.map(
  ([words, step, stderr]): AskFault => ({
    id: 'V02',
    words: `${words} is not asked again`,
    step: always(step),
    code: 1,
    stdout: '',
    requests: 1,
    stderr: [stderr],
  }),
);

const overloads = [500, 502, 503, 504, 529].flatMap((status): AskFault[] => [
  {
    id: 'V03',
    words: `${status} once is asked again`,
    step: first({ status, headers: soon, body: {} }),
    ...answered,
  },
  {
    id: 'V03',
    words: `${status} for ever costs six requests and names the request`,
    step: always({ status, headers: soon, body: {} }),
    code: 1,
    stdout: '',
    requests: 6,
    stderr: [/Asking again/, new RegExp(`status ${status} \\(request req_test\\)`)],
  },
]);

const half = 'The first half, ';
const cutOff = { code: 1, stdout: `${half}\n`, stderr: [/Asking again/] };
/** Where a stream of `half` and no more is left: the words are out, the end is not. */
const halfOf = (kind: 'network' | 'stalled' | 'overloaded'): ServerStep => ({
  text: half,
  error: { kind, message: 'Overloaded' },
});
const rest: ServerStep = { text: 'and the second.' };
const joined = { code: 0, stdout: `${half}and the second.\n`, requests: 2, stderr: [/Asking again/] };
const twice = { attempts: 2, idleTimeoutMs: 2_000 };

const stalls: readonly AskFault[] = [
  {
    id: 'V05',
    words: 'no headers for the idle time is a stall',
    step: always({ stallBeforeHeaders: true }),
    settings: { network: { attempts: 2, idleTimeoutMs: 2_000 } },
    code: 1,
    stdout: '',
    requests: 2,
    stderr: [/Asking again/, /did not begin to answer for 2 s/],
  },
  {
    id: 'V05',
    words: 'headers, then silence is a stall',
    step: always({ text, stallAfterBytes: 0 }),
    settings: { network: twice },
    code: 1,
    stdout: '',
    requests: 2,
    stderr: [/Asking again/, /stopped sending for 2 s/],
  },
  {
    id: 'V05',
    words: 'half an answer, then silence, for ever: the half is printed once',
    step: always(halfOf('stalled')),
    settings: { network: twice },
    ...cutOff,
    requests: 2,
  },
  {
    id: 'V05',
    words: 'half an answer, then silence, once: the rest is asked for',
    step: (number) => (number === 0 ? halfOf('stalled') : rest),
    settings: { network: { idleTimeoutMs: 2_000 } },
    ...joined,
  },
  {
    id: 'V05',
    words: 'nothing but pings is a stall',
    step: always({ pingEveryMs: 50 }),
    settings: { network: { attempts: 2, pingTimeoutMs: 2_000 } },
    code: 1,
    stdout: '',
    requests: 2,
    stderr: [/Asking again/, /sent nothing of its answer for 2 s/],
  },
  {
    id: 'V05',
    words: 'silence ends after the 60 s that are the default',
    long: true,
    step: always({ text, stallAfterBytes: 0 }),
    settings: { network: { attempts: 1 } },
    code: 1,
    stdout: '',
    requests: 1,
    stderr: [/stopped sending for 60 s/],
    leastMs: 60_000,
  },
];

const breaks: readonly AskFault[] = [
  {
    id: 'V06',
    words: 'a reset in the answer: the rest is asked for',
    step: (n) => (n === 0 ? halfOf('network') : rest),
    ...joined,
  },
  {
    id: 'V06',
    words: 'a model that begins a broken answer anew is printed once',
    step: (n) => (n === 0 ? halfOf('network') : { text: `${half}and the second.`, chunks: 9 }),
    ...joined,
  },
  {
    id: 'V06',
    words: 'a reset of every answer costs six requests and prints the half once',
    step: always(halfOf('network')),
    ...cutOff,
    requests: 6,
    stderr: [/Asking again/, /The connection to .* failed/],
  },
  {
    id: 'V06',
    words: 'a stream that ends politely before it is complete never exits 0',
    step: always({ text, cutAfterBytes: 200, cut: 'end' }),
    settings: { network: { attempts: 2 } },
    code: 1,
    stdout: '',
    requests: 2,
    stderr: [/ended before it was complete/],
  },
  {
    id: 'V07',
    words: 'an overload inside a 200 answer, before a word: asked again',
    step: first({ text: '', error: { kind: 'overloaded', message: 'Overloaded' } }),
    ...answered,
  },
  {
    id: 'V07',
    words: 'an overload inside a 200 answer, after some words: the rest is asked for',
    step: (n) => (n === 0 ? halfOf('overloaded') : rest),
    ...joined,
  },
  {
    id: 'V07',
    words: 'an overload inside every 200 answer costs six requests',
    step: always(halfOf('overloaded')),
    ...cutOff,
    requests: 6,
  },
  {
    id: 'V07',
    words: 'a wrong request that is told inside a 200 answer is not asked again',
    step: always({ text: '', error: { kind: 'invalid-request', message: 'wrong thing' } }),
    code: 1,
    stdout: '',
    requests: 1,
    stderr: [/wrong thing.*Check model/],
  },
];

const page = { 'content-type': 'text/html' };
const nonsense: readonly (readonly [
  id: string,
  words: string,
  step: ServerStep,
  requests: number,
  stderr: RegExp,
])[] = [
  [
    'V10',
    'an event that is no JSON',
    { text: '', error: { kind: 'protocol', message: '' } },
    1,
    /no valid answer/,
  ],
  ['V11', 'a web page', { body: '<html>Log in</html>', headers: page }, 1, /web page/],
  ['V11', 'an empty 200', { body: '' }, 2, /ended before it was complete/],
  ['V11', '204', { status: 204 }, 2, /ended before it was complete|no valid answer/],
  [
    'V11',
    'gzip that is none',
    { body: 'plain', headers: { 'content-encoding': 'gzip' } },
    1,
    /cannot be read/,
  ],
  [
    'V21',
    'a context overflow that nothing can be compacted of',
    { error: { kind: 'context-length', message: 'prompt is too long' } },
    1,
    /\/compact/,
  ],
];

const protocol = nonsense.map(
  ([id, words, step, requests, stderr]): AskFault => ({
    id,
    words: `${words} is a typed error`,
    step: always(step),
    settings: { network: { attempts: 2 } },
    code: 1,
    stdout: '',
    requests,
    stderr: [stderr],
  }),
);

const endless = [
  ['a line', () => Buffer.alloc(100_000_000, 'x')],
  ['one event in lines', () => Buffer.from(`: ${'x'.repeat(997)}\n`.repeat(100_000))],
  ['events', () => Buffer.from(`: ${'x'.repeat(996)}\n\n`.repeat(100_000))],
] as const;

const floods = endless.map(
  ([words, body]): AskFault => ({
    id: 'V11',
    words: `${words} of 100 MB is a typed error`,
    ...(words === 'a line' ? {} : { long: true }),
    step: () => ({ body: body() }),
    code: 1,
    stdout: '',
    requests: 1,
    stderr: [/does not end/],
  }),
);

const endings: readonly AskFault[] = [
  {
    id: 'V17',
    words: 'the output limit in the middle of a call: not run, told, exit 5',
    step: always({
      text,
      toolCalls: [{ name: 'Write', inputText: '{"path":"made.txt","content":"cut he' }],
      stopReason: 'max-tokens',
    }),
    arguments: ['--permission-mode', 'yolo'],
    code: 5,
    stdout: `${text}\n`,
    requests: 1,
    stderr: [/cut at the output limit/],
  },
  {
    id: 'V17',
    words: 'a refusal: its calls do not run, told, exit 1',
    step: always({
      text: 'I will not.',
      toolCalls: [{ name: 'Write', input: { path: 'made.txt', content: '' } }],
      stopReason: 'refusal',
    }),
    arguments: ['--permission-mode', 'yolo'],
    code: 1,
    stdout: 'I will not.\n',
    requests: 1,
    stderr: [/declined to answer/],
  },
  {
    id: 'V22',
    words: 'an absurd Date header changes nothing',
    step: (number): ServerStep =>
      number === 0
        ? { headers: { date: 'Fri, 31 Dec 9999 23:59:59 GMT', 'retry-after': '1' }, status: 503, body: {} }
        : { headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, text },
    ...answered,
  },
];

export const askFaults: readonly AskFault[] = [
  ...waits,
  ...refusals,
  ...overloads,
  ...stalls,
  ...breaks,
  ...protocol,
  ...floods,
  ...endings,
];
