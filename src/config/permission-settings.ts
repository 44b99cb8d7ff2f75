import * as z from 'zod';
import { modes } from '../core/coordinator.js';
import { ruleList, text } from './setting-types.js';

const expectation = {
  mode: z.enum(modes).optional().describe('The mode it is tried in; the one that holds here when absent'),
  expect: z
    .enum(['allow', 'ask', 'deny'])
    .describe('What must be decided; ask is a refusal where nobody can be asked'),
};
const permissionTest = z.union(
  [
    z.strictObject({ command: text.describe('A command line of the model'), ...expectation }),
    z.strictObject({
      tool: text.describe('A tool that the model calls'),
      path: text.optional().describe('The path it is given'),
      input: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('What else it is given; a text that it needs is x when absent'),
      ...expectation,
    }),
  ],
  {
    error:
      'expected { command, expect } or { tool, path, expect }, where expect is allow, ask or deny, and perhaps a mode',
  },
);

export const permissions = z.strictObject({
  mode: z
    .enum(modes)
    .default('ask')
    .describe(
      'What runs without asking: reads (ask), edits too (accept-edits), everything (yolo). plan and read-only refuse all but reads',
    ),
  allow: ruleList
    .default([])
    .describe(
      'What runs without asking, unless the mode refuses it: tools, or Tool(pattern) such as Bash(npm test) or Edit(*.md)',
    ),
  ask: ruleList
    .default([])
    .describe('What asks first even in mode yolo, until you allow it for the session: Tool or Tool(pattern)'),
  deny: ruleList
    .default([])
    .describe(
      'What never runs, whatever the mode, such as Bash(git push:*) or Read(secret/**); deny wins over ask, ask over allow',
    ),
  tests: z
    .array(permissionTest)
    .max(1_000)
    .default([])
    .describe(
      'Cases that `victor permissions test` tries, such as { command: git push, expect: deny }; nothing runs',
    ),
});

/** One case of `permissions.tests`. */
export type PermissionTest = z.output<typeof permissionTest>;
