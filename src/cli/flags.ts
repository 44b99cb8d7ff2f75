import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PartialSettings } from '../config/schema.js';
import { modes } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import { type LimitSetting, limitSettings } from '../core/turn-limit.js';
import { modelSettings } from './model-flag.js';
import { workDirectory } from './work-directory.js';

const outputFormats = ['text', 'json', 'stream-json'] as const;
export type OutputFormat = (typeof outputFormats)[number];

const USUAL_PATIENCE_MINUTES = 30;

/** The flags that decide how a turn runs; `chat`, `ask` and `run` share them. */
export interface TurnFlags {
  readonly continue?: true;
  /** The id or the start of one; `true` when the flag came without. */
  readonly resume?: string | true;
  readonly sessionId?: string;
  /** `false` with --no-session. */
  readonly session: boolean;
  readonly model?: string;
  readonly maxTurns?: number;
  readonly maxToolCalls?: number;
  readonly maxTotalTokens?: number;
  readonly maxBudgetUsd?: number;
  readonly maxMinutes?: number;
  /** Minutes; `true` when the flag came without. */
  readonly patient?: number | true;
  readonly allowedTools?: readonly string[];
  readonly disallowedTools?: readonly string[];
  readonly permissionMode?: (typeof modes)[number];
  readonly appendSystemPrompt?: string;
  readonly addDir?: readonly string[];
  readonly cwd?: string;
  readonly quiet?: true;
  readonly debug?: true;
  readonly trust?: true;
  /** Of the chat alone. */
  readonly screenReader?: true;
  /** The file to record the model traffic in, or to play it from. */
  readonly record?: string;
  readonly replay?: string;
}

/** The flags that decide how an answer is printed. */
export interface OutputFlags {
  readonly outputFormat?: OutputFormat;
  readonly json?: true;
}

/** The flags of `ask` alone. */
export interface AskFlags {
  /** A file with a JSON schema, or one written out. */
  readonly jsonSchema?: string;
}

export function turnOptions(): Option[] {
  return [
    new Option('-c, --continue', 'continue the latest session of this directory'),
    new Option('-r, --resume [id]', 'resume a session by its id or the start of it'),
    new Option('--session-id <id>', 'use this session, creating it when it is new'),
    new Option('--no-session', 'keep nothing on disk'),
    new Option('-m, --model <provider/model>', 'who answers; the provider alone or the model alone will do'),
    new Option('--max-turns <count>', 'provider calls this turn may make').argParser(positiveInteger),
    new Option('--max-tool-calls <count>', 'tool calls this turn may make').argParser(positiveInteger),
    new Option('--max-total-tokens <count>', 'tokens this turn may use').argParser(positiveInteger),
    new Option('--max-budget-usd <dollars>', 'US dollars this may cost').argParser(positiveNumber),
    new Option('--max-minutes <minutes>', 'how long this turn may last').argParser(positiveNumber),
    new Option(
      '--patient [minutes]',
      `go on trying while a provider is down, for ${USUAL_PATIENCE_MINUTES} minutes or this many`,
    ).argParser(positiveNumber),
    new Option('--allowed-tools <names>', 'tools that run without asking, separated by commas').argParser(
      toolNames,
    ),
    new Option('--disallowed-tools <names>', 'tools that never run, separated by commas').argParser(
      toolNames,
    ),
    new Option('--permission-mode <mode>', 'what may run without asking').choices(modes),
    new Option('--append-system-prompt <text>', 'add this to the system prompt'),
    new Option('--add-dir <directory>', 'work in this directory too (repeatable)').argParser(collect),
    new Option('-C, --cwd <directory>', 'work as if started in this directory'),
    new Option('-q, --quiet', 'no progress lines on stderr'),
    new Option('-d, --debug', 'events and stack traces on stderr'),
    new Option('--record <file>', 'write what the model is asked and says into this file, without secrets'),
    new Option('--replay <file>', 'play such a file, without a key or a network; tools really run').conflicts(
      'record',
    ),
    new Option('--trust', "load this folder's configuration and extensions, this once"),
  ];
}

export function outputOptions(): Option[] {
  return [
    new Option('--output-format <format>', 'how the answer is printed').choices(outputFormats),
    new Option('--json', 'short for --output-format json'),
  ];
}

export function askOptions(): Option[] {
  return [
    new Option(
      '--json-schema <schema>',
      'the answer is JSON that this schema allows: a file, or the schema itself',
    ),
  ];
}

export function addOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}

/** The flags as the topmost layer of the configuration. Throws ConfigError for a directory that cannot be used. */
export function settingsFromFlags(flags: TurnFlags, directory: string): PartialSettings {
  return {
    ...(flags.model === undefined ? {} : modelSettings(flags.model)),
    ...limitsFromFlags(flags),
    ...(flags.patient === undefined
      ? {}
      : { network: { patientMinutes: flags.patient === true ? USUAL_PATIENCE_MINUTES : flags.patient } }),
    ...(flags.permissionMode === undefined ? {} : { permissions: { mode: flags.permissionMode } }),
    ...(flags.screenReader ? { screenReader: true } : {}),
    ...(flags.appendSystemPrompt === undefined ? {} : { prompt: { append: flags.appendSystemPrompt } }),
    ...(flags.addDir === undefined
      ? {}
      : {
          additionalDirectories: flags.addDir.map((one) =>
            workDirectory(resolve(directory, one), 'Name a directory that you can read with --add-dir.'),
          ),
        }),
  };
}

function limitsFromFlags(flags: TurnFlags): PartialSettings {
  return Object.fromEntries(
    limitSettings.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

/** `maxTurns` as the flag that sets it. */
export function flagOfLimit(name: LimitSetting): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export function outputFormat(flags: OutputFlags): OutputFormat {
  if (flags.json && flags.outputFormat !== undefined && flags.outputFormat !== 'json') {
    throw new ConfigError(`--json and --output-format ${flags.outputFormat} contradict each other`, {
      advice: 'Give only one of them.',
    });
  }
  return flags.json ? 'json' : (flags.outputFormat ?? 'text');
}

export function positiveInteger(text: string): number {
  const value = positiveNumber(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

const unitMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** `30d`, `12h` or `2w` in milliseconds. */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([hdw])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) {
    throw new InvalidArgumentError('It must be a number of hours, days or weeks, such as 12h, 30d or 8w.');
  }
  return Number(count) * unitMs[unit as keyof typeof unitMs];
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** Names stand between commas or spaces, but a rule may hold both inside its parentheses. */
function toolNames(text: string, before: readonly string[] = []): string[] {
  const names = text.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [];
  if (names.length === 0) throw new InvalidArgumentError('It must name at least one tool.');
  return [...before, ...names];
}
