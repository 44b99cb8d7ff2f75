import { randomUUID } from 'node:crypto';

/** A fresh identifier, unique over processes and machines. */
export function newId(): string {
  return randomUUID();
}
