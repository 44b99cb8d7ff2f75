import { expect, it } from 'vitest';
import { commandNames } from '../../src/ui/commands/names.js';
import { commands } from '../../src/ui/commands/registry.js';

it('the names that no custom command can take are those of all commands of the chat', () => {
  const all = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect([...commandNames].sort()).toEqual([...all].sort());
});
