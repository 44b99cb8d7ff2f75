import { ConfigError } from '../core/errors.js';
import { readRegularFile } from './read-regular-file.js';

const MAX_BYTES = 16 * 1024;

/** The API key in a file that only the user can read, without the white space around it. Throws `ConfigError`. */
export async function readKeyFile(file: string): Promise<string> {
  const read = readRegularFile(file, { maxBytes: MAX_BYTES, ownedByUser: true });
  const refuse = (reason: string, advice: string): never => {
    throw new ConfigError(`The key file ${file} ${reason}`, { advice, file, key: 'apiKeyFile' });
  };
  if (!read.ok) return refuse(read.reason, read.advice);
  if (process.getuid !== undefined && (read.stats.mode & 0o077) !== 0) {
    refuse('can be read by other users', `Run chmod 600 ${file}.`);
  }
  const key = read.text.trim();
  if (key === '') refuse('is empty', 'Put the key, and nothing else, into it.');
  // A key is one header value: what has spaces or lines is some other file.
  if (!/^[\x21-\x7e]+$/.test(key)) refuse('holds more than a key', 'Put the key, and nothing else, into it.');
  return key;
}
