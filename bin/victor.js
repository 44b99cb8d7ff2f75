#!/usr/bin/env node
// CommonJS, which package.json beside this file says, because Node starts it faster than a module; and without
// anything new in it, so that a Node too old for Victor still gets a sentence and not a syntax error.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const first = process.argv[2];

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old. Install Node 20.19 or newer.`);
} else if (first === '--version' || first === '-V') {
  // Answered here because a version check should not pay for loading the program.
  const about = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  process.stdout.write(`${about.version}\n`);
} else if (existsSync(join(__dirname, '../dist/program/entries.json'))) {
  require('./load-program.js').loadProgram(first).main(process.argv.slice(2));
} else {
  fail('this checkout is not built yet. Run npm ci (or npm run build) in it.');
}

function fail(message) {
  process.stderr.write(`victor: ${message}\n`);
  process.exitCode = 2;
}
