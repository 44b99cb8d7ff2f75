import type { Command, ValueContext } from '../commands/command.js';
import type { MenuItem } from './menu.js';

/** The commands whose names or other names begin like this, a whole name first. */
export function commandItems(commands: readonly Command[], query: string): readonly MenuItem[] {
  const wanted = query.toLowerCase();
  const whole = commands.filter((one) => namesOf(one).includes(wanted));
  const begun = commands.filter(
    (one) => !whole.includes(one) && namesOf(one).some((name) => name.startsWith(wanted)),
  );
  return [...whole, ...begun].map(({ name, aliases = [], argument, describe }) => ({
    label: `/${name}`,
    argument,
    describe,
    // A whole other name is as good.
    insert: `/${aliases.includes(wanted) ? wanted : name}${argument === undefined ? '' : ' '}`,
  }));
}

/** The values that a command names for its argument and that begin like this; those that have it inside come behind. */
export function valueItems(
  command: Command | undefined,
  query: string,
  context: ValueContext,
): readonly MenuItem[] {
  const values = command?.values?.(context, query) ?? [];
  const wanted = query.toLowerCase();
  const places = values.map(({ value }) => value.toLowerCase().indexOf(wanted));
  const at = (isWanted: (place: number) => boolean) => values.filter((_, index) => isWanted(places[index]!));
  return [...at((place) => place === 0), ...at((place) => place > 0)].map(({ value, describe }) => ({
    label: value,
    describe,
    insert: value,
  }));
}

function namesOf({ name, aliases = [] }: Command): readonly string[] {
  return [name, ...aliases];
}
