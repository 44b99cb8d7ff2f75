/**
 * The thread that matches a regular expression against files when there is no ripgrep. JavaScript expressions can
 * take for ever; a thread can be ended. The source is a text so that it needs no file of its own in a bundle and
 * no bundler renames anything in it.
 *
 * It gets `{ paths, expression: { source, flags }, context, filesOnly, maxFileBytes, maxLineBytes }` and posts
 * `{ path }` or `{ path, line, text, matched }`, each with the index of the path, and `{ done: true }` at the end.
 */
export const searchWorkerSource = `
'use strict';
const { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { paths, expression, context, filesOnly, maxFileBytes, maxLineBytes } = workerData;
const wanted = new RegExp(expression.source, expression.flags);

for (let index = 0; index < paths.length; index += 1) {
  let bytes;
  try {
    bytes = readText(Buffer.from(paths[index]));
  } catch {
    continue;
  }
  if (bytes !== undefined) searchFile(index, bytes);
}
parentPort.postMessage({ done: true });

function readText(path) {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maxFileBytes || !openedAt(descriptor, path)) return undefined;
    const buffer = Buffer.allocUnsafe(stats.size);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (read === 0) break;
      length += read;
    }
    const text = buffer.subarray(0, length);
    return text.subarray(0, 8192).includes(0) ? undefined : text;
  } finally {
    closeSync(descriptor);
  }
}

/** A folder on the way may have been swapped for a link since it was walked through. */
function openedAt(descriptor, path) {
  try {
    return readlinkSync('/proc/self/fd/' + descriptor, 'buffer').equals(path);
  } catch {
    return true;
  }
}

function searchFile(index, bytes) {
  const before = [];
  let after = 0;
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    let end = bytes.indexOf(10, start);
    if (end < 0) end = bytes.length;
    line += 1;
    const raw = bytes.subarray(start, end);
    const text = raw.subarray(0, maxLineBytes);
    start = end + 1;
    if (wanted.test(raw.toString('utf8').replace(/\\r$/, ''))) {
      if (filesOnly) {
        parentPort.postMessage({ index });
        return;
      }
      for (const earlier of before.splice(0)) parentPort.postMessage(earlier);
      parentPort.postMessage({ index, line, text, matched: true });
      after = context;
    } else if (context > 0) {
      const message = { index, line, text, matched: false };
      if (after > 0) {
        parentPort.postMessage(message);
        after -= 1;
      } else {
        before.push(message);
        if (before.length > context) before.shift();
      }
    }
  }
}
`;
