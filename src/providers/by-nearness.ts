import { editDistance } from '../config/nearest.js';

/** The names, the one most like `word` first. */
export function byNearness(word: string, names: readonly string[]): readonly string[] {
  const distance = new Map(names.map((name) => [name, editDistance(word.slice(0, 100), name)]));
  return [...names].sort((a, b) => (distance.get(a) ?? 0) - (distance.get(b) ?? 0));
}
