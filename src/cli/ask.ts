import { ConfigError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { answerOnce } from './answer/answer-once.js';
import { type CommandLine, notice } from './command-line.js';
import { composePrompt } from './compose-prompt.js';
import type { AskFlags, OutputFlags, TurnFlags } from './flags.js';
import { askForJson, type JsonAnswer } from './json-answer/ask-for-json.js';
import { readSchema } from './json-answer/read-schema.js';
import type { OpenTurn } from './open-turn.js';
import { expandPrompt } from './prompt-commands.js';
import { readStandardInput, type StandardInput, standardInputIsTerminal } from './read-standard-input.js';
import { workDirectory } from './work-directory.js';

/** Answers one prompt and ends. */
export async function ask(
  words: readonly string[],
  flags: TurnFlags & OutputFlags & AskFlags,
  cli: CommandLine,
): Promise<number> {
  const json =
    flags.jsonSchema === undefined
      ? undefined
      : { schema: await readSchema(flags.jsonSchema, workDirectory(flags.cwd)) };
  return answerOnce(
    flags,
    cli,
    (signal) => readPrompt(words, signal, cli),
    (turn, asked, signal) => answer(turn, asked, json, signal, cli),
    { json },
  );
}

interface Asked {
  /** What came as arguments: what is piped in mentions nothing, and calls no command. */
  readonly typed?: string;
  readonly input?: StandardInput;
}

/** The turn, with what a custom command or a skill makes of a prompt that names it. Throws ConfigError for one that is not there. */
async function answer(
  turn: OpenTurn,
  { typed, input }: Asked,
  json: JsonAnswer | undefined,
  signal: AbortSignal,
  cli: CommandLine,
): Promise<AsyncIterable<VictorEvent>> {
  const { orchestrator, sessionId, cwd } = turn;
  const called = typed === undefined ? {} : await expandPrompt(typed, orchestrator, cwd);
  const { expanded, problems = [], refusal } = called;
  for (const text of problems) if (!orchestrator.notices.includes(text)) notice(cli, text);
  if (refusal) throw refusal;
  const mentions = expanded?.mentions ?? typed;
  const prompt = composePrompt(expanded?.text ?? typed, input);
  const options = { signal, ...(mentions === undefined ? {} : { mentions }) };
  return json
    ? askForJson(json, turn, prompt, options)
    : orchestrator.stream(prompt, { ...options, sessionId });
}

/** The arguments, what was piped in, or both. Throws ConfigError when there is nothing to ask. */
async function readPrompt(words: readonly string[], signal: AbortSignal, cli: CommandLine): Promise<Asked> {
  const given = words.join(' ');
  const fromInput = given === '' || given === '-';
  if (standardInputIsTerminal()) {
    if (fromInput) throw nothingToAsk('there is no prompt');
    return { typed: given };
  }
  const input = await readStandardInput({ required: fromInput, signal, notice: (text) => notice(cli, text) });
  if (input?.truncated) notice(cli, 'standard input is longer than 256 kB; the rest is left out.');
  const asked = { ...(fromInput ? {} : { typed: given }), ...(input ? { input } : {}) };
  if (composePrompt(asked.typed, asked.input).trim() === '') throw nothingToAsk('the prompt is empty');
  return asked;
}

function nothingToAsk(message: string): ConfigError {
  return new ConfigError(message, {
    advice: 'Write it after the command, victor ask "…", or pipe it in, git diff | victor ask "review this".',
  });
}
