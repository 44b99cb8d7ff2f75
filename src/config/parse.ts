import type { Document, Node, ParsedNode } from 'yaml';
import { ConfigError } from '../core/errors.js';
import type { KeySegment } from './key-path.js';

/** The content of a settings file and where each key of it stands. */
export interface ParsedText {
  readonly value: unknown;
  lineOf(path: readonly KeySegment[]): number | undefined;
}

/** What a text may hold before it is parsed at all: the parser recurses, and a hostile file must not exhaust it. */
const MAX_FLOW_DEPTH = 32;
const MAX_INDENT = 64;
const MAX_INDICATORS_IN_LINE = 16;
const MAX_TOKENS = 6_000;
const MAX_ALIASES = 20;
/** Tokens of the lexer that stand for no text. */
const SCALAR_MARK = '\x1f';
const FLOW_ERROR_MARK = '\x18';

/** Aliases, keys, tags and merges as plain YAML 1.2 has them; nothing that a version directive or tag could add. */
export const documentOptions = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: true,
  stringKeys: true,
  resolveKnownTags: false,
  merge: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** Parses YAML, and JSON as the part of YAML that it is. `within` names the key to take instead of the whole. Throws `ConfigError`. */
export async function parseSettings(text: string, file: string, within?: string): Promise<ParsedText> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const fail = (what: string, advice: string, line?: number, cause?: unknown): never => {
    const place = line === undefined ? file : `${file}:${line}`;
    throw new ConfigError(`${place}: ${what}`, { advice, file, line, cause });
  };
  const excess = findExcess(new yaml.Lexer().lex(text));
  if (excess) fail(excess.what, 'Correct that line; settings are small and flat.', excess.line);
  const document = parse();
  const start = within === undefined ? document.contents : nodeAt(yaml, document, [within])?.value;
  const [from, , to] = start?.range ?? [0, text.length, text.length];
  // Outside the part that is ours, mistakes are not ours to report; warnings are tags that nobody may use.
  const mistake = [...document.errors, ...document.warnings].find(
    ({ pos }) => within === undefined || (pos[0] >= from && pos[0] <= to),
  );
  if (mistake) {
    const what = mistake.message
      .replace(/\s+/g, ' ')
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, 200);
    fail(`is not valid YAML or JSON: ${what}`, 'Correct that line.', lineAt(mistake.pos[0]), mistake);
  }
  return { value: toValue(), lineOf };

  function parse(): Document.Parsed<ParsedNode, false> {
    try {
      return yaml.parseDocument<ParsedNode, false>(text, { ...documentOptions, lineCounter: lines });
    } catch (error) {
      return fail('cannot be read as YAML or JSON', 'Correct the file.', undefined, error);
    }
  }

  function toValue(): unknown {
    try {
      return start === null || start === undefined
        ? null
        : start.toJS(document, { maxAliasCount: MAX_ALIASES });
    } catch (error) {
      return fail('repeats its aliases too often', 'Write the values out.', undefined, error);
    }
  }

  function lineOf(path: readonly KeySegment[]): number | undefined {
    const found = nodeAt(yaml, document, within === undefined ? path : [within, ...path]);
    const offset = (found?.key ?? found?.value)?.range?.[0];
    return offset === undefined ? undefined : lineAt(offset);
  }
}

interface Excess {
  readonly what: string;
  readonly line: number;
}

/** What makes a text too much for settings; `undefined` when nothing does. The lexer, unlike the parser, does not recurse. */
function findExcess(tokens: Iterable<string>): Excess | undefined {
  let line = 1;
  let depth = 0;
  let count = 0;
  let indicators = 0;
  let atLineStart = true;
  let scalarNext = false;
  for (const token of tokens) {
    const what = scalarNext ? undefined : look(token);
    if (what) return { what, line };
    // The lexer announces a plain scalar, which may look like anything, with a mark of its own.
    scalarNext = token === SCALAR_MARK;
    line += token.split('\n').length - 1;
  }
  return undefined;

  function look(token: string): string | undefined {
    if (token === FLOW_ERROR_MARK) return 'has a bracket or brace that is not closed';
    if (token === '\n' || token === '\r\n') {
      atLineStart = true;
      indicators = 0;
      return undefined;
    }
    const isIndent = atLineStart && depth === 0 && /^[ \t]/.test(token);
    atLineStart = false;
    if (isIndent && token.length > MAX_INDENT) return 'is indented too deeply';
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    if (!/^[ \t#]/.test(token)) count += 1;
    if (depth === 0 && /^[-?:]$/.test(token)) indicators += 1;
    if (depth > MAX_FLOW_DEPTH || indicators > MAX_INDICATORS_IN_LINE) return 'is nested too deeply';
    return count > MAX_TOKENS ? 'holds far more keys and values than there are settings' : undefined;
  }
}

interface Found {
  readonly key?: Node;
  readonly value: Node | null | undefined;
}

/** The node at a path, with the node of its key where it has one. */
function nodeAt(
  yaml: typeof import('yaml'),
  document: Document.Parsed<ParsedNode, false>,
  path: readonly KeySegment[],
): Found | undefined {
  let found: Found = { value: document.contents };
  for (const segment of path) {
    let { value } = found;
    if (yaml.isAlias(value)) value = value.resolve(document as unknown as Document);
    if (yaml.isMap<Node, Node | null>(value)) {
      const pair = value.items.find(({ key }) => yaml.isScalar(key) && key.value === segment);
      if (!pair) return undefined;
      found = { key: pair.key, value: pair.value };
    } else if (yaml.isSeq<Node>(value) && typeof segment === 'number') {
      found = { value: value.items[segment] };
    } else {
      return undefined;
    }
  }
  return found;
}
