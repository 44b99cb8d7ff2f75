import { describe, expect } from 'vitest';
import { ofType } from '../helpers/scripted-orchestrator.js';
import { callFaults } from './call-faults.js';
import { dialects } from './dialects.js';
import { faultSession } from './fault-session.js';
import { faultTest } from './fault-test.js';

describe.each(dialects)('calls over $name', (dialect) => {
  for (const fault of callFaults) {
    faultTest(fault, dialect, async (measured) => {
      const { messages, runs, errors = [] } = fault;
      const steps = messages.map((toolCalls) => ({ text: 'I look.', toolCalls }));
      // Arguments of 5 MB have to fit, so that what is wrong with them can be said.
      const settings = { network: { attempts: 1 }, contextWindow: 4_000_000 };
      const script = [...steps, { text: 'done' }, { text: 'fine' }];
      const session = await faultSession(dialect, script, { settings });
      const first = await session.turn('hi');
      const second = await session.turn('and now?');
      const { noted, server } = session;
      const requests = server.requests.length - 1;
      const outcome = `${first.outcome}, ${first.text.includes('done') ? 'answered' : 'no answer'}`;
      measured({ requests, ms: first.ms, outcome, tools: noted.length });

      expect([first.outcome, second.outcome]).toEqual(['end', 'end']);
      expect([...noted].sort()).toEqual([...runs].sort());
      expect(session.problems()).toEqual([]);
      expect(requests).toBe(messages.length + 1);
      const results = ofType(first.events, 'message').filter(({ message }) => message.role === 'tool');
      expect(results).toHaveLength(messages.flat().length);
      const failed = results.filter(({ message }) => message.isError);
      expect(failed).toHaveLength(messages.flat().length - runs.length);
      for (const error of errors) {
        const about = failed.filter(({ message }) => error.test(message.content));
        expect(about, failed.map(({ message }) => message.content.slice(0, 300)).join('\n')).toHaveLength(1);
      }
    });
  }
});
