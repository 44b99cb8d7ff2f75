import type { BackgroundTask } from '../../core/background-tasks.js';
import { duration, oneLine } from '../displayable.js';
import { type Command, info, output, warning } from './command.js';

export const tasks: Command = {
  name: 'tasks',
  argument: '[stop ID]',
  describe: 'what runs in the background; or end one',
  async run({ port, sessionId }, argument) {
    const all = port.backgroundTasks?.list(sessionId) ?? [];
    const [verb, id] = argument.trim().split(/\s+/);
    if (verb === 'stop' && id !== undefined) {
      const stopped = await port.backgroundTasks?.stop(id, sessionId);
      if (!stopped) return warning(`There is no ${id}. /tasks shows what there is.`);
      return info(stopped.ended ? `${id} has ended.` : `${id} does not end, though it was killed.`);
    }
    if (verb) return warning('Write /tasks, or /tasks stop ID.');
    if (all.length === 0) return info('Nothing has been started in the background.');
    return output('In the background', all.map(taskLine));
  },
};

function taskLine({ id, command, startedAt, ended }: BackgroundTask): string {
  const state = ended ? ended.how : 'running';
  return `${id}  ${state}, ${duration((ended?.at ?? Date.now()) - startedAt)}  ${oneLine(command)}`;
}
