import type {
  CheckpointCoordinator,
  ConfigCoordinator,
  Coordinators,
  ModeCoordinator,
  SessionCoordinator,
  ToolCoordinator,
} from '../core/coordinator.js';
import type { ExplainsConfig } from '../core/explains.js';
import { contextMethods } from './context-methods.js';
import { counted, type DecidingMethod, deciding } from './deciding-method.js';
import { permissionMethods } from './permission-methods.js';
import { promptMethods } from './prompt-methods.js';
import { toolSelectionMethods } from './tool-selection-methods.js';

const config = {
  loadConfig: deciding<
    ConfigCoordinator & ExplainsConfig,
    'loadConfig',
    (sessionId: string) => ReturnType<NonNullable<ExplainsConfig['sources']>>
  >({
    sessionOf: (sessionId) => sessionId,
    before: (owner) => (sessionId) => owner.sources?.(sessionId),
    describe({ given: [sessionId], answer, before }) {
      const keys = Object.keys(answer);
      const { asked = [], answered = [] } = before(sessionId) ?? {};
      const inputs = { asked, answered, keys };
      if (keys.length > 0)
        return {
          outcome: 'The answer of a config provider holds',
          reason: 'It was the first with one.',
          inputs,
        };
      const outcome = 'No config provider changes the settings';
      const reason = asked.length === 0 ? 'None is set.' : 'Each was asked, and none had an answer.';
      return { outcome, reason, inputs };
    },
  }),
};

const session = {
  open: deciding<SessionCoordinator, 'open'>({
    sessionOf: (id) => id,
    describe({ answer: { resumed, messages, lost = 0 } }) {
      const inputs = { messages: messages.length, ...(lost > 0 ? { lost } : {}) };
      if (!resumed) return { outcome: 'Begun', reason: 'There was no session of this id.', inputs };
      const reason = 'Its log goes on where the last reset, compaction or rewind left it.';
      return { outcome: 'Resumed', reason, inputs };
    },
  }),
  resetSession: deciding<SessionCoordinator, 'resetSession'>({
    sessionOf: (id) => id,
    describe: ({ answer }) =>
      answer
        ? { outcome: 'Emptied the context', reason: 'Somebody asked for it; the log stays.' }
        : { outcome: 'Emptied nothing', reason: 'Nothing is stored of this session.' },
  }),
  fork: deciding<SessionCoordinator, 'fork'>({
    sessionOf: (id) => id,
    describe: ({ answer }) =>
      answer === undefined
        ? { outcome: 'Copied nothing', reason: 'Nothing is stored of this session.' }
        : { outcome: 'Copied the session', reason: 'Somebody asked for it.', inputs: { copy: answer } },
  }),
};

const mode = {
  allows: deciding<ModeCoordinator, 'allows'>({
    inTurnsOnly: true,
    untimed: true,
    sessionOf: (_tool, sessionId) => sessionId,
    describe({ answer: { verdict, reason } }) {
      const outcome = { allow: 'Allowed', ask: 'Left to the user', deny: 'Refused' }[verdict];
      return { outcome, reason, inputs: { verdict } };
    },
  }),
  set: deciding<ModeCoordinator, 'set', string>({
    untimed: true,
    sessionOf: (_mode, sessionId) => sessionId,
    before: (owner, _mode, sessionId) => owner.current(sessionId),
    describe: ({ given: [now], before }) => ({
      outcome: `The mode is ${now}`,
      reason: 'The user, a plan that was agreed to, or a setting asked for it.',
      inputs: { before },
    }),
  }),
};

const tool = {
  execute: deciding<ToolCoordinator, 'execute'>({
    sessionOf: (_call, sessionId) => sessionId,
    describe({ given: [call], answer: { isError, unknownTool, unfinished } }) {
      const inputs = { tool: call.name };
      if (unknownTool) return { outcome: 'Ran nothing', reason: 'There is no tool of this name.', inputs };
      if (unfinished) return { outcome: 'Gave up', reason: 'It was stopped, or took too long.', inputs };
      if (isError) return { outcome: 'Failed', reason: 'The model was told why in the result.', inputs };
      return { outcome: 'Ran', reason: 'It was allowed.', inputs };
    },
  }),
};

const checkpoint = {
  save: deciding<CheckpointCoordinator, 'save'>({
    sessionOf: (_call, { sessionId }) => sessionId,
    describe({ given: [call], answer }) {
      const inputs = { tool: call.name, files: answer.map(({ path }) => path) };
      if (answer.length === 0)
        return { outcome: 'Kept nothing', reason: 'The call changes no file that could be kept.', inputs };
      return { outcome: 'Kept what is about to change', reason: 'So that it can be undone.', inputs };
    },
  }),
  apply: deciding<CheckpointCoordinator, 'apply'>({
    sessionOf: ({ sessionId }) => sessionId,
    describe: ({ given: [{ action }], answer: { restored, left } }) => ({
      outcome: `Put ${counted(restored.length, 'file')} back and left ${left.length} alone`,
      reason: 'Only what still is as Victor left it is put back.',
      inputs: { action, left: left.map(({ path, reason }) => `${path}: ${reason}`) },
    }),
  }),
};

/** Which methods of a coordinator are decisions. The streams, and what is told as an event, are not among them. */
export const decidingMethods: {
  readonly [Name in keyof Coordinators]?: { readonly [Method in keyof Coordinators[Name]]?: DecidingMethod };
} = {
  config,
  prompt: promptMethods,
  context: contextMethods,
  tool,
  toolSelection: toolSelectionMethods,
  session,
  mode,
  permission: permissionMethods,
  checkpoint,
};
