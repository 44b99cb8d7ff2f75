import chalk from 'chalk';
import { render } from 'ink';
import type { BlockBody } from '../state.js';
import { append, initialState } from '../state.js';
import { createApprovals } from './approvals.js';
import { bannerLines } from './banner-lines.js';
import { commands } from './commands/registry.js';
import { App } from './components/app.js';
import { createConversation } from './conversation.js';
import { emptyFrame, type Frame, layoutFrame } from './frame.js';
import type { ReplOptions, ReplResult } from './index.js';
import { initialInput } from './input-state.js';
import { createIntents } from './intents.js';
import { replay } from './replay.js';
import type { Screen } from './screen.js';
import { createScreenStore } from './screen-store.js';
import { enterTerminal } from './terminal.js';
import { TerminalOutput } from './terminal-output.js';

/** How long a turn that was told to stop may take before the terminal is given back anyway. */
const stopMs = 2_000;
const eraseScreen = '\u001b[H\u001b[J';

/** Runs the REPL until the user leaves; the terminal is then as it was. */
export async function repl(options: ReplOptions): Promise<ReplResult> {
  const { orchestrator: port, approvals: queue, stdin, stdout } = options;
  const output = new TerminalOutput(stdout);
  // Ink paints through this same instance, which does not look at NO_COLOR by itself.
  if (options.environment.NO_COLOR && options.environment.FORCE_COLOR === undefined) chalk.level = 0;
  const draw = (screen: Screen, frame: Frame) => {
    output.placeCursor(frame.cursor);
    instance.rerender(<App print={screen.print} columns={screen.columns} frame={frame} />);
    output.flush();
  };
  let drawn = firstScreen(options, output.columns);
  const paint = (screen: Screen) => {
    const resized = screen.columns !== drawn.columns || screen.rows !== drawn.rows;
    // A terminal that changed its size may have broken or cut the old frame: it is taken back, not compared with.
    if (resized) draw(screen, emptyFrame);
    drawn = screen;
    draw(screen, layoutFrame(screen));
  };
  const resized = () => store.update({ columns: output.columns, rows: stdout.rows || 24 }, 'soon');
  const store = createScreenStore({ initial: drawn, paint });
  const instance = render(null, {
    // Ink only ever writes to its stream and asks for the width; raw mode and keys are not its business here.
    stdout: output as unknown as NodeJS.WriteStream,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    // Drawing is paced by the store; a pace of Ink's own would only delay the echo of keys.
    maxFps: 1_000,
  });

  let leave: (result: ReplResult) => void = () => {};
  const left = new Promise<ReplResult>((resolve) => {
    leave = resolve;
  });
  const quit = (signal?: NodeJS.Signals) => {
    leave({ sessionId: conversation.sessionId, ...(signal ? { signal } : {}) });
  };
  const conversation = createConversation(port, store, options.sessionId ?? port.sessionId);
  const approvals = createApprovals(queue, store);
  const show = (blocks: readonly BlockBody[]) => {
    store.update({ state: blocks.reduce(append, store.screen.state) }, 'now');
  };
  const switchSession = async (sessionId: string) => {
    await port.openSession(sessionId);
    conversation.switchTo(sessionId);
    const { footer } = initialState(footerOf(options, sessionId));
    store.update({ state: { ...store.screen.state, footer } }, 'now');
    return replay(port.coordinators.context.getContext(sessionId).messages);
  };
  const repaint = () => {
    draw(store.screen, emptyFrame);
    output.write(eraseScreen);
    output.flush();
    store.paint();
  };
  const intents = createIntents({
    port,
    store,
    conversation,
    approvals,
    commands,
    switchSession,
    repaint,
    quit,
    onPrompt: (text) => options.onPrompt?.(text),
  });
  const terminal = enterTerminal({
    stdin,
    stdout,
    environment: options.environment,
    onKeys: intents.handle,
    onHangup: quit,
  });
  stdout.on('resize', resized);

  try {
    store.paint();
    if (options.sessionId !== undefined) show(await switchSession(options.sessionId));
    if (options.initialPrompt) intents.send(options.initialPrompt);
    void offerLocalServers(options).then(show);
    // A component that throws ends Ink with its error; that error is the REPL's.
    return await Promise.race([left, instance.waitUntilExit().then(() => left)]);
  } finally {
    conversation.interrupt();
    await Promise.race([
      conversation.settled(),
      new Promise((resolve) => setTimeout(resolve, stopMs).unref()),
    ]);
    store.paint();
    store.stop();
    approvals.close();
    conversation.close();
    stdout.off('resize', resized);
    instance.unmount();
    output.end();
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
