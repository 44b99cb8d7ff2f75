import type { Settings } from '../config/schema.js';
import { ChatCoordinator } from '../coordinators/chat.js';
import { ContextCoordinator } from '../coordinators/context.js';
import type { Coordinators, ProviderCoordinator, Turn } from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import { VictorError } from '../core/errors.js';
import type { EventBody, EventOf, VictorEvent } from '../core/event.js';
import type { ExplainsProvider } from '../core/explains.js';
import { newId } from '../core/id.js';
import { subagentSessionId } from '../core/subagent-session.js';
import type { ToolContext, ToolResult } from '../core/tool.js';
import type { UsedBySubagents } from '../core/turn.js';
import { limitSentence } from '../core/turn-limit.js';
import { logRecord } from '../event-publisher.js';
import type { TaskInput } from '../tools/task.js';
import { type AgentType, toolsOf } from './agent-type.js';
import { borrowedCoordinators, toldCall } from './borrowed-coordinators.js';
import { createProgress } from './progress.js';
import { subagentPrompt } from './subagent-prompt.js';

/** What subagents borrow of the orchestrator that runs their parents. */
export interface SubagentHost {
  readonly coordinators: Pick<Coordinators, 'checkpoint' | 'mode' | 'permission' | 'session' | 'tool'>;
  /** Whose decisions nobody asks about: those of a subagent would be of a session that nobody looks at. */
  readonly unrecorded: Pick<Coordinators, 'prompt' | 'provider'>;
  readonly cwd: string;
  /** What holds in a session. */
  readonly settingsOf: (sessionId: string) => Settings;
  /** The turn that runs in a session: what is left of its limits is what its subagents have. */
  readonly turnOf: (sessionId: string) => Turn | undefined;
  /** What that turn has used of them itself. */
  readonly usedBy: (sessionId: string) => Readonly<UsedBySubagents> | undefined;
  /** A call begins, which is to be decided about as one of the parent's. */
  readonly callBegins?: (parentId: string, callId: string) => void;
  /** Tells what happened as something of this session. */
  readonly emit: (event: EventBody, sessionId: string) => Promise<void>;
  /** Tells it whoever watches, and nobody else. */
  readonly tell: (event: EventBody, sessionId: string) => void;
}

/** Provider calls of one subagent, where the settings do not say less. */
const MOST_TURNS = 40;
/** Less than a call of a tool may take at all, so that what was found by then comes back. */
const MOST_MINUTES = 14;
const LONGEST_ANSWER = 24_000;

/**
 * One subagent from its prompt to its last message, which is the result of the call. Whatever happens to it is data for its
 * parent. What it costs, asks and changes is its parent's; what is said is kept as a session of its own.
 */
export async function runSubagent(
  type: AgentType,
  input: TaskInput,
  { sessionId: parentId, signal, onOutput }: ToolContext,
  host: SubagentHost,
  waitedMs = 0,
): Promise<ToolResult> {
  const settings = host.settingsOf(parentId);
  const sessionId = subagentSessionId(parentId);
  const tools = toolsOf(type, host.coordinators.tool.list(parentId), settings.toolSelection.maxTools);
  const progress = createProgress(onOutput);
  const recorder = recorderOf(host, sessionId);
  const used = { tokens: 0, toolCalls: 0 };
  const passOnEvent = passOn(parentId, whoIs(type, input), host, [used, host.turnOf(parentId)?.subagents]);
  try {
    await chooseModel(host.unrecorded.provider, type, parentId, sessionId);
    const chat = chatOf(type, input, { host, parentId, settings, tools });
    const turn = turnOf(input, { host, parentId, sessionId, settings, used }, waitedMs);
    let ended: EventOf<'turn-end'> | undefined;
    for await (const event of chat.run(turn, signal)) {
      if (event.type === 'tool-call') host.callBegins?.(parentId, event.call.id);
      await recorder(event);
      progress.note(event);
      await passOnEvent(event);
      if (event.type === 'turn-end') ended = event;
    }
    return resultOf(ended, progress.summary());
  } catch (error) {
    if (signal.aborted) throw error;
    const advice = error instanceof VictorError && error.advice ? ` ${error.advice}` : '';
    const content = `The subagent failed: ${messageOf(error)}${advice}`;
    return { content, isError: true, summary: `failed, ${progress.summary()}` };
  }
}

/** Names it where the user is asked, or told of a refusal. */
function whoIs({ name }: AgentType, { description }: TaskInput): string {
  return `${name} (${description.replaceAll(/\s+/g, ' ').slice(0, 60).toWellFormed()})`;
}

function chatOf(
  type: AgentType,
  input: TaskInput,
  {
    host,
    parentId,
    settings,
    tools,
  }: Pick<Parts, 'host' | 'parentId' | 'settings'> & { readonly tools: ReturnType<typeof toolsOf> },
): ChatCoordinator {
  const { coordinators, unrecorded } = host;
  const who = `The subagent ${whoIs(type, input)}`;
  const parentTurnId = host.turnOf(parentId)?.id ?? newId();
  // A context of its own, which is gone with it; what is kept is in its log.
  const { threshold, hardThreshold } = settings.compaction;
  const context = new ContextCoordinator({ threshold, hardThreshold });
  const prompt = subagentPrompt(type, { prompt: unrecorded.prompt, parentId, parentTurnId });
  const borrowed = borrowedCoordinators({ coordinators, parentId, parentTurnId, tools, who });
  return new ChatCoordinator({ ...borrowed, context, prompt, provider: unrecorded.provider });
}

interface Parts {
  readonly host: SubagentHost;
  readonly parentId: string;
  readonly sessionId: string;
  readonly settings: Settings;
  /** What it has used itself. */
  readonly used: UsedBySubagents;
}

