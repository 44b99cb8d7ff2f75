import { ConfigError } from '../core/errors.js';
import { answerOnce } from './answer/answer-once.js';
import { type CommandLine, notice } from './command-line.js';
import { composePrompt } from './compose-prompt.js';
import type { OutputFlags, TurnFlags } from './flags.js';
import { readStandardInput, standardInputIsTerminal } from './read-standard-input.js';

/** Answers one prompt and ends. */
export function ask(
  words: readonly string[],
  flags: TurnFlags & OutputFlags,
  cli: CommandLine,
): Promise<number> {
  return answerOnce(
    flags,
    cli,
    (signal) => readPrompt(words, signal, cli),
    ({ orchestrator, sessionId }, prompt, signal) => orchestrator.stream(prompt, { sessionId, signal }),
  );
}

/** The arguments, what was piped in, or both. Throws ConfigError when there is nothing to ask. */
async function readPrompt(words: readonly string[], signal: AbortSignal, cli: CommandLine): Promise<string> {
  const given = words.join(' ');
  const fromInput = given === '' || given === '-';
  if (standardInputIsTerminal()) {
    if (fromInput) throw nothingToAsk('there is no prompt');
    return given;
  }
  const input = await readStandardInput({ required: fromInput, signal, notice: (text) => notice(cli, text) });
  if (input?.truncated) notice(cli, 'standard input is longer than 256 kB; the rest is left out.');
  const prompt = composePrompt(fromInput ? undefined : given, input);
  if (prompt.trim() === '') throw nothingToAsk('the prompt is empty');
  return prompt;
}

function nothingToAsk(message: string): ConfigError {
  return new ConfigError(message, {
    advice: 'Write it after the command, victor ask "…", or pipe it in, git diff | victor ask "review this".',
  });
}
