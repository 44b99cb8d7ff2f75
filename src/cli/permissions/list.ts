import { originOf } from '../../config/changed-settings.js';
import type { KeptApproval } from '../../config/kept-approvals.js';
import { type LoadedConfig, loadConfig } from '../../config/load.js';
import { ruleRows } from '../../config/rule-rows.js';
import { shownOrigin } from '../../config/setting-rows.js';
import { colours } from '../colours.js';
import { type CommandLine, notice } from '../command-line.js';
import { formatJson } from '../format-json.js';
import { formatTable } from '../format-table.js';
import { formatTime } from '../format-time.js';
import { describeApproval, type FolderFlag, keptHere } from './kept-here.js';

export interface ListOptions extends FolderFlag {
  readonly json?: true;
  readonly trust?: true;
}

/** What decides here without asking anybody: what was allowed for the project, and the mode and rules of the settings. */
export async function listPermissions(options: ListOptions, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const { directory, kept } = keptHere(options, cli);
  const loaded = await loadConfig({
    cwd: directory,
    environment,
    ...(options.trust ? { trust: true } : {}),
  });
  for (const text of loaded.notices) notice(cli, text);
  const approvals = kept.list();
  const settings = settingsInForce(loaded);
  if (options.json) {
    const remembered = approvals.map(({ tool, what, scripts, approvedAt }, index) => ({
      number: index + 1,
      ...{ tool, what, scripts, approvedAt },
    }));
    return stdout.write(formatJson({ directory, remembered, ...settings }));
  }
  if (approvals.length === 0)
    notice(cli, `nothing is remembered for ${directory}. Allowing something for the project does it.`);
  const table = {
    width: stdout.isTerminal ? stdout.columns : 0,
    colours: await colours(environment, stdout.isTerminal),
  };
  if (approvals.length > 0) {
    const head = ['#', 'since', 'tool', 'allowed in every session here'];
    stdout.write(`${formatTable(head, approvals.map(approvalRow), { ...table, right: [0] })}\n`);
  }
  const { mode, rules } = settings;
  const rows = [mode, ...rules].map((one) => [one.setting, one.value, shownOrigin(one.origin)]);
  stdout.write(formatTable(['setting', 'value', 'from'], rows, table));
}

function approvalRow(approval: KeptApproval, index: number): string[] {
  const since = approval.approvedAt === 0 ? '?' : formatTime(approval.approvedAt);
  return [String(index + 1), since, approval.tool, describeApproval(approval)];
}

/** The mode, and each rule on its own, strongest first. */
function settingsInForce(loaded: LoadedConfig) {
  const origin = originOf(loaded, 'permissions.mode') ?? { layer: 'defaults' as const };
  const mode = { setting: 'mode', value: loaded.settings.permissions.mode, origin };
  const rules = ruleRows(loaded).map(({ list, rule, origin }) => ({ setting: list, value: rule, origin }));
  return { mode, rules };
}
