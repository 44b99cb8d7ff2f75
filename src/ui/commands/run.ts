import { type Command, info, output, warning } from './command.js';

const flags = { '--resume': 'unchanged', '--accept-changes': 'changed' } as const;

/** `/run` alone lists; with a name it runs that workflow in this session, as `victor run` does in one of its own. */
export const run: Command = {
  name: 'run',
  argument: '[workflow] [input | --resume]',
  describe:
    'run a workflow of .victorrc in this session, step by step; --resume goes on with its last run here',
  values: ({ port }, written) =>
    written.includes(' ')
      ? []
      : port.coordinators.workflow.list().map(({ name, description, steps }) => ({
          value: name,
          describe: description || `${steps} steps`,
        })),
  run({ port, send }, argument) {
    const workflows = port.coordinators.workflow.list();
    const [, name = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(argument.trim()) ?? [];
    if (workflows.length === 0)
      return info('There are no workflows here. Add one under workflows in .victorrc.');
    if (name === '') {
      const width = Math.max(...workflows.map((one) => one.name.length));
      const line = (one: (typeof workflows)[number]) =>
        `${one.name.padEnd(width)}  ${one.steps} steps  ${one.description}`.trimEnd();
      return output('Workflows', workflows.map(line));
    }
    if (!workflows.some((one) => one.name === name)) {
      const names = workflows.map((one) => one.name).join(', ');
      return warning(`There is no workflow ${name}. Workflows: ${names}.`);
    }
    const flag = /^--\S+/.exec(rest)?.[0];
    if (flag !== undefined && !Object.hasOwn(flags, rest))
      return warning(
        `/run takes --resume or --accept-changes alone, and no ${flag}: a question is answered here.`,
      );
    const resume = Object.hasOwn(flags, rest) ? flags[rest as keyof typeof flags] : undefined;
    const workflow = { name, input: resume === undefined ? rest : '', resume };
    send(`/run ${argument.trim()}`, { workflow });
    return [];
  },
};
