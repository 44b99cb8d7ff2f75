import type * as contract from '../core/coordinator.js';
import type { WorkflowSummary } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';

export interface Workflow {
  readonly description?: string | undefined;
  readonly steps: readonly { readonly prompt: string }[];
}

export interface WorkflowCoordinatorOptions {
  readonly workflows: Readonly<Record<string, Workflow>>;
  /** Runs one prompt as a turn of the session. */
  readonly runPrompt: (
    prompt: string,
    options: { sessionId: string; signal: AbortSignal },
  ) => AsyncIterable<VictorEvent>;
}

/** Runs the named step lists of the configuration, one turn a step, in one session. */
export class WorkflowCoordinator
  implements contract.WorkflowCoordinator, contract.Configurable<WorkflowCoordinatorOptions>
{
  #workflows: ReadonlyMap<string, Workflow>;
  #runPrompt: WorkflowCoordinatorOptions['runPrompt'];

  constructor(options: WorkflowCoordinatorOptions) {
    this.#workflows = new Map(Object.entries(options.workflows));
    this.#runPrompt = options.runPrompt;
  }

  /** A workflow that runs goes on with the steps it started with. */
  configure({ workflows, runPrompt }: Partial<WorkflowCoordinatorOptions>): void {
    if (workflows) this.#workflows = new Map(Object.entries(workflows));
    if (runPrompt) this.#runPrompt = runPrompt;
  }

  list(): readonly WorkflowSummary[] {
    return [...this.#workflows].map(([name, { description, steps }]) => ({
      name,
      description: description ?? '',
      steps: steps.length,
    }));
  }

  async *run(
    name: string,
    input: string,
    options: { sessionId: string; signal: AbortSignal },
  ): AsyncIterable<VictorEvent> {
    const workflow = this.#workflows.get(name);
    if (!workflow) {
      const names = [...this.#workflows.keys()];
      throw new ConfigError(`There is no workflow "${name}".`, {
        advice:
          names.length > 0 ? `Workflows: ${names.join(', ')}.` : 'Add one under `workflows` in .victorrc.',
      });
    }
    for (const { prompt } of workflow.steps) {
      const text = prompt.replaceAll('{{input}}', () => input);
      for await (const event of this.#runPrompt(text, options)) {
        yield event;
        // A step that did not end by itself is no ground to build the next one on.
        if (event.type === 'turn-end' && event.reason !== 'end') return;
      }
    }
  }
}
