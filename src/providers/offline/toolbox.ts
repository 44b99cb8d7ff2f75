import type { ToolCall } from '../../core/message.js';
import type { ToolDefinition } from '../../core/tool.js';
import { asFields, type Fields } from '../fields.js';

/** Other names a setting of a search tool may have; only names that the offered schema has are sent. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  ignoreCase: ['caseInsensitive', 'case_insensitive', 'insensitive'],
  filesOnly: ['filesWithMatches', 'pathsOnly', 'files_only'],
  limit: ['maxResults', 'maxMatches', 'headLimit', 'max'],
  path: ['file', 'directory', 'filePath', 'file_path'],
  context: ['contextLines'],
};

/** The tools a request offers, and how to call them so that their schemas agree. */
export interface Toolbox {
  has(name: string): boolean;
  /** A call ready to be streamed, or `undefined` when the tool is not offered. */
  call(name: string, input: Readonly<Record<string, unknown>>): Omit<ToolCall, 'id'> | undefined;
  /** The largest value the schema allows for a number, where it says so. */
  maximum(name: string, property: string): number | undefined;
}

export function toolbox(tools: readonly ToolDefinition[]): Toolbox {
  const byName = new Map(tools.map((tool) => [tool.name, propertiesOf(tool)]));
  return {
    has: (name) => byName.has(name),
    call(name, input) {
      const properties = byName.get(name);
      if (properties === undefined) return undefined;
      const known: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(input)) {
        const accepted = [key, ...(otherNames[key] ?? [])].find((one) => Object.hasOwn(properties, one));
        if (accepted !== undefined && value !== undefined) known[accepted] = value;
      }
      return { name, input: known };
    },
    maximum(name, property) {
      const schema = byName.get(name)?.[property];
      const maximum = (schema as { maximum?: unknown } | undefined)?.maximum;
      return typeof maximum === 'number' ? maximum : undefined;
    },
  };
}

function propertiesOf(tool: ToolDefinition): Fields {
  return asFields(tool.inputSchema.properties);
}
