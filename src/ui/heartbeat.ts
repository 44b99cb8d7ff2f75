import type { OutputSoFar } from '../core/tool.js';
import { plural } from '../tools/model-text.js';
import { clip, duration, oneLine } from './displayable.js';
import { outputRows } from './running-output.js';
import type { Screen } from './screen.js';
import { plainText } from './spans.js';

/** A call that takes no longer is told of only when it is over. */
const firstAfterMs = 500;
const everyMs = 10_000;
/** Of what runs so much is said where there is more to say: how far it is must not be what is cut. */
const mostTitle = 40;
const restCells = 40;

export interface Heartbeat {
  /** It is said once for each. */
  readonly key: string;
  readonly text: string;
}

/** What runs, a call or a command of the user's own. */
interface Running {
  readonly key: string;
  readonly title: string;
  readonly startedAt: number;
  readonly output: OutputSoFar | undefined;
  /** That it runs was said when it began. */
  readonly known: boolean;
}

/** What a screen without a moving part says of what runs: soon that it does, then every ten seconds how far it is. */
export function heartbeat(screen: Screen): Heartbeat | undefined {
  const running = runningIn(screen);
  if (!running) return undefined;
  const { key, title, startedAt, output, known } = running;
  const elapsed = screen.now - startedAt;
  const beats = Math.floor(elapsed / everyMs);
  if (beats < 1) {
    return known || elapsed < firstAfterMs ? undefined : { key: `${key} 0`, text: `running: ${title}` };
  }
  const [last] = output ? outputRows(output, screen.columns, 1) : [];
  const said = [
    `still running: ${clip(title, Math.max(mostTitle / 4, Math.min(mostTitle, screen.columns - restCells)))}`,
    duration(beats * everyMs),
    ...(output ? [plural(output.lines, 'line')] : []),
    ...(last ? [`last: ${plainText(last).replace(/^[\s│]+/, '')}`] : []),
  ];
  return { key: `${key} ${beats}`, text: said.join(', ') };
}

/** When such a screen has something to say next, in milliseconds from its `now`; `undefined` while nothing runs. */
export function nextHeartbeatMs(screen: Screen): number | undefined {
  const running = runningIn(screen);
  if (!running) return undefined;
  const elapsed = Math.max(0, screen.now - running.startedAt);
  return elapsed < firstAfterMs && !running.known ? firstAfterMs - elapsed : everyMs - (elapsed % everyMs);
}

function runningIn({ state: { turn, tools }, approval }: Screen): Running | undefined {
  if (!turn.running || approval) return undefined;
  const tool = tools.find(({ status }) => status === 'running');
  if (tool) {
    const { callId: key, name, startedAt, output } = tool;
    return { key, title: `${oneLine(name)} ${oneLine(tool.title)}`, startedAt, output, known: false };
  }
  if (!turn.command) return undefined;
  const { text: title, output } = turn.command;
  return { key: 'command', title, startedAt: turn.startedAt, output, known: true };
}
