import type { KeptPermission } from '../../ui/index.js';
import { noColours } from '../colours.js';
import { explain } from '../permissions/explanation.js';
import { explanationText } from '../permissions/explanation-text.js';
import { describeApproval, keptHere } from '../permissions/kept-here.js';
import type { ChatHostOptions } from './index.js';

export async function keptPermissions({ cwd, cli }: ChatHostOptions): Promise<readonly KeptPermission[]> {
  return keptHere({ cwd }, cli)
    .kept.list()
    .map((approval) => ({
      since: approval.approvedAt,
      tool: approval.tool,
      what: describeApproval(approval),
    }));
}

export async function explainCommand(
  command: string,
  sessionId: string,
  columns: number,
  { orchestrator }: ChatHostOptions,
): Promise<string> {
  const explanation = await explain(command, orchestrator, sessionId);
  return explanationText(explanation, { width: columns, colours: noColours }).trimEnd();
}
