/**
 * What is wrong with a request body by the published rules of the three wire protocols, in words; nothing when a server
 * that enforces every rule would take it. Written against the protocols, knowing nothing of how the bodies are made.
 */
type Fields = Readonly<Record<string, unknown>>;

const callIdPattern = /^[a-zA-Z0-9_-]{1,64}$/;

/** Messages API: user first, roles alternate, every tool_use answered once in the next message and there first. */
export function anthropicProblems(body: Fields): string[] {
  const problems: string[] = [];
  const say = (at: number, what: string) => problems.push(`message ${at}: ${what}`);
  const system = (body.system ?? []) as Fields[];
  if (system.some((block) => isBlank(block.text))) problems.push('system: an empty text');
  const messages = body.messages as { role: string; content: Fields[] }[];
  if (messages.length === 0) problems.push('no messages');
  const seen = new Set<unknown>();
  for (const [at, { role, content }] of messages.entries()) {
    if (role !== (at % 2 === 0 ? 'user' : 'assistant')) say(at, `unexpected role ${role}`);
    if (content.length === 0) say(at, 'no content');
    const calls = callsOf(messages[at - 1]);
    const answered: unknown[] = [];
    let behindResults = false;
    for (const block of content) {
      if (block.type === 'text') {
        behindResults = true;
        if (isBlank(block.text)) say(at, 'an empty text');
      } else if (block.type === 'image') {
        behindResults = true;
        if (role !== 'user') say(at, 'a picture from the assistant');
        problems.push(...imageProblems(block.source as Fields).map((what) => `message ${at}: ${what}`));
      } else if (block.type === 'tool_use') {
        if (role !== 'assistant') say(at, 'a call that is not the assistant’s');
        if (!callIdPattern.test(String(block.id))) say(at, `call id ${block.id}`);
        if (seen.has(block.id)) say(at, `call id ${block.id} twice`);
        seen.add(block.id);
        if (typeof block.input !== 'object' || block.input === null) say(at, 'a call without input');
      } else if (block.type === 'tool_result') {
        if (role !== 'user') say(at, 'a result that is not in a user message');
        if (behindResults) say(at, 'a result behind something else');
        if (!calls.includes(block.tool_use_id)) say(at, `an orphan result ${block.tool_use_id}`);
        if (answered.includes(block.tool_use_id)) say(at, `two results for ${block.tool_use_id}`);
        if (typeof block.content === 'string' && isBlank(block.content)) say(at, 'an empty result');
        answered.push(block.tool_use_id);
      } else if (block.type === 'thinking') {
        if (role !== 'assistant' || typeof block.signature !== 'string') say(at, 'unsigned thinking');
      } else if (block.type === 'redacted_thinking') {
        if (role !== 'assistant' || isBlank(block.data)) say(at, 'redacted thinking without its data');
      } else say(at, `unknown block ${block.type}`);
    }
    if (/thinking$/.test(String(content.at(-1)?.type))) say(at, 'an answer that ends with thinking');
    for (const id of calls) if (!answered.includes(id)) say(at, `no result for ${id}`);
  }
  if (callsOf(messages.at(-1)).length > 0) problems.push('the last calls have no results');
  if (messages.at(-1)?.role !== 'user') problems.push('the last message is not the user’s');
  return [...problems, ...unpairedSurrogates(body)];
}

