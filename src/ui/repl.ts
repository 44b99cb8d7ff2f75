import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockBody } from '../state.js';
import { append, initialState } from '../state.js';
import { createApprovals } from './approvals.js';
import { bannerLines } from './banner-lines.js';
import { commands } from './commands/registry.js';
import { createConversation } from './conversation.js';
import type { ReplOptions, ReplResult } from './index.js';
import { createInkScreen } from './ink-screen.js';
import { initialInput } from './input-state.js';
import { createIntents } from './intents.js';
import { replay } from './replay.js';
import type { Screen } from './screen.js';
import { createScreenStore, type ScreenStore } from './screen-store.js';
import { createSubmissions } from './submissions.js';
import { enterTerminal } from './terminal.js';

/** How long a turn that was told to stop may take before the terminal is given back anyway. */
const stopMs = 2_000;

/** Runs the REPL until the user leaves; the terminal is then as it was. */
export async function repl(options: ReplOptions): Promise<ReplResult> {
  const { orchestrator: port, approvals: queue, stdin, stdout, environment } = options;
  let leave: (result: ReplResult) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const left = new Promise<ReplResult>((resolve, reject) => {
    leave = resolve;
    fail = reject;
  });
  const ink = createInkScreen({ stdin, stdout, environment, onError: fail });
  const store = createScreenStore({ initial: firstScreen(options, ink.columns), paint: ink.draw });
  const conversation = createConversation(port, store, options.sessionId ?? port.sessionId);
  const approvals = createApprovals(queue, store);
  const quit = (signal?: NodeJS.Signals) => {
    leave({ sessionId: conversation.sessionId, ...(signal ? { signal } : {}) });
  };
  const show = (blocks: readonly BlockBody[]) => {
    store.update({ state: blocks.reduce(append, store.screen.state) }, 'now');
  };
  const switchSession = async (sessionId: string) => {
    await port.openSession(sessionId);
    conversation.switchTo(sessionId);
    const { state } = store.screen;
    const { footer } = initialState({ ...footerOf(options, sessionId), sandbox: state.footer.sandbox });
    store.update({ state: { ...state, footer } }, 'now');
    const { context, tool } = port.coordinators;
    return replay(context.getContext(sessionId).messages, tool.list(sessionId));
  };
  const onPrompt = (text: string) => options.onPrompt?.(text);
  const submit = createSubmissions({ port, store, conversation, commands, switchSession, quit, onPrompt });
  const repaint = () => ink.redraw(store.screen);
  const intents = createIntents({ port, store, conversation, approvals, commands, submit, repaint, quit });
  const terminal = enterTerminal({ stdin, stdout, environment, onKeys: intents.handle, onHangup: quit });
  const resized = () => store.update({ columns: ink.columns, rows: stdout.rows || 24 }, 'soon');
  stdout.on('resize', resized);

  try {
    store.paint();
    if (options.sessionId !== undefined) show(await switchSession(options.sessionId));
    if (options.initialPrompt) submit(options.initialPrompt);
    void offerLocalServers(options).then(show);
    void showSandbox(options, store);
    return await left;
  } finally {
    conversation.interrupt();
    await Promise.race([conversation.settled(), sleep(stopMs, undefined, { ref: false })]);
    store.stop();
    approvals.close();
    conversation.close();
    stdout.off('resize', resized);
    ink.end();
    terminal.leave();
  }
}

function firstScreen(options: ReplOptions, columns: number): Screen {
  const { orchestrator: port, version, cwd, environment, notices, history = [], stdout } = options;
  const sessionId = options.sessionId ?? port.sessionId;
  const lines = bannerLines({ version, cwd, home: environment.HOME, port, sessionId });
  const banner: BlockBody = { kind: 'banner', lines };
  const blocks = [banner, ...notices.map((text): BlockBody => ({ kind: 'notice', level: 'warning', text }))];
  return {
    state: blocks.reduce(append, initialState(footerOf(options, sessionId))),
    input: initialInput(history),
    columns,
    rows: stdout.rows || 24,
    now: Date.now(),
    approval: undefined,
    queued: [],
    hint: '',
    print: { number: 0, blocks: [] },
  };
}

function footerOf({ orchestrator: port }: ReplOptions, sessionId: string) {
  const { provider, model, contextWindow } = port.coordinators.provider.current(sessionId);
  const counted = port.coordinators.metrics.snapshot(sessionId);
  return {
    sessionId,
    provider,
    model,
    mode: port.coordinators.mode.current(sessionId),
    contextTokens: counted.contextTokens,
    contextWindow,
    costUsd: counted.providerCalls > counted.unpricedCalls ? counted.costUsd : null,
    unpriced: counted.unpricedCalls > 0,
    failingExtensions: port.extensionFailures ?? [],
  };
}

async function showSandbox({ sandbox }: ReplOptions, store: ScreenStore): Promise<void> {
  const text = await sandbox?.().catch(() => '');
  if (!text) return;
  const { state } = store.screen;
  store.update({ state: { ...state, footer: { ...state.footer, sandbox: text } } }, 'soon');
}

/** Only a user without a model is told of the servers on this machine. */
async function offerLocalServers(options: ReplOptions): Promise<readonly BlockBody[]> {
  const { orchestrator: port, detectLocalServers } = options;
  if (!detectLocalServers || port.coordinators.provider.current(port.sessionId).provider !== 'offline')
    return [];
  const servers = await detectLocalServers().catch(() => []);
  return servers.map(({ name, models }) => {
    const choose = models.length === 0 ? '' : ` Use it with /model ${models[0]}`;
    return { kind: 'notice', level: 'info', text: `${name} runs on this machine.${choose}` };
  });
}
