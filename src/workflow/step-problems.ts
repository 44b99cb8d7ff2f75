import { conditionTarget, stepKind, stepName, stepText, type WorkflowStep } from '../core/workflow.js';
import { placeholdersIn } from './placeholders.js';
import { placeInQuotes } from './shell-places.js';

/** What is wrong with the steps of a workflow that no type can say; `key` is the member of the step. */
export interface StepProblem {
  readonly step: number;
  readonly key: string;
  readonly message: string;
}

/** Everything that would only come out in the middle of a run. */
export function stepProblems(steps: readonly WorkflowStep[]): readonly StepProblem[] {
  const problems: StepProblem[] = [];
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const note = (key: string, message: string) => problems.push({ step: index, key, message });
    const name = stepName(step, index);
    if (seen.has(name)) note('name', `another step is called ${name} already`);
    seen.add(name);
    if (step.name !== undefined && /^\d+$/.test(step.name))
      note('name', 'a number means a step by its place; use a word');
    const kind = stepKind(step);
    if (kind === 'approval' && step.onFailure !== undefined)
      note('onFailure', 'an approval cannot fail: a no ends the run');
    if (kind !== 'command' && step.timeoutMs !== undefined) note('timeoutMs', 'only a command has one');
    if (step.when) {
      const target = conditionTarget(steps, index);
      if (steps[target]?.command === undefined) note('when', 'it must be about a command before this step');
    }
    const before = new Set(
      steps.slice(0, index).flatMap((one) => (one.approval === undefined && one.name ? [one.name] : [])),
    );
    for (const { text, input, step: wanted } of placeholdersIn(stepText(step))) {
      if (input || (wanted !== undefined && before.has(wanted))) continue;
      const named =
        before.size === 0 ? 'none before it has a name' : `named before it: ${[...before].join(', ')}`;
      note(kind, `${text} must be {{steps.NAME.output}} of a prompt or command before this step (${named})`);
    }
    const quoted = step.command === undefined ? undefined : placeInQuotes(step.command);
    if (quoted !== undefined) note('command', quoted);
  }
  return problems;
}
