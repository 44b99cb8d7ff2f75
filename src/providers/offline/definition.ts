const KEYWORD =
  /^\s*(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|override|readonly|declare|pub(?:\([a-z]+\))?|unsafe|extern|inline|virtual|sealed|open|data)\s+)*(class|interface|type|enum|struct|trait|union|record|protocol|function\*?|func|fn|def|fun|sub|impl|module|namespace|const|let|var|val|macro_rules!|object)\s+(?:\([^)]*\)\s*)?([#$@]?[\p{L}_$][\p{L}\p{N}_$.]*)/u;
const SQL =
  /\bCREATE\s+(?:TEMP(?:ORARY)?\s+)?(?:VIRTUAL\s+|UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s+(?:IF\s+NOT\s+EXISTS\s+)?["'`[]?([\w.]+)/i;
const DEFINE = /^\s*#\s*define\s+(\w+)/;
/** A method, `name(…) {`, or a member of an object or class, `name = …` and `name: …`. */
const METHOD =
  /^\s+(?:(?:public|private|protected|static|async|override|get|set|readonly|virtual|final)\s+)*\*?\s*([#$]?[\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::\s*[^;{]+)?\{\s*$/u;
const ASSIGNMENT =
  /^\s*(?:(?:this|self|module|exports|cls)\.)?([#$]?[\p{L}_$][\p{L}\p{N}_$.]*)\s*(?::[^=;{}()]+)?\s*(?::=|=)(?!=)/u;
const SETTING = /^\s*["']?([\p{L}_][\p{L}\p{N}_.-]*)["']?\s*:(?!:)/u;
const CONTROL =
  /^(?:if|for|while|switch|catch|return|else|do|try|with|elif|match|await|yield|throw|new|delete|typeof|case|default)$/;

/** Longer lines are data or minified. */
const MAX_LINE = 400;

export interface Definition {
  readonly name: string;
  readonly kind: DefinitionKind;
  /** 1 for what has a keyword of its own, less for assignments and members. */
  readonly strength: number;
}

export type DefinitionKind = 'class' | 'type' | 'function' | 'table' | 'variable' | 'other';

/** What a line defines, in any of the common languages; `undefined` when it defines nothing. */
export function definitionIn(line: string): Definition | undefined {
  if (line.length > MAX_LINE) return undefined;
  const keyed = SQL.exec(line) ?? KEYWORD.exec(line);
  if (keyed?.[1] !== undefined && keyed[2] !== undefined) {
    const kind = kindOf(keyed[1].toLowerCase());
    const isLocal = /^\s*(?:let|var)\s|^\s{4,}(?:const|val)\s/.test(line);
    return { name: keyed[2], kind, strength: isLocal ? 0.5 : 1 };
  }
  const method = DEFINE.exec(line) ?? METHOD.exec(line);
  if (method?.[1] !== undefined && !CONTROL.test(method[1])) {
    return { name: method[1], kind: 'function', strength: 1 };
  }
  const weak = ASSIGNMENT.exec(line) ?? SETTING.exec(line);
  if (weak?.[1] === undefined || CONTROL.test(weak[1])) return undefined;
  return { name: weak[1], kind: 'variable', strength: 0.4 };
}

function kindOf(keyword: string): DefinitionKind {
  if (/^(?:table|view)$/.test(keyword)) return 'table';
  if (/^(?:function\*?|func|fn|def|fun|sub)$/.test(keyword)) return 'function';
  if (/^(?:class|struct|object|record|impl)$/.test(keyword)) return 'class';
  if (/^(?:interface|type|trait|protocol|enum|union)$/.test(keyword)) return 'type';
  return /^(?:const|let|var|val)$/.test(keyword) ? 'variable' : 'other';
}

export function isImport(line: string): boolean {
  return /^\s*(?:import\b|from\s+\S+\s+import\b|(?:const|let|var)\s.*=\s*require\(|use\s+[\w:]+|#\s*include\b|export\s+(?:\*|\{[^}]*\})\s+from\b|require(?:_relative)?\s|using\s+[\w.]+;|["'][^"']+["'],?$)/.test(
    line,
  );
}

export function isComment(line: string): boolean {
  return /^\s*(?:\/\/|\/\*|\*|#(?!\s*(?:define|include|if|else|endif))|--\s|"""|'''|;|<!--)/.test(line);
}
