import type { ToolDescriptor } from '../core/extension.js';

/**
 * `make` with a memory of one list of tools: descriptors are made anew for each request, and say the same until a tool
 * comes or goes.
 */
export function lastOf<T>(
  make: (tools: readonly ToolDescriptor[]) => T,
): (tools: readonly ToolDescriptor[]) => T {
  let last: { readonly tools: readonly ToolDescriptor[]; readonly made: T } | undefined;
  return (tools) => {
    if (!last || !areAlike(last.tools, tools)) last = { tools: [...tools], made: make(tools) };
    return last.made;
  };
}

function areAlike(some: readonly ToolDescriptor[], others: readonly ToolDescriptor[]): boolean {
  return (
    some.length === others.length &&
    some.every((tool, index) => {
      const other = others[index]!;
      return (
        tool === other ||
        (tool.name === other.name &&
          tool.description === other.description &&
          tool.keywords.join('\n') === other.keywords.join('\n') &&
          tool.parameters.join('\n') === other.parameters.join('\n'))
      );
    })
  );
}
