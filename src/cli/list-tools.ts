import { colours } from './colours.js';
import { type CommandLine, notice } from './command-line.js';
import { formatJson } from './format-json.js';
import { formatTable } from './format-table.js';
import { openTurn } from './open-turn.js';

/** Every tool with its kind and what it does; with `json` also the schema a model is sent. */
export async function listTools(options: { json?: true; trust?: true }, cli: CommandLine): Promise<void> {
  const { stdout, environment } = cli;
  const { orchestrator } = await openTurn({ ...options, session: false }, cli);
  try {
    for (const text of orchestrator.notices) notice(cli, text);
    orchestrator.subscribe((event) => event.type === 'notice' && notice(cli, event.text));
    await orchestrator.toolServers?.ready(new AbortController().signal);
    const { tool } = orchestrator.coordinators;
    const schemas = new Map(tool.definitions().map((one) => [one.name, one.inputSchema]));
    const tools = tool.list().map(({ name, kind, description }) => ({ name, kind, description }));
    if (options.json) {
      const full = tools.map((one) => ({ ...one, input_schema: schemas.get(one.name) }));
      return stdout.write(formatJson(full));
    }
    const rows = tools.map(({ name, kind, description }) => [
      name,
      kind,
      description.split('\n', 1)[0] ?? '',
    ]);
    const width = stdout.isTerminal ? stdout.columns : 0;
    stdout.write(
      formatTable(['name', 'kind', 'what it does'], rows, {
        width,
        colours: await colours(environment, stdout.isTerminal),
      }),
    );
  } finally {
    await orchestrator.close();
  }
}
