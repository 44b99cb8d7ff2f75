import type { FaultRow } from './fault-row.js';

/** Rows whose tests are written out, by what names them there. */
export const sessionFaults = {
  usageUnknown: {
    id: 'V18',
    words: 'usage absent, negative, text or falling: never NaN, unknown is not free',
  },
  crash: { id: 'V20', words: 'killed while a tool ran: the resumed history is valid and says so' },
  compaction: {
    id: 'V03',
    words: 'a lasting fault while compaction asks the model, too: six requests at most',
  },
  summaryOnce: {
    id: 'V03',
    words: 'a fault once while compaction asks the model: it is asked again, and the turn goes on',
  },
  overflow: { id: 'V21', words: 'a context overflow is compacted and asked once more' },
  switching: { id: 'V24', words: 'the provider is switched in the middle, there and back' },
  refused: { id: 'V04', words: 'nothing listens' },
  noName: { id: 'V04', words: 'a name that no server knows' },
  noTls: { id: 'V04', words: 'no TLS where it should be' },
  blackhole: { id: 'V04', words: 'an IPv6 address that swallows everything: told within 10 s', long: true },
  proxy: { id: 'V04', words: 'a proxy that wants a password' },
  fuzzFetch: { id: 'V08', words: 'changed streams through a fetch of their own' },
  fuzzSockets: { id: 'V08', words: 'changed streams over sockets' },
  cuts: { id: 'V06', words: 'six streams, cut and reset at every byte' },
  silence: { id: 'V06', words: 'six streams, silent from a byte on' },
  abortConnect: { id: 'V19', words: 'abort while connecting' },
  abortHeaders: { id: 'V19', words: 'abort before the headers' },
  abortStream: { id: 'V19', words: 'abort in the stream' },
  abortBackoff: { id: 'V19', words: 'abort in a backoff' },
  abortTool: { id: 'V19', words: 'abort while a tool runs' },
  abortApproval: { id: 'V19', words: 'abort while a question is open' },
  abortCompaction: { id: 'V19', words: 'abort while compaction asks the model' },
  escapeStream: { id: 'V19', words: 'Esc in the stream' },
  escapeBackoff: { id: 'V19', words: 'Esc in a backoff' },
  escapeTool: { id: 'V19', words: 'Esc while a tool runs' },
} as const satisfies Record<string, FaultRow>;
