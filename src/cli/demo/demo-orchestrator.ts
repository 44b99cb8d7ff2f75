import { delimiter, dirname } from 'node:path';
import { victorPaths } from '../../config/paths.js';
import { settings as completeSettings } from '../../config/schema.js';
import type { ApprovalRequest } from '../../coordinators/permission.js';
import type { Approval } from '../../core/decision.js';
import type { Reload } from '../../live-settings/saved-settings.js';
import { AgentOrchestrator } from '../../orchestrator.js';
import { ScriptedProvider } from '../../providers/scripted.js';
import { CommandSandbox } from '../../sandbox/command-sandbox.js';
import { coreTools } from '../../tools/index.js';
import { type DemoCourse, demoScript, testCommand } from './demo-script.js';

export interface DemoOptions {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly course: DemoCourse;
  readonly paced: boolean;
  readonly onApproval: (request: ApprovalRequest) => Promise<Approval>;
}

/** Everything as in a real session, but for who answers: settings, sessions and keys of the user play no part. */
export function createDemoOrchestrator(options: DemoOptions): AgentOrchestrator {
  const { directory: cwd, course, paced, onApproval } = options;
  const environment = commandEnvironment(options.environment);
  const settings = completeSettings({
    permissions: { allow: [`Bash(${testCommand})`] },
    contributors: ['base', 'mode'],
    analytics: { enabled: false },
  });
  const confinement = new CommandSandbox({
    settings,
    environment,
    cwd,
    workspaceRoot: cwd,
    paths: victorPaths(environment),
    leavesNothing: true,
  });
  return new DemoOrchestrator({
    settings,
    provider: new ScriptedProvider({ script: demoScript(course, paced) }),
    model: 'demo',
    tools: coreTools({ environment, confinement }),
    cwd,
    environment,
    onApproval,
  });
}

/** The screen looks for saved settings before each command of the user; a demo has none. */
class DemoOrchestrator extends AgentOrchestrator {
  override async reload(): Promise<Reload> {
    return { changes: [], waiting: [] };
  }
}

/** With the Node that runs the demo, and without what a test run of Node would tell one inside it. */
function commandEnvironment({ NODE_TEST_CONTEXT: _outer, ...environment }: NodeJS.ProcessEnv) {
  const path = [dirname(process.execPath), environment.PATH].filter(Boolean).join(delimiter);
  return { ...environment, PATH: path };
}
