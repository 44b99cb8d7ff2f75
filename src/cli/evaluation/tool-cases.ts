import * as z from 'zod';
import { nearest } from '../../config/nearest.js';
import { messageOf } from '../../core/describe-failure.js';
import { ConfigError } from '../../core/errors.js';
import type { SelectionCase } from '../../core/evaluation.js';
import type { ToolDescriptor } from '../../core/extension.js';
import { readJsonLines, textOf, WrongLines } from './json-lines.js';

export interface ToolCases {
  readonly cases: readonly SelectionCase[];
  /** The tools that the cases are about; absent for those that there are here. */
  readonly tools?: readonly ToolDescriptor[];
}

const text = z.string().regex(/\S/, 'expected a text');
const texts = z.array(text);
/** `{ "Grep": "Searches …" }`, or a list with what else is known of each. */
const toolList = z.union(
  [
    z.record(text, z.string()),
    z.array(
      z.strictObject({
        name: text,
        description: z.string(),
        keywords: texts.optional(),
        parameters: texts.optional(),
      }),
    ),
  ],
  {
    error: 'expected { "Name": "what it does", … } or a list of { name, description, keywords, parameters }',
  },
);
const requestLine = z.strictObject({ request: text, expected: z.union([text, texts.min(1)]) });
const caseLine = z.union([requestLine, z.strictObject({ tools: toolList })], {
  error: 'expected a request with the tools that are right for it',
});
const EXPECTED =
  '{"request": "…", "expected": ["Grep", …]}, and one of them may be {"tools": {"Name": "what it does", …}}';

/**
 * The cases of a file, and the tools that it or `toolsFile` gives. Throws `ConfigError` that names each line that cannot be
 * used, also for a tool that is not there.
 */
export async function toolCases(
  file: string,
  toolsFile: string | undefined,
  here: readonly ToolDescriptor[],
): Promise<ToolCases> {
  const wrong = new WrongLines(file, EXPECTED);
  const lines = await readJsonLines(file, caseLine, wrong);
  const inFile = lines.flatMap(({ value }) => ('tools' in value ? descriptors(value.tools) : []));
  const given = toolsFile === undefined ? inFile : await readTools(toolsFile);
  const tools = distinct(given.length > 0 ? given : here);
  const names = new Set(tools.map(({ name }) => name));
  const cases: SelectionCase[] = [];
  for (const { line, value } of lines) {
    if ('tools' in value) continue;
    const expected = typeof value.expected === 'string' ? [value.expected] : value.expected;
    const missing = expected.find((name) => !names.has(name));
    if (missing === undefined) cases.push({ request: value.request, expected });
    else wrong.add(line, `there is no tool named ${missing}${meant(missing, [...names])}`);
  }
  wrong.throwIfAny();
  if (cases.length > 0) return { cases, ...(given.length > 0 ? { tools } : {}) };
  throw new ConfigError(`${file} has no request`, { advice: `A line is ${EXPECTED}.` });
}

function meant(name: string, names: readonly string[]): string {
  const found = nearest(name, names);
  return found === undefined ? '' : `; did you mean ${found}?`;
}

async function readTools(file: string): Promise<readonly ToolDescriptor[]> {
  const advice =
    'It is { "Name": "what it does", … } or a list of { name, description, keywords, parameters }.';
  let parsed: unknown;
  try {
    parsed = JSON.parse(await textOf(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`it is no JSON (${messageOf(error)})`, { file, advice });
  }
  const checked = toolList.safeParse(parsed);
  if (checked.success) return descriptors(checked.data);
  throw new ConfigError('it is no list of tools', { file, advice });
}

function descriptors(given: z.infer<typeof toolList>): ToolDescriptor[] {
  const list = Array.isArray(given)
    ? given
    : Object.entries(given).map(([name, description]) => ({ name, description }));
  return list.map(
    (one): ToolDescriptor =>
      Object.freeze({
        keywords: [],
        parameters: [],
        ...(one as Pick<ToolDescriptor, 'name' | 'description'>),
      }),
  );
}

/** Of tools with one name the last. */
function distinct(tools: readonly ToolDescriptor[]): readonly ToolDescriptor[] {
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()];
}
