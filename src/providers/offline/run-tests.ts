import { notDone, realAnswerAdvice } from './advice.js';
import { cut } from './excerpt.js';
import { namesIn } from './overview.js';
import { readNumberedLines } from './results.js';
import { refusal, type Step, type Work } from './step.js';

const TIMEOUT_MS = 600_000;
const TAIL_LINES = 30;
const FAILURE_LINES = 15;
const FAILURE = /\b(?:FAIL(?:ED|URE)?|Error:|AssertionError|panicked|not ok)\b|^\s*[✗✘×]/;

/** Test commands that a file in the folder stands for by itself, the most certain first. */
const byFile: readonly (readonly [RegExp, string])[] = [
  [/^Cargo\.toml$/, 'cargo test'],
  [/^go\.mod$/, 'go test ./...'],
  [/^(?:pytest\.ini|conftest\.py|pyproject\.toml|setup\.cfg|setup\.py|tox\.ini)$/, 'python3 -m pytest'],
  [/^mix\.exs$/, 'mix test'],
  [/^gradlew$/, './gradlew test'],
  [/^pom\.xml$/, 'mvn test'],
  [/^deno\.jsonc?$/, 'deno test'],
];

/** Finds the test command from the project's own files and asks for it to be run; whether it may is not ours to decide. */
export function runTests(work: Work): Step {
  const [first, second, third] = work.rounds;
  if (first === undefined) {
    const call = work.tools.call('List', { path: '.' });
    return call ? { calls: [call] } : { answer: notDone('the tool List is not offered in this session.') };
  }
  const refused = refusal(work, 0);
  if (refused !== undefined) return { answer: notDone(refused) };
  const names = namesIn(first[0]?.content ?? '');
  const asks = ['package.json', 'Makefile'].filter((name) => names.includes(name));
  if (second === undefined && asks.length > 0 && work.tools.has('Read')) {
    return { calls: asks.flatMap((path) => work.tools.call('Read', { path, limit: 300 }) ?? []) };
  }
  // Without a file to read the command comes in the second round already.
  const ran = third ?? (asks.length > 0 ? undefined : second);
  const command = testCommand(names, textOf(work, 'package.json'), textOf(work, 'Makefile'));
  if (command === undefined) {
    return {
      answer: `No model is configured, and no test command was found in package.json, Makefile or another project file.\n\n${realAnswerAdvice}`,
    };
  }
  const outcome = ran?.[0];
  if (outcome?.refused) return { answer: notRun(command, outcome.content) };
  if (ran !== undefined) return { answer: answer(command, outcome?.content ?? '', outcome?.failed === true) };
  const call = work.tools.call('Bash', { command, timeoutMs: TIMEOUT_MS, description: 'Run the tests' });
  if (call) return { calls: [call] };
  return {
    answer: `No model is configured. The tests were not run, because the tool Bash is not offered here; the command is \`${command}\`.`,
  };
}

/** The command for a project with these files at its top; `undefined` when none is sure. */
export function testCommand(
  names: readonly string[],
  packageJson: string,
  makefile: string,
): string | undefined {
  if (hasTestScript(packageJson)) {
    if (names.includes('pnpm-lock.yaml')) return 'pnpm test';
    if (names.includes('yarn.lock')) return 'yarn test';
    if (names.includes('bun.lock') || names.includes('bun.lockb')) return 'bun run test';
    return 'npm test';
  }
  if (/^test\s*:/m.test(makefile)) return 'make test';
  return byFile.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

function hasTestScript(packageJson: string): boolean {
  try {
    const script = (JSON.parse(packageJson) as { scripts?: { test?: unknown } } | null)?.scripts?.test;
    return typeof script === 'string' && !script.includes('no test specified');
  } catch {
    return false;
  }
}

function textOf(work: Work, path: string): string {
  const outcome = work.rounds.flat().find((one) => one.call.name === 'Read' && one.call.input.path === path);
  if (outcome === undefined || outcome.failed) return '';
  return readNumberedLines(outcome.content)
    .map((line) => line.text)
    .join('\n');
}

/** `reason` is a sentence. */
function notRun(command: string, reason: string): string {
  return `No model is configured. \`${command}\` was not run: ${reason}\n\n${realAnswerAdvice}`;
}

function answer(command: string, output: string, failed: boolean): string {
  const rows = output.trimEnd().split('\n');
  const tail = rows.slice(-TAIL_LINES);
  const failures = failed
    ? rows
        .slice(0, -TAIL_LINES)
        .filter((row) => FAILURE.test(row))
        .slice(0, FAILURE_LINES)
    : [];
  const fence = '`'.repeat(Math.max(3, ...(output.match(/`{3,}/g) ?? []).map((run) => run.length + 1)));
  const shown = [...failures, ...(failures.length > 0 ? ['…'] : []), ...tail].map(cut);
  const heading = failed
    ? `No model is configured. \`${command}\` did not succeed:`
    : `No model is configured. \`${command}\` succeeded:`;
  return [heading, [fence, ...shown, fence].join('\n'), realAnswerAdvice].join('\n\n');
}
