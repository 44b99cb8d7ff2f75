import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, info, warning } from './command.js';

const file = 'AGENTS.md';

/** What the model is asked; an ordinary turn, so that every rule and question holds for it. */
const prompt = `Write ${file} in the working directory: instructions for a coding agent that will work in this repository and has never seen it.

First look: the manifest and lock files, the build and test configuration, continuous integration, README and contributing guides, and the layout of the sources. If there are instructions for other agents (CLAUDE.md, .cursorrules, .github/copilot-instructions.md and the like), take over what still holds.

Then write the file, at most 60 lines of Markdown with the heading "# Instructions for agents", and in it only what you have seen and an agent could not guess:
- the commands to install, build, run, check and test, and how to run a single test;
- how the repository is laid out, as far as names do not say it, and where new things belong;
- conventions that the code really follows: language version, style, names, errors, imports, tests;
- what must never be done, and traps.

Leave out what every project has in common, long lists of files, and anything you are not sure of. Put no secrets into it. When it is written, say in two sentences what you put into it and what you could not find out.`;

export const init: Command = {
  name: 'init',
  describe: `let the model look around and write ${file}, the instructions for agents in this folder`,
  needsIdle: true,
  run({ cwd, port, sessionId, send }) {
    if (existsSync(join(cwd, file))) {
      return info(`${file} is here already, and stays as it is. Ask for what you want changed in it.`);
    }
    const mode = port.coordinators.mode.current(sessionId);
    if (mode === 'read-only' || mode === 'plan') {
      return warning(`Mode ${mode} writes no files. Choose another with /mode first.`);
    }
    send(prompt);
    return [];
  },
};
