import type { CommandLine } from './command-line.js';
import { askPatiently, demoApproval, patienceMs } from './demo/demo-approval.js';
import { copySampleRepository, type DemoCopy } from './demo/demo-copy.js';
import { createDemoOrchestrator } from './demo/demo-orchestrator.js';
import { type DemoCourse, demoPrompt } from './demo/demo-script.js';
import { exitCodes, signalExitCode } from './exit-code.js';
import { catchSignals } from './interruption.js';
import { standardInputIsTerminal } from './read-standard-input.js';
import { sandboxStatus } from './sandbox-status.js';

export interface DemoFlags {
  /** The copy stays. */
  readonly keep?: boolean;
}

/** Plays a scripted repair of a sample repository whose tools really run: in the terminal as a chat, else as text. */
export async function demo({ keep = false }: DemoFlags, cli: CommandLine): Promise<number> {
  const copy = copySampleRepository({ keep });
  try {
    const onTerminal = standardInputIsTerminal() && cli.stdout.isTerminal;
    return await (onTerminal ? show(copy, keep, cli) : print(copy, cli));
  } finally {
    copy.remove();
    cli.stdout.write(
      keep
        ? `The demo's copy stays in ${copy.directory}\n`
        : `The demo's copy ${copy.directory} is removed.\n`,
    );
  }
}

/** The chat, with a conversation that plays by itself; afterwards the user may look around in it. */
async function show({ directory }: DemoCopy, keep: boolean, cli: CommandLine): Promise<number> {
  const { environment } = cli;
  const ui = await import('../ui/index.js');
  const course: DemoCourse = { allowedByDemo: false, repaired: false };
  const approvals = ui.createApprovalQueue();
  const orchestrator = createDemoOrchestrator({
    directory,
    environment,
    course,
    paced: true,
    onApproval: (request) => askPatiently(request, approvals, () => demoApproval(request, directory, course)),
  });
  try {
    const result = await ui.runRepl({
      orchestrator,
      initialPrompt: demoPrompt,
      approvals,
      version: process.env.VICTOR_VERSION ?? 'unbuilt',
      notices: [
        'Scripted demo: no model is asked, and the words are a script. What the tools do is real.',
        `They work on a copy in ${directory}${keep ? '' : ', which is removed when you leave'}.`,
        `The question before the edit is yours; after ${patienceMs / 1000} s without a key the demo allows it in its own copy.`,
      ],
      sandbox: () => sandboxStatus(orchestrator.settings, directory, environment),
      cwd: directory,
      environment,
    });
    return result.signal === undefined ? exitCodes.ok : signalExitCode(result.signal as 'SIGTERM');
  } finally {
    await orchestrator.close();
  }
}

async function print({ directory }: DemoCopy, cli: CommandLine): Promise<number> {
  const interruption = catchSignals();
  cli.stdout.onClose(() => interruption.stop(cli.stdout.failure ? exitCodes.failure : exitCodes.ok));
  const course: DemoCourse = { allowedByDemo: false, repaired: false };
  const orchestrator = createDemoOrchestrator({
    directory,
    environment: cli.environment,
    course,
    paced: false,
    onApproval: async (request) => demoApproval(request, directory, course),
  });
  cli.stdout.write(
    `Scripted demo: no model is asked, and the words are a script. What the tools do is real.\nThey work on a copy in ${directory}.\n\n`,
  );
  try {
    const { demoPrinter } = await import('./demo/print-demo.js');
    const tell = demoPrinter(cli.stdout);
    for await (const event of orchestrator.stream(demoPrompt, { signal: interruption.signal })) tell(event);
    return interruption.exitCode ?? (course.repaired ? exitCodes.ok : exitCodes.failure);
  } catch (error) {
    if (interruption.exitCode !== undefined) return interruption.exitCode;
    throw error;
  } finally {
    interruption.release();
    await orchestrator.close();
  }
}