/** Chat Completions: one system message and first, then the user; results of a message's calls right behind it, once. */
export function openAIProblems(body: Fields): string[] {
  const problems: string[] = [];
  const messages = body.messages as Fields[];
  const seen = new Set<unknown>();
  let waiting: unknown[] = [];
  const say = (at: number, what: string) => problems.push(`message ${at}: ${what}`);
  const first = messages.findIndex(({ role }) => role !== 'system');
  if (messages[first]?.role !== 'user') problems.push('the first message is not the user’s');
  for (const [at, message] of messages.entries()) {
    const { role, content } = message;
    if (role === 'tool') {
      if (!waiting.includes(message.tool_call_id)) say(at, `an orphan result ${message.tool_call_id}`);
      waiting = waiting.filter((id) => id !== message.tool_call_id);
      if (typeof content !== 'string' || content === '') say(at, 'an empty result');
      continue;
    }
    for (const id of waiting) say(at, `no result for ${id}`);
    waiting = [];
    if (role === 'system') {
      if (at !== 0) say(at, 'a system message that is not first');
      if (isBlank(content)) say(at, 'an empty system message');
    } else if (role === 'user') {
      if (Array.isArray(content) ? content.length === 0 : isBlank(content)) say(at, 'no content');
    } else if (role === 'assistant') {
      const calls = (message.tool_calls ?? []) as { id: unknown; function: Fields }[];
      if (calls.length === 0 && isBlank(content)) say(at, 'no content');
      for (const { id, function: called } of calls) {
        if (!callIdPattern.test(String(id))) say(at, `call id ${id}`);
        if (seen.has(id)) say(at, `call id ${id} twice`);
        seen.add(id);
        waiting.push(id);
        if (!isJsonObject(called.arguments)) say(at, 'arguments that are no JSON object');
      }
    } else say(at, `unknown role ${role}`);
  }
  for (const id of waiting) problems.push(`no result for ${id}`);
  if (messages.at(-1)?.role === 'assistant') problems.push('the last message is the assistant’s');
  return [...problems, ...unpairedSurrogates(body)];
}

/** Responses: calls answered once each and before anything else is said; reasoning right before what it led to. */
export function responsesProblems(body: Fields): string[] {
  const problems: string[] = [];
  const items = body.input as Fields[];
  const seen = new Set<unknown>();
  const waiting = new Set<unknown>();
  const say = (at: number, what: string) => problems.push(`item ${at}: ${what}`);
  if (isBlank(body.instructions)) problems.push('instructions: an empty text');
  if (items[0]?.role !== 'user') problems.push('the first item is not the user’s');
  for (const [at, item] of items.entries()) {
    if (item.type === 'function_call_output') {
      const { call_id: id, output } = item;
      if (!waiting.delete(id)) say(at, `an orphan result ${id}`);
      if (Array.isArray(output) ? output.length === 0 : output === '') say(at, 'an empty result');
      continue;
    }
    if (item.type === 'function_call') {
      const { call_id: id } = item;
      if (!callIdPattern.test(String(id))) say(at, `call id ${id}`);
      if (seen.has(id)) say(at, `call id ${id} twice`);
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(String(item.name))) say(at, `name ${item.name}`);
      if (!isJsonObject(item.arguments)) say(at, 'arguments that are no JSON object');
      seen.add(id);
      waiting.add(id);
    } else if (item.type === 'reasoning') {
      const next = items[at + 1];
      const leadsTo =
        next?.role === 'assistant' || next?.type === 'function_call' || next?.type === 'reasoning';
      if (!leadsTo) say(at, 'reasoning with nothing behind it');
      if (isBlank(item.encrypted_content) || isBlank(item.id)) say(at, 'reasoning that cannot be read');
      if (!Array.isArray(item.summary)) say(at, 'reasoning without a summary');
    } else if (item.role === 'user') {
      if (waiting.size > 0) say(at, `no result for ${[...waiting]}`);
      waiting.clear();
      if (!Array.isArray(item.content) || item.content.length === 0) say(at, 'no content');
    } else if (item.role === 'assistant') {
      if (waiting.size > 0) say(at, `no result for ${[...waiting]}`);
      if (isBlank(item.content)) say(at, 'no content');
    } else say(at, `unknown item ${item.type ?? item.role}`);
  }
  if (waiting.size > 0) problems.push(`no result for ${[...waiting]}`);
  if (items.at(-1)?.role === 'assistant') problems.push('the last item is the assistant’s');
  return [...problems, ...unpairedSurrogates(body)];
}

function callsOf(message: { content: Fields[] } | undefined): unknown[] {
  return (message?.content ?? []).filter(({ type }) => type === 'tool_use').map(({ id }) => id);
}

function imageProblems(source: Fields): string[] {
  return source.type === 'base64' && source.media_type && source.data ? [] : ['a broken picture'];
}

function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === '';
}

function isJsonObject(text: unknown): boolean {
  const value = JSON.parse(String(text)) as unknown;
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Servers refuse half of a character, which careless cutting leaves. */
function unpairedSurrogates(body: Fields): string[] {
  return /\\ud[89a-f]/i.test(JSON.stringify(body)) ? ['half of a character'] : [];
}