/** The limits are its parent's, and so is what was used of them; no subagent may take more than some of each at all. */
function turnOf(
  { prompt }: TaskInput,
  { host, parentId, sessionId, settings, used }: Parts,
  waitedMs: number,
): Turn {
  const { maxMinutes = MOST_MINUTES, maxTokens } = settings;
  const parent = host.turnOf(parentId);
  const { budget, maxTurns = settings.maxTurns, maxTotalTokens, maxToolCalls } = parent ?? {};
  // Asked before each call, so that subagents at the same time see what the others use.
  const byOthers = (name: keyof UsedBySubagents) =>
    (host.usedBy(parentId)?.[name] ?? 0) + (parent?.subagents?.[name] ?? 0) - used[name];
  return {
    ...{ id: newId(), sessionId, text: prompt, maxTokens },
    promptContext: { cwd: host.cwd, ...settings.prompt.context },
    maxTurns: Math.min(maxTurns, MOST_TURNS),
    // Waiting for the others was part of the time of the call.
    maxMinutes: Math.max(0.01, Math.min(maxMinutes, MOST_MINUTES - waitedMs / 60_000)),
    ...(maxToolCalls === undefined ? {} : { maxToolCalls }),
    ...(maxTotalTokens === undefined ? {} : { maxTotalTokens }),
    ...(budget ? { budget } : {}),
    subagents: {
      get tokens() {
        return byOthers('tokens');
      },
      get toolCalls() {
        return byOthers('toolCalls');
      },
    },
  };
}

/** The type's model, else the one that the parent has chosen. */
async function chooseModel(
  provider: ProviderCoordinator & ExplainsProvider,
  { model, keepsProvider }: AgentType,
  parentId: string,
  sessionId: string,
): Promise<void> {
  const chosenOf = (id: string) => {
    const { provider: name, model: current } = provider.current(id);
    return provider.chosen?.(id) ?? `${name}/${current}`;
  };
  const parents = chosenOf(parentId);
  const own = chosenOf(sessionId);
  if (parents !== own) {
    const [name = '', ...rest] = parents.split('/');
    const isSame = own.startsWith(`${name}/`);
    await provider.switchTo(isSame ? rest.join('/') : parents, sessionId);
  }
  if (model === undefined) return;
  await provider.switchTo(model, sessionId);
  if (keepsProvider && !chosenOf(sessionId).startsWith(`${parents.split('/')[0]}/`))
    await provider.switchTo(parents, sessionId);
}

/** Keeps what is said as a session of its own; where that fails, the answer still comes back. */
function recorderOf(
  { coordinators: { session } }: SubagentHost,
  sessionId: string,
): (event: VictorEvent) => Promise<void> {
  let opened: Promise<unknown> | undefined;
  let failed = false;
  return async (event) => {
    const entry = failed ? undefined : logRecord(event);
    if (!entry) return;
    try {
      opened ??= session.open(sessionId);
      await opened;
      await session.record(entry, sessionId);
    } catch {
      failed = true;
    }
  };
}

/**
 * What of a subagent happens to its parent, too: what it costs, what it asks, which files it changed, and which of its calls were
 * refused, with what was decided about them.
 */
function passOn(
  parentId: string,
  who: string,
  { emit, tell }: SubagentHost,
  counts: readonly (UsedBySubagents | undefined)[],
): (event: VictorEvent) => Promise<void> {
  const decided = new Map<string, EventBody[]>();
  const asked = new Set<string>();
  return async (event) => {
    const { id: _, sessionId, turnId: _turn, timestamp: _time, ...body } = event;
    for (const used of counts) {
      if (used && body.type === 'request-end') used.tokens += body.usage.totalTokens;
      if (used && body.type === 'tool-call') used.toolCalls += 1;
    }
    if (body.type === 'request-end') await emit({ ...body, purpose: 'subagent' }, parentId);
    if (body.type === 'checkpoint') await emit(body, parentId);
    if (!('call' in body)) return;
    const { id } = body.call;
    const told = {
      ...body,
      call: toldCall(body.call, sessionId),
      ...(body.type === 'tool-decision' ? { subagent: who } : {}),
    };
    if (body.type === 'approval-request') {
      asked.add(id);
      await emit(told, parentId);
    } else if (body.type !== 'tool-result') decided.set(id, [...(decided.get(id) ?? []), told]);
    else {
      const failed = body.result.isError === true;
      if (body.denied) for (const one of [...(decided.get(id) ?? []), told]) await emit(one, parentId);
      else if (asked.has(id)) tell({ type: 'subagent-call-end', callId: told.call.id, failed }, parentId);
      decided.delete(id);
      asked.delete(id);
    }
  };
}

function resultOf(ended: EventOf<'turn-end'> | undefined, summary: string): ToolResult {
  const { reason = 'interrupted', limit, content = '' } = ended ?? {};
  const answer = bounded(content.trim());
  if (reason === 'end' && answer !== '') return { content: answer, summary };
  const why = limit ? limitSentence(limit) : `it ended with ${reason}.`;
  const said = answer === '' ? 'It said nothing.' : `What it said until then:\n${answer}`;
  const stopped =
    reason === 'end'
      ? 'The subagent ended without an answer.'
      : `The subagent did not come to its end: ${why}`;
  return { content: `${stopped} ${said}`, isError: true, summary: `stopped, ${summary}` };
}

function bounded(text: string): string {
  if (text.length <= LONGEST_ANSWER) return text;
  const shown = text.slice(0, LONGEST_ANSWER).toWellFormed();
  return `${shown}\n[The answer of the subagent was cut here: ${text.length - shown.length} more characters.]`;
}
