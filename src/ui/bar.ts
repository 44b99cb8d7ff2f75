const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of at most `width` cells. `share` is between 0 and 1; what is not nothing is seen. */
export function bar(share: number, width: number): string {
  if (share <= 0 || width <= 0) return '';
  const parts = Math.max(1, Math.round(Math.min(1, share) * width * 8));
  return `${'█'.repeat(Math.floor(parts / 8))}${eighths[parts % 8]}`;
}
