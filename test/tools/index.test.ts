import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { coreTools, readOnlyTools } from '../../src/tools/index.js';

describe('the core tools', () => {
  it('are seven, in one order, always offered', () => {
    const tools = coreTools();
    expect(tools.map((tool) => tool.name)).toEqual(['Read', 'Write', 'Edit', 'Bash', 'Glob', 'Grep', 'List']);
    expect(tools.every((tool) => tool.core)).toBe(true);
    expect(tools.map((tool) => tool.kind)).toEqual([
      'read',
      'edit',
      'edit',
      'execute',
      'read',
      'read',
      'read',
    ]);
    expect(readOnlyTools().map((tool) => tool.name)).toEqual(['Read', 'Glob', 'Grep', 'List']);
    expect(readOnlyTools().every((tool) => tool.kind === 'read')).toBe(true);
  });

  it('take at most 3.5 kB of every request, schemas included', () => {
    const definitions = coreTools().map((tool) => ({
      name: tool.name,
      description: tool.description,
      input_schema: z.toJSONSchema(tool.schema, { io: 'input' }),
    }));
    expect(JSON.stringify(definitions).length).toBeLessThanOrEqual(3_500);
  });

  it('name the paths they touch, and refuse arguments they do not know', () => {
    const byName = new Map(coreTools().map((tool) => [tool.name, tool]));
    expect(byName.get('Read')?.paths?.({ path: '../x' })).toEqual(['../x']);
    expect(byName.get('Edit')?.paths?.({ path: 'x' })).toEqual(['x']);
    expect(byName.get('Grep')?.paths?.({ pattern: 'x' })).toEqual(['.']);
    expect(byName.get('Glob')?.paths?.({ pattern: '*', path: '/etc' })).toEqual(['/etc']);
    for (const tool of coreTools()) {
      expect(tool.schema.safeParse({ path: 'x', pattern: 'x', surprise: 1 }).success).toBe(false);
    }
  });
});
