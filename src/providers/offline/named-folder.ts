/** A folder that a request speaks of by a plain word, `src` in "list the files in src". */
export interface NamedFolder {
  readonly name: string;
  /** The request speaks of files or folders; otherwise the word may mean anything, as in "list users". */
  readonly certain: boolean;
}

const NAME = '[`"\']?([\\w@][\\w@.-]*)[`"\']?';
const KIND = '(?:folder|directory|dir)';
const END = '\\s*[.?!]*\\s*$';
const THE = '(?:(?:the|my|our)\\s+)?';

const certainly = [
  new RegExp(`\\b(?:the|my|our)\\s+${NAME}\\s+${KIND}\\b`, 'i'),
  new RegExp(`\\b${KIND}\\s+(?:named\\s+|called\\s+)?${NAME}${END}`, 'i'),
  new RegExp(
    `\\b(?:files|folders|directories|everything|structure|layout|tree)\\s+(?:is\\s+|are\\s+)?(?:in|of|under|inside|within|below)\\s+${THE}${NAME}(?:\\s+${KIND})?${END}`,
    'i',
  ),
  new RegExp(`^\\W*(?:ls|tree|dir)\\s+(?:-\\w+\\s+)?${NAME}${END}`, 'i'),
];
const perhaps = [
  new RegExp(`^\\W*(?:please\\s+)?list\\s+${THE}${NAME}${END}`, 'i'),
  new RegExp(
    `^\\W*what(?:'s|\\s+is|\\s+are)\\s+(?:in|inside|under)\\s+${THE}${NAME}(?:\\s+${KIND})?${END}`,
    'i',
  ),
];

/** Words that stand for the working directory or for what is in one, and so name none. */
const namesNone =
  /^(?:th[ei]s|that|these|those|here|it|all|any|some|everything|files?|folders?|director(?:y|ies)|dir|tree|structure|layout|contents?|current|working|whole|entire|root|top|main|parent|repo|repository|project|codebase|code|workspace|details?|order|depth|changes|named|called|is|of|in|for|with)$/i;

export function namedFolder(request: string): NamedFolder | undefined {
  const sure = firstName(request, certainly);
  if (sure !== undefined) return { name: sure, certain: true };
  const likely = firstName(request, perhaps);
  return likely === undefined ? undefined : { name: likely, certain: false };
}

function firstName(request: string, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const name = pattern.exec(request)?.[1]?.replace(/[.-]+$/, '');
    if (name !== undefined && name !== '' && !namesNone.test(name)) return name;
  }
  return undefined;
}
