import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` of one pixel; fractions are cut. */
  colour(x: number, y: number): string;
}

/** Reads a PNG as browsers write screenshots: 8 bits a channel, with or without alpha, not interlaced. */
export function readPng(file: Buffer): Picture {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[file.readUInt8(25)];
  if (file.readUInt8(24) !== 8 || channels === undefined || file.readUInt8(28) !== 0) {
    throw new Error('a PNG of another kind');
  }
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const pixels = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  return {
    width,
    height,
    colour(x, y) {
      if (x < 0 || y < 0 || x >= width || y >= height) throw new Error(`no pixel at ${x}, ${y}`);
      const at = (Math.floor(y) * width + Math.floor(x)) * channels;
      return `#${pixels.toString('hex', at, at + 3)}`;
    },
  };
}

/** Every row stands as its difference from what is left of it and above it, in one of five ways. */
function unfiltered(data: Buffer, row: number, height: number, channels: number): Buffer {
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x >= channels ? pixels[y * row + x - channels]! : 0;
      const above = y > 0 ? pixels[(y - 1) * row + x]! : 0;
      const corner = x >= channels && y > 0 ? pixels[(y - 1) * row + x - channels]! : 0;
      const guess = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter!]!;
      pixels[y * row + x] = data[y * (row + 1) + 1 + x]! + guess;
    }
  }
  return pixels;
}

function nearest(left: number, above: number, corner: number): number {
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(left + above - corner - one)) as [
    number,
    number,
    number,
  ];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}
