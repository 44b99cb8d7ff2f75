import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { offeredDefinitions } from '../../src/chat/offered-definitions.js';
import { ToolCoordinator } from '../../src/coordinators/tool.js';
import type { Tool } from '../../src/core/tool.js';

const tool = (name: string, offeredTo?: Tool['offeredTo']): Tool => ({
  name,
  description: name,
  kind: 'read',
  schema: z.strictObject({}),
  describe: () => '',
  execute: async () => ({ content: '' }),
  ...(offeredTo ? { offeredTo } : {}),
});

describe('which tools a model is sent', () => {
  it('are those that are for it, in their order; one that cannot say is sent', () => {
    const tools = [
      tool('all'),
      tool('few', ({ model }) => model.startsWith('gpt')),
      tool('broken', () => {
        throw new Error('no');
      }),
      tool('none', () => false),
    ];
    const coordinator = new ToolCoordinator({ tools, cwd: '/', outputDirectory: '/nowhere' });
    const names = (model: string) =>
      offeredDefinitions(coordinator, { provider: 'any', model }, 'one').map(({ name }) => name);
    expect(names('gpt-5')).toEqual(['all', 'few', 'broken']);
    expect(names('other')).toEqual(['all', 'broken']);
  });
});
