/**
 * How alike one text and each of many others are, from 0 to 1: the Sørensen–Dice coefficient over their pairs of neighbouring
 * characters, 2·|A∩B| / (|A|+|B|) with repeated pairs counted.
 */
export function similarityTo(text: string): (other: string) => number {
  const pairs = new Map<number, number>();
  for (let index = 1; index < text.length; index += 1) {
    const pair = pairAt(text, index);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return (other) => {
    if (text === other) return 1;
    const total = text.length + other.length - 2;
    if (total <= 0 || text.length < 2 || other.length < 2) return 0;
    const seen = new Map<number, number>();
    let shared = 0;
    for (let index = 1; index < other.length; index += 1) {
      const pair = pairAt(other, index);
      const available = pairs.get(pair);
      if (available === undefined) continue;
      const used = seen.get(pair) ?? 0;
      if (used < available) shared += 1;
      seen.set(pair, used + 1);
    }
    return (2 * shared) / total;
  };
}

function pairAt(text: string, index: number): number {
  return text.charCodeAt(index - 1) * 65_536 + text.charCodeAt(index);
}
