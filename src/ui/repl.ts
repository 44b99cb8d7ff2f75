import { setTimeout as sleep } from 'node:timers/promises';
import { runningTasks } from '../core/background-tasks.js';
import type { BlockBody } from '../state.js';
import { append, initialState } from '../state.js';
import { onlyPrints } from './appearance.js';
import { createAppearanceControl } from './appearance-control.js';
import { createApprovals } from './approvals.js';
import { bannerLines } from './banner-lines.js';
import { createChoices } from './choices.js';
import { createCodeColours } from './code/code-colours.js';
import { colourLevelOf } from './colour-level.js';
import { commands as ownCommands } from './commands/registry.js';
import { promptCommands } from './commands/server-prompts.js';
import { createConversation } from './conversation.js';
import { createEditOutside } from './edit-outside.js';
import { withAsciiMarks } from './glyphs.js';
import { createHandOver } from './hand-over.js';
import type { ReplOptions, ReplResult } from './index.js';
import { createInkScreen } from './ink-screen.js';
import { initialInput } from './input-state.js';
import { createIntents } from './intents.js';
import type { Key } from './keys.js';
import { createManners } from './manners.js';
import { createFileIndex } from './mentions/file-index.js';
import { createMentionIndex } from './mentions/mention-index.js';
import { withImageMention } from './mentions/pasted-image.js';
import { createModeChanges } from './mode-changes.js';
import { asMessage } from './own-command.js';
import { createPlainScreen } from './plain-screen.js';
import { createPromptFileCommands } from './prompt-file-commands.js';
import { createResizing } from './resizing.js';
import type { Screen } from './screen.js';
import { createScreenStore } from './screen-store.js';
import { createSessionNumbers } from './session-numbers.js';
import { createSubmissions } from './submissions.js';
import { createSurroundings, firstKeysMs } from './surroundings.js';
import { createSuspension } from './suspension.js';
import { createSessionSwitch } from './switch-session.js';
import { enterTerminal } from './terminal.js';

/** How long a turn that was told to stop may take before the terminal is given back anyway. */
const stopMs = 2_000;

/** What a terminal still answers within this time is not left to the shell. */
const replyMs = 100;

