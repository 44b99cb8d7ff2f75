import type { RuleRow } from '../../config/rule-rows.js';
import { shownOrigin } from '../../config/setting-rows.js';
import { redact } from '../../core/redact.js';
import { modeMeanings } from '../../permissions/mode-meanings.js';
import { oneLine } from '../displayable.js';
import type { KeptPermission } from '../host.js';
import { barCells, type Command, type CommandContext, output, warning } from './command.js';
import { localTime } from './session-line.js';

export const permissions: Command = {
  name: 'permissions',
  argument: '[explain CMD]',
  describe: 'the rules that hold, where each comes from, and what you allowed; or why a command would ask',
  async run(context, argument) {
    if (argument === '') return output('Permissions', await permissionLines(context));
    const [, command] = /^explain\s+([\s\S]+)$/i.exec(argument) ?? [];
    if (command === undefined) return warning('Say what to explain: /permissions explain COMMAND');
    if (!context.host) return warning('There is nothing to explain commands with here.');
    const { host, sessionId, columns } = context;
    const text = await host.explainCommand(command, sessionId, columns - barCells);
    return output(`What would happen to ${oneLine(command)}`, text.split('\n'));
  },
};

async function permissionLines({ port, sessionId, host }: CommandContext): Promise<string[]> {
  const mode = port.coordinators.mode.current(sessionId);
  const rules = port.permissionRules(sessionId);
  const kept = (await host?.keptPermissions()) ?? [];
  const session = port.sessionApprovals(sessionId);
  return [
    `mode   ${mode}: ${modeMeanings[mode].runs}`,
    ...(rules.length === 0 ? ['rules  none besides what always asks'] : rules.map(ruleLine)),
    ...section('allowed by you for this session', session.map(allowedLine)),
    ...section('allowed by you for every session in this folder', kept.map(keptLine)),
    '',
    'change the mode with /mode, a rule where it is said to come from, what you allowed with',
    'victor permissions forget; /permissions explain COMMAND says what would happen to a command',
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function allowedLine({ tool, what }: { readonly tool: string; readonly what: string }): string {
  return `${tool}  ${oneLine(redact(what))}`;
}

function ruleLine({ list, rule, origin }: RuleRow): string {
  return `${list.padEnd(7)}${oneLine(rule)}  # ${shownOrigin(origin)}`;
}

function keptLine({ since, tool, what }: KeptPermission): string {
  const when = since === 0 ? '?'.padEnd(16) : localTime(since);
  return `${when}  ${allowedLine({ tool, what })}`;
}
