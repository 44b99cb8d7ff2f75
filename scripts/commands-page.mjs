/**
 * Writes docs/commands.md from the help of the built victor:
 *
 *   node scripts/build.mjs --no-types && node scripts/commands-page.mjs
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const opening = `# Commands

What \`victor --help\` and \`victor COMMAND --help\` print; \`npm run docs:commands\` writes this page, and a test compares. What the
slash commands of the chat do is shown by \`/help\`. \`victor completion bash\` (or zsh, or fish) has the shell complete all of it.
`;

/** The page as the installed help would have it now. */
export async function commandsPage() {
  const sections = await sectionsOf([]);
  return `${opening}${sections.join('')}`;
}

async function sectionsOf(path) {
  const help = await helpOf(path);
  const own = `\n## ${['victor', ...path].join(' ')}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
  const below = await Promise.all(subcommandsIn(help).map((name) => sectionsOf([...path, name])));
  return [own, ...below.flat()];
}

async function helpOf(path) {
  // Eighty columns, whatever terminal this runs in.
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'bin/victor.js'),
    ...path,
    '--help',
  ]);
  return stdout.trimEnd();
}

function subcommandsIn(help) {
  const [, list = ''] = /^Commands:\n((?: .*\n?)+)/m.exec(help) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name);
  return names.filter((name) => name !== 'help');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(join(root, 'docs/commands.md'), await commandsPage());
}
