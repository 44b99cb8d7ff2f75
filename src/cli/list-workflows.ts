import { stepKind, stepName, stepText } from '../core/workflow.js';
import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { type OutputFlags, outputFormat, type TurnFlags } from './flags.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { openTurn } from './open-turn.js';
import { trustWorkflows, workflowsWait } from './workflows-wait.js';

/** The workflows that can be run here; with `--json` each with its steps. */
export async function listWorkflows(flags: TurnFlags & OutputFlags, cli: CommandLine): Promise<number> {
  const { stdout, environment } = cli;
  const { orchestrator } = await openTurn({ ...flags, session: false }, cli);
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    const listed = orchestrator.coordinators.workflow.list();
    if (outputFormat(flags) !== 'text') {
      const { workflows } = orchestrator.settings;
      const stepsOf = (name: string) =>
        (workflows[name]?.steps ?? []).map((step, index) => ({
          ...{ name: stepName(step, index), kind: stepKind(step), text: stepText(step) },
          ...(step.when ? { when: { step: step.when.step, exit_code: step.when.exitCode } } : {}),
          ...(step.onFailure ? { on_failure: step.onFailure } : {}),
        }));
      stdout.write(
        formatJson(listed.map(({ name, description }) => ({ name, description, steps: stepsOf(name) }))),
      );
      return 0;
    }
    if (listed.length === 0) {
      notice(
        cli,
        workflowsWait(orchestrator)
          ? `no workflow may run here yet. ${trustWorkflows}`
          : 'there are no workflows here. Add one under workflows in .victorrc.',
      );
      return 0;
    }
    const rows = listed.map(({ name, steps, description }) => [name, String(steps), description]);
    stdout.write(
      formatTable(['name', 'steps', 'what it does'], rows, {
        width: stdout.isTerminal ? stdout.columns : 0,
        colours: await colours(environment, stdout.isTerminal),
        right: [1],
      }),
    );
    return 0;
  } finally {
    await orchestrator.close();
  }
}
