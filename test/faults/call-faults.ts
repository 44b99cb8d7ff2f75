import type { ServerStep } from '../helpers/model-server.js';
import type { FaultRow } from './fault-row.js';
import { note } from './note-call.js';

type Calls = NonNullable<ServerStep['toolCalls']>;

/** Calls that a model should not make so. Every one gets one result; what is wrong with it stands in the result. */
export interface CallFault extends FaultRow {
  /** What the model calls, in one message after the other. */
  readonly messages: readonly Calls[];
  /** What ran, by the text of its note. */
  readonly runs: readonly string[];
  /** What results say of the calls that did not run, each of these once. */
  readonly errors?: readonly RegExp[];
}

const raw = (inputText: string): Calls[number] => ({ name: 'Note', inputText });
const named = (name: string): Calls[number] => ({ name, input: { text: name } });
const deep = `{"text":"x","more":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;

const ids: readonly CallFault[] = [
  {
    id: 'V13',
    words: 'two calls with one id',
    messages: [[note('one', 'a'), note('two', 'a')]],
    runs: ['one', 'two'],
  },
  {
    id: 'V13',
    words: 'calls with an empty id',
    messages: [[note('one', ''), note('two', '')]],
    runs: ['one', 'two'],
  },
  {
    id: 'V13',
    words: 'an id that comes again in the next message',
    messages: [[note('one', 'a')], [note('two', 'a')]],
    runs: ['one', 'two'],
  },
  ...['', 'Unknown', 'No te', 'Nöte', '__proto__', 'constructor', 'x'.repeat(300)].map(
    (name): CallFault => ({
      id: 'V13',
      words: `a tool named "${name.slice(0, 20)}"`,
      messages: [[named(name), note('one')]],
      runs: ['one'],
      errors: [/Note/],
    }),
  ),
];

const inputs: readonly CallFault[] = [
  ['JSON that is cut', '{"text":"a', /JSON/],
  ['a wrong type', '{"text":7}', /text/],
  ['a field too many', '{"text":"a","colour":"red"}', /colour/],
  ['a field too few', '{}', /text/],
  ['no text at all', '', /text/],
  ['a list', '["a"]', /object/],
  ['a number', '7', /object/],
  ['1e999', '{"text":"a","number":1e999}', /number/],
  ['depth 10,000', deep, /JSON|object|more/],
  ['__proto__', '{"__proto__":{"text":"a"}}', /text/],
].map(
  ([words, text, error]): CallFault => ({
    id: words === '1e999' || words === 'depth 10,000' || words === '__proto__' ? 'V10' : 'V14',
    words: `arguments: ${words}`,
    messages: [[raw(text as string), note('one')]],
    runs: ['one'],
    errors: [error as RegExp],
  }),
);

const long = 'x'.repeat(5_000_000);

export const callFaults: readonly CallFault[] = [
  ...ids,
  ...inputs,
  {
    id: 'V14',
    words: 'arguments: a text of 5 MB in a field that does not exist',
    messages: [[raw(`{"text":"a","more":"${long}"}`)]],
    runs: [],
    errors: [/more/],
  },
  {
    id: 'V09',
    words: 'arguments: half of a surrogate pair becomes U+FFFD',
    messages: [[raw('{"text":"a\\ud83d"}')]],
    runs: ['a\uFFFD'],
  },
  {
    id: 'V15',
    words: '1,000 calls in one message: 100 run, the others are answered',
    messages: [Array.from({ length: 1_000 }, (_, number) => note(`${number}`))],
    runs: Array.from({ length: 100 }, (_, number) => `${number}`),
  },
];
