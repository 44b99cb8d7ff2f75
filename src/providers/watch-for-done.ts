/** At the start of a line only: inside the JSON of a chunk a line break is escaped. */
const endMark = /[\r\n]data: ?\[DONE\]/;
const LONGEST_MARK = '\ndata: [DONE]'.length;

/** Reads along with a streamed response and remembers whether the mark that ends it went by. */
export function watchForDone(response: Response): {
  readonly watched: Response;
  readonly isDone: () => boolean;
} {
  let done = false;
  async function* readAlong(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    // With the end of the last piece, because the mark may come in two.
    let tail = '\n';
    for await (const piece of body) {
      const seen = tail + Buffer.from(piece).toString('latin1');
      done ||= endMark.test(seen);
      tail = seen.slice(-LONGEST_MARK);
      yield piece;
    }
  }
  const body = response.body && readAlong(response.body as unknown as AsyncIterable<Uint8Array>);
  // The SDK reads nothing else of a response it streams from.
  const watched = { body, headers: response.headers } as unknown as Response;
  return { watched, isDone: () => done };
}
