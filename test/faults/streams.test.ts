import { describe, expect } from 'vitest';
import type { ServerStep } from '../helpers/model-server.js';
import { type Dialect, dialects, recordStream } from './dialects.js';
import { faultSession } from './fault-session.js';
import { faultTest } from './fault-test.js';
import { answerText, type StreamFault, streamFaults } from './stream-faults.js';

/** The changed stream in answer to the first message, a plain answer to the next. */
async function streamed(fault: StreamFault, dialect: Dialect) {
  const step: ServerStep = { text: fault.text ?? answerText };
  let changed: ServerStep = step;
  let asked = 0;
  const session = await faultSession(dialect, ({ recorded }) => {
    if (recorded) return step;
    asked += 1;
    return asked === 1 ? changed : { text: 'fine' };
  });
  const stream = await recordStream(dialect, session.server.url);
  const { splitBytes } = fault;
  changed = { body: fault.change(stream, dialect), ...(splitBytes === undefined ? {} : { splitBytes }) };
  const first = await session.turn('hi');
  const second = await session.turn('and now?');
  const bodies = session.server.requests.filter(({ body }) => !body.recorded);
  return { first, second, problems: bodies.flatMap(({ body }) => dialect.problems(body)), bodies };
}

describe.each(dialects)('streams of $name', (dialect) => {
  for (const fault of streamFaults) {
    faultTest(fault, dialect, async (measured) => {
      const { first, second, problems, bodies } = await streamed(fault, dialect);
      const { outcome, text, ms } = first;
      const wanted = fault.expected ?? fault.text ?? answerText;
      const said = text === wanted ? 'the right text' : text === '' ? 'no text' : `${text.length} characters`;
      measured({ requests: bodies.length - 1, ms, outcome: `${outcome}, ${said}`, tools: 0 });

      const must = typeof fault.fails === 'function' ? fault.fails(dialect) : undefined;
      const failed = outcome.startsWith('provider-');
      if (fault.fails !== 'may') expect(outcome).toBe(must ? outcome : 'end');
      if (must) expect(outcome).toMatch(/^provider-/);
      expect(failed || outcome === 'end', outcome).toBe(true);
      // Never wrong text: all of it, or its beginning where an error says that it is not all.
      if (!failed && text !== '' && text !== wanted) expect(text).toBe(fault.text ?? answerText);
      if (!failed && fault.fails === undefined) expect(text).toBe(wanted);
      if (failed) expect((fault.text ?? answerText).startsWith(text)).toBe(true);
      expect(second).toMatchObject({ outcome: 'end', text: 'fine' });
      expect(problems).toEqual([]);
    });
  }
});