/** Runs the REPL until the user leaves; the terminal is then as it was. */
export async function repl(options: ReplOptions): Promise<ReplResult> {
  const { orchestrator: port, approvals: queue, stdin, stdout, environment } = options;
  let leave: (result: ReplResult) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const left = new Promise<ReplResult>((resolve, reject) => {
    leave = resolve;
    fail = reject;
  });
  const { cwd, notifications } = options;
  const level = colourLevelOf(environment);
  const write = (text: string) => void stdout.write(text);
  const appearances = createAppearanceControl({ port, environment, level, write });
  const isPlain = appearances.first.spoken || onlyPrints(environment);
  const createScreen = isPlain ? createPlainScreen : createInkScreen;
  const ink = createScreen({ stdin, stdout, onError: fail, onFault: options.onFault });
  const { ascii, spoken } = appearances.first;
  const signal = (data: string) => write(ascii ? withAsciiMarks(data) : data);
  const manners = createManners({ environment, spoken, cwd, notifications, write: signal });
  const paint = (screen: Screen) => {
    ink.draw(screen);
    manners.painted(screen);
  };
  const initial = { ...firstScreen(options, ink.columns), appearance: appearances.first };
  const store = createScreenStore({ initial, paint, colours: createCodeColours() });
  appearances.attach(store);
  const conversation = createConversation(port, store, options.sessionId ?? port.sessionId);
  const approvals = createApprovals(queue, store);
  const choices = createChoices(store);
  const modeChanges = createModeChanges({ port, queue, conversation });
  const quit = (signal?: NodeJS.Signals) => {
    leave({ sessionId: conversation.sessionId, ...(signal ? { signal } : {}) });
  };
  const show = (blocks: readonly BlockBody[]) => {
    store.update({ state: blocks.reduce(append, store.screen.state) }, 'now');
  };
  const footer = (sessionId: string) => footerOf(options, sessionId);
  const numbers = createSessionNumbers(port, store, conversation);
  const goTo = createSessionSwitch({ port, store, conversation, footerOf: footer });
  const switchSession = async (sessionId: string) => {
    const blocks = await goTo(sessionId);
    void numbers.refresh();
    return blocks;
  };
  const surroundings = createSurroundings(options, store, conversation);
  const { change: changeMode } = modeChanges;
  const { ask: choose } = choices;
  const { exportSession, host } = options;
  const around = { ...(exportSession ? { exportSession } : {}), ...(host ? { host } : {}) };
  const themes = appearances.themes(options.saveSetting);
  const copy = (text: string) => copyText(text, options);
  const acting = { switchSession, changeMode, choose, copy, themes, quit };
  const fromFiles = createPromptFileCommands(options.promptCommands, show, options.notices);
  const commands = () => [
    ...ownCommands,
    ...(port.toolServers ? promptCommands(port.toolServers.prompts) : []),
    ...fromFiles.commands,
  ];
  const submit = createSubmissions({
    ...{ port, store, conversation, cwd, ...acting, ...around },
    refreshCommands: fromFiles.refresh,
    get commands() {
      return commands();
    },
  });
  const repaint = () => ink.redraw(store.screen);
  const answering = { approvals, choices, modeChanges };
  const paths = createFileIndex(async (signal) => {
    const { listPaths } = await import('./outside.js');
    return listPaths(cwd, signal);
  });
  const files = createMentionIndex(paths, port.toolServers?.resources);
  const onKeys = (keys: readonly Key[]) => {
    manners.touched();
    intents.handle(keys.map((key) => withImageMention(key, store.screen, cwd)));
  };
  const { modes, focused: onFocus } = manners;
  const terminal = enterTerminal({
    ...{ stdin, stdout, environment, modes, onKeys, onFocus },
    onReply: appearances.onReply,
    onHangup: quit,
  });
  const handOver = createHandOver({ terminal, ink, store });
  const onNobody = () =>
    store.update({ hint: 'No shell would bring Victor back, so that it goes on.' }, 'now');
  const suspension = createSuspension({ handOver, stdout, onNobody });
  const editOutside = createEditOutside({ handOver, store, environment, cwd });
  const { suspend } = suspension;
  const intents = createIntents({
    ...{ port, store, conversation, ...answering, files, submit, repaint, quit },
    ...{ editOutside, suspend },
    get commands() {
      return commands();
    },
    earlierPrompts: options.earlierPrompts,
  });
  const resizing = createResizing({ stdout, store, columns: () => ink.columns });

  let localServers: NodeJS.Timeout | undefined;
  try {
    store.paint();
    port.toolServers?.start();
    appearances.ask();
    if (options.sessionId !== undefined) show(await switchSession(options.sessionId));
    if (options.pickSession) submit('/resume');
    if (options.initialPrompt) submit(asMessage(options.initialPrompt));
    localServers = setTimeout(() => {
      void fromFiles.refresh();
      void offerLocalServers(options).then(show);
    }, firstKeysMs);
    surroundings.start();
    return await left;
  } finally {
    suspension.close();
    conversation.interrupt();
    const ended = Promise.all([handOver.close(), conversation.settled()]);
    await Promise.race([ended, sleep(stopMs, undefined, { ref: false })]);
    resizing.close();
    store.stop();
    files.close();
    approvals.close();
    choices.close();
    modeChanges.close();
    conversation.close();
    clearTimeout(localServers);
    surroundings.close();
    numbers.close();
    appearances.close();
    ink.end();
    if (appearances.awaitsReply) await sleep(replyMs);
    terminal.leave();
  }
}

async function copyText(text: string, { environment, cwd, stdout }: ReplOptions): Promise<readonly string[]> {
  const { copyToClipboard } = await import('./outside.js');
  const write = (data: string) => void stdout.write(data);
  return copyToClipboard(text, { environment, cwd, platform: process.platform, write });
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
    choice: undefined,
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
    tasks: runningTasks(port.backgroundTasks?.list(sessionId)),
    failingExtensions: port.extensionFailures ?? [],
  };
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
