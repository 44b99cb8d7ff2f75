import { delimiter } from 'node:path';
import type { ToolContext, ToolResult } from '../core/tool.js';
import { classifyCommand, type SimpleCommand } from '../shell/classify.js';
import { FileError } from './file-error.js';
import { findProgram, trustedDirectories } from './find-program.js';
import { guardGit } from './git-command.js';
import { refuseBareRepository, repositoryTop } from './repository-top.js';
import type { ProcessRequest } from './run-process.js';

type Runnable = Pick<ProcessRequest, 'command' | 'environment' | 'variables'>;

/**
 * How a command runs that was found to only read, and so may run without a question: as the words that were judged, with
 * no shell, where it is one command; else as a script written anew from those words. Programs come from outside the
 * workspace only, and git obeys nothing that a repository configures. `undefined` for every other command.
 */
export async function checkedCommand(
  text: string,
  { cwd, signal }: Pick<ToolContext, 'cwd' | 'signal'>,
  environment: NodeJS.ProcessEnv,
): Promise<Runnable | { readonly refused: ToolResult } | undefined> {
  const { verdict, commands, exact, script } = classifyCommand(text);
  if (verdict !== 'allow' || !exact || script === undefined) return undefined;
  const runnable: Runnable = {
    command: wordsOf(commands, environment, cwd) ?? script,
    // An empty PATH would mean the usual folders.
    environment: {
      ...environment,
      PATH: trustedDirectories(environment.PATH, cwd).join(delimiter) || '/dev/null',
    },
  };
  if (!commands.some(({ argv }) => argv[0] === 'git')) return runnable;
  try {
    await refuseBareRepository(cwd);
    return { ...runnable, ...(await guardGit(await repositoryTop(cwd), runnable.environment, signal)) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    // Without a repository git itself says so.
    if (error.problem === 'missing')
      return { ...runnable, ...(await guardGit(undefined, runnable.environment)) };
    const advice = 'Write "command git" instead of git to ask the user whether it may be read.';
    return { refused: { content: `${error.message} ${advice}`, isError: true, summary: 'refused' } };
  }
}

/** What bash has built in is left to bash, because programs of the same names differ from it. */
const builtIns = new Set(['[', 'cd', 'echo', 'false', 'printf', 'pwd', 'test', 'true', 'type']);

function wordsOf(
  [command, ...others]: readonly SimpleCommand[],
  environment: NodeJS.ProcessEnv,
  cwd: string,
): readonly [string, ...string[]] | undefined {
  if (!command || others.length > 0 || command.redirects.length > 0) return undefined;
  const [name, ...words] = command.run;
  if (name === undefined || builtIns.has(name)) return undefined;
  // What is not there is left to bash too, whose message the model knows.
  return findProgram(name, environment.PATH, cwd) === undefined ? undefined : [name, ...words];
}
