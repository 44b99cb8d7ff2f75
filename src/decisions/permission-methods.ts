import type { PermissionCoordinator } from '../core/coordinator.js';
import type { Decision } from '../core/decision.js';
import type { ToolCall } from '../core/message.js';
import { deciding } from './deciding-method.js';

const outcomes = { allow: 'Allowed', ask: 'Left to the user', deny: 'Refused' } as const;

export const permissionMethods = {
  decide: deciding<PermissionCoordinator, 'decide'>({
    inTurnsOnly: true,
    sessionOf: (_call, sessionId) => sessionId,
    describe: ({ given: [call], answer }) => ({
      outcome: outcomes[answer.verdict],
      reason: answer.reason,
      inputs: { ...inputsOf(call, answer), verdict: answer.verdict },
    }),
  }),
  ask: deciding<PermissionCoordinator, 'ask'>({
    untimed: true,
    sessionOf: (_call, _decision, sessionId) => sessionId,
    describe({ given: [call, decision], answer: { allowed, scope, feedback } }) {
      const said = allowed ? 'yes' : feedback ? 'something else' : 'no';
      const inputs = { ...inputsOf(call, decision), said, ...(allowed ? { scope } : {}) };
      const asked = decision.reason;
      if (allowed) return { outcome: 'The user said yes', reason: asked, inputs };
      if (feedback) return { outcome: 'The user said what to do instead', reason: asked, inputs };
      return { outcome: 'Nobody said yes', reason: asked, inputs };
    },
  }),
  hides: deciding<PermissionCoordinator, 'hides'>({
    inTurnsOnly: true,
    untimed: true,
    sessionOf: (_path, sessionId) => sessionId,
    describe: ({ answer }) =>
      answer
        ? { outcome: 'Kept back', reason: 'A rule keeps a file from being read that a tool came upon.' }
        : undefined,
  }),
};

/** What of a call tells it from others: where it goes, and never what it writes. */
const telling = ['command', 'path', 'file_path', 'pattern', 'url'];

function inputsOf(call: ToolCall, { verdict, rule, denies, cause }: Decision) {
  const name = telling.find((one) => typeof call.input[one] === 'string');
  return {
    tool: call.name,
    target: name === undefined ? '' : String(call.input[name]),
    ...(rule === undefined ? {} : { rule, list: `permissions.${denies ? 'deny' : verdict}` }),
    ...(cause === undefined ? {} : { cause }),
  };
}
