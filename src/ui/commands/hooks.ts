import type { HookOutcome, HookStatus } from '../../core/hook.js';
import { clip, oneLine } from '../displayable.js';
import { type Command, info, output } from './command.js';

export const hooks: Command = {
  name: 'hooks',
  describe: 'the hooks that run here: where each is set, whether it may run, what its last run came to',
  run({ port, columns }) {
    const known = port.hooks?.list() ?? [];
    const waiting = (port.configuration?.unconfirmed ?? []).filter(({ key }) => key.startsWith('hooks.'));
    if (known.length + waiting.length === 0)
      return info('There are no hooks here. docs/hooks.md says how to set one.');
    const unconfirmed = waiting.flatMap(({ key, value, file }) => [
      `${key.replace('hooks.', '')}  project, ${oneLine(file)}`,
      `  ${oneLine(value)}`,
      '  does not run: `victor trust`, in a shell in this folder, shows and confirms it',
    ]);
    const lines = [...known.flatMap(hookLines), ...unconfirmed];
    return output(
      'Hooks',
      lines.map((line) => clip(line, columns * 3)),
    );
  },
};

function hookLines({ hook, origin, file, matcher, command, timeoutMs, state, last }: HookStatus): string[] {
  const which = matcher ? `  ${oneLine(matcher)}` : '';
  const seconds = `${timeoutMs / 1_000} s at most`;
  const now = state === 'ready' ? 'ready' : 'changed since you confirmed it, so it does not run';
  return [
    `${hook}${which}  ${origin}, ${oneLine(file)}`,
    `  ${oneLine(command)}`,
    `  ${now}; ${seconds}${last ? `; last run: ${lastRun(last)}` : ''}`,
  ];
}

const words: Readonly<Record<HookOutcome, string>> = {
  none: 'changed nothing',
  blocked: 'refused',
  allowed: 'allowed',
  asked: 'had you asked',
  changed: 'changed what a call runs with',
  context: 'added something for the model',
  continued: 'let the turn go on',
  stopped: 'ended the turn',
  failed: 'failed',
};

function lastRun({ outcome, reason, durationMs }: NonNullable<HookStatus['last']>): string {
  const why = reason === '' ? '' : `, ${oneLine(reason)}`;
  return `${words[outcome]}${why} (${durationMs} ms)`;
}
