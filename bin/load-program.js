// Loads the command line from dist/program, with what V8 compiled of it at an earlier start: compiling is half of what a start
// takes. CommonJS scripts, because this version of Node takes compiled code for those only.
const { createHash } = require('node:crypto');
const {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} = require('node:fs');
const { createRequire } = require('node:module');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

// What the program looks for beside itself is here.
const folder = join(__dirname, '../dist');
const programFolder = join(folder, 'program');

const parameters = 'exports, require, module, loadOwn, importOutside, ownUrl, ownFolder';

/** The exports of the program's entry `main`, and what keeps the compiled code for the next start. */
exports.loadProgram = (first) => {
  const entries = JSON.parse(readFileSync(join(programFolder, 'entries.json'), 'utf8'));
  const kind = kindOf(first);
  // A chat is open for days: what it may keep of garbage until it is collected is memory of the user's. Before anything is
  // loaded, because V8 takes only code that was compiled under the same flags.
  if (kind !== 'ask') setFlagsFromString('--heap-growing-percent=25');
  const compiled = openCompiled(`compiled-${kind}`, entries.build);
  const requireOutside = createRequire(join(folder, 'main.js'));
  const ownUrl = pathToFileURL(join(folder, 'main.js')).href;
  const modules = new Map();

  function load(name) {
    const known = modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const file = join(programFolder, name);
    // One byte a character: the build writes ASCII.
    const source = readFileSync(file, 'latin1');
    const script = new Script(`(function (${parameters}) {${source}\n})`, {
      filename: pathToFileURL(file).href,
      cachedData: compiled.take(name),
    });
    compiled.loaded(name, script);
    script.runInThisContext()(module.exports, requireAny, module, loadOwn, importOutside, ownUrl, folder);
    module.exports = quick(module.exports);
    return module.exports;
  }

  function requireAny(id) {
    return id.startsWith('./') ? load(id.slice(2)) : requireOutside(id);
  }
  requireAny.resolve = requireOutside.resolve;

  /** What `import()` of a part of the program has become. */
  async function loadOwn(id) {
    const loaded = load(id.slice(2));
    // A part that begins with something asynchronous says so here.
    await Promise.all(globalThis[Symbol.for('victor.pending')] ?? []);
    return loaded;
  }

  // An extension that imports the package gets the classes that the program has; see dist/index.js.
  Object.defineProperty(globalThis, Symbol.for(`victor at ${pathToFileURL(folder).href}`), {
    get: () => load(entries.index),
  });
  process.on('exit', compiled.keep);
  return load(entries.main);
};

/** The same exports with functions as they are, because what esbuild makes of an export is two calls at each look. */
function quick(exported) {
  const all = {};
  for (const name of Object.keys(exported)) {
    const value = exported[name];
    if (typeof value === 'function') all[name] = value;
    else Object.defineProperty(all, name, { get: () => exported[name], enumerable: true });
  }
  return all;
}

/** What `import()` of a user's extension, or of a package, has become. */
function importOutside(id) {
  return import(id.startsWith('./') ? new URL(id, pathToFileURL(join(folder, 'main.js'))).href : id);
}

/** Commands that load different parts each keep their own. */
function kindOf(first) {
  if (first === undefined || first === 'chat') return 'chat';
  return first === 'ask' ? 'ask' : 'other';
}

/** Compiled code by the name of its file. A damaged one would end the process, so its checksum is looked at first. */
function openCompiled(fileName, build) {
  const file = placeOf(fileName);
  const key = `${build} ${process.version} ${process.arch}`;
  const parts = file === undefined ? new Map() : read(file, key);
  const scripts = new Map();
  let isComplete = true;
  return {
    take: (name) => parts.get(name),
    loaded(name, script) {
      scripts.set(name, script);
      if (!parts.has(name) || script.cachedDataRejected) isComplete = false;
    },
    keep() {
      if (file === undefined || isComplete) return;
      // Where no session is kept, nothing is.
      if (!existsSync(join(dirname(file), 'victor.db'))) return;
      try {
        for (const [name, script] of scripts) parts.set(name, script.createCachedData());
        write(file, key, parts);
      } catch {
        // A full disk, or a folder that may only be read: the next start compiles again.
      }
    },
  };
}

/** Beside the sessions, where no command of a model may write. `undefined` where nothing is to be kept. */
function placeOf(fileName) {
  const { NODE_DISABLE_COMPILE_CACHE, VICTOR_HOME, XDG_DATA_HOME, HOME } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  if (VICTOR_HOME) return isAbsolute(VICTOR_HOME) ? join(VICTOR_HOME, fileName) : undefined;
  if (XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME)) return join(XDG_DATA_HOME, 'victor', fileName);
  return join(HOME && isAbsolute(HOME) ? HOME : homedir(), '.local', 'share', 'victor', fileName);
}

function read(file, key) {
  const parts = new Map();
  let descriptor;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const about = fstatSync(descriptor);
    // Code of somebody else's is not run.
    if (!about.isFile() || (process.getuid && (about.uid !== process.getuid() || about.mode & 0o022)))
      return parts;
    const bytes = readFileSync(descriptor);
    const start = bytes.indexOf(0x0a) + 1;
    const header = JSON.parse(bytes.toString('latin1', 0, start));
    const code = bytes.subarray(start);
    if (header.key !== key || header.checksum !== checksumOf(code)) return parts;
    for (const [name, offset, length] of header.parts)
      parts.set(name, code.subarray(offset, offset + length));
  } catch {
    // None yet, or none that can be used.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return parts;
}

function write(file, key, parts) {
  const places = [];
  let offset = 0;
  for (const [name, { length }] of parts) {
    places.push([name, offset, length]);
    offset += length;
  }
  const code = Buffer.concat([...parts.values()]);
  const header = Buffer.from(
    `${JSON.stringify({ key, checksum: checksumOf(code), parts: places })}\n`,
    'latin1',
  );
  // Another process may be writing the same.
  const temporary = `${file}-${process.pid}`;
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    for (const bytes of [header, code])
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function checksumOf(bytes) {
  return createHash('sha1').update(bytes).digest('base64');
}
