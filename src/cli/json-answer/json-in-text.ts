/** JSON that an answer is, or the only block of code in it. */
export type FoundJson =
  | { readonly ok: true; readonly text: string; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

const fence = /^[ \t]*(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm;

/** Models put JSON into a block of code although they are asked not to, and that costs no second question. */
export function jsonInText(answer: string): FoundJson {
  const text = answer.replaceAll('\r\n', '\n').trim();
  if (text === '') return { ok: false, problem: 'The answer was empty.' };
  const whole = parse(text);
  if (whole.ok) return whole;
  const blocks = [...text.matchAll(fence)].map(([, , body = '']) => body.trim());
  if (blocks.length === 1) return parse(blocks[0] as string);
  return blocks.length > 1 ? { ok: false, problem: 'The answer held several blocks of code.' } : whole;
}

/** Deeper is no answer but a model that repeats itself, and nothing here or behind a pipe could walk it. */
const DEEPEST = 200;

function parse(text: string): FoundJson {
  if (depthOf(text) > DEEPEST)
    return { ok: false, problem: `The answer was nested deeper than ${DEEPEST} levels.` };
  try {
    return { ok: true, text, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, problem: `The answer was not JSON: ${(error as Error).message}` };
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') inString = !inString;
    else if (inString) at += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
