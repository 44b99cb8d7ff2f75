#!/usr/bin/env node
// Written for any Node that knows modules, so that one too old for Victor still gets a sentence, not a syntax error.
import { existsSync, readFileSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const first = process.argv[2];

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old. Install Node 20.19 or newer.`);
} else if (first === '--version' || first === '-V') {
  // Answered here because a version check should not pay for loading the program.
  const about = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${about.version}\n`);
} else {
  const program = new URL('../dist/cli.js', import.meta.url);
  if (existsSync(program)) {
    import(program.href).then((cli) => cli.main(process.argv.slice(2)));
  } else {
    fail('this checkout is not built yet. Run npm ci (or npm run build) in it.');
  }
}

function fail(message) {
  process.stderr.write(`victor: ${message}\n`);
  process.exitCode = 2;
}
