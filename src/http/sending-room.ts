/** The bytes of a text that is being sent. */
export interface SendingRoom {
  readonly bytes: Buffer;
  /** To be called once nobody reads the bytes any more; the next text then takes their place. */
  release(): void;
}

const smallest = 64 * 1_024;
/** What is larger gets room of its own. */
const mostKept = 4 * 1_024 * 1_024;

/**
 * Room for texts that are sent one after the other. Each request of a long conversation has all of it once more: sent as a
 * text, Node makes room for three times its length each time, and as bytes of its own, room that goes only with the garbage.
 * Either way the memory of the process is soon full of holes.
 */
export function createSendingRoom(): (text: string) => SendingRoom {
  let kept: Buffer | undefined;
  let taken = false;
  return (text) => {
    const length = Buffer.byteLength(text);
    if (taken || length > mostKept) return { bytes: Buffer.from(text), release() {} };
    if (kept === undefined || kept.length < length) {
      kept = Buffer.allocUnsafeSlow(Math.max(smallest, 2 ** Math.ceil(Math.log2(length))));
    }
    kept.write(text);
    taken = true;
    let released = false;
    return {
      bytes: kept.subarray(0, length),
      release() {
        if (!released) taken = false;
        released = true;
      },
    };
  };
}
