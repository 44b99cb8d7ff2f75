/** Where a line was wrapped: the line ends, and what the next line is indented by. */
const breaks = /[\r\n][\r\n\t ]*/g;

/** A text as it was before somebody wrapped its lines. */
export function unwrapped(text: string): string {
  return text.replace(breaks, '');
}

/** `text` with each `form`, which is unwrapped, replaced also where it goes on over line ends; everything else stays as it is. */
export function replaceWrapped(text: string, form: string, replacement: string): string {
  const { flat, places } = placesOf(text);
  let clean = '';
  let done = 0;
  for (let at = flat.indexOf(form); at >= 0; at = flat.indexOf(form, at + form.length)) {
    clean += text.slice(done, places[at]) + replacement;
    done = places[at + form.length - 1]! + 1;
  }
  return clean + text.slice(done);
}

/** The text as it was before it was wrapped, and where each of its characters stands now. */
export function placesOf(text: string): { readonly flat: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let end = 0;
  const add = (until: number) => {
    for (let at = end; at < until; at += 1) places.push(at);
  };
  for (const { index, 0: gap } of text.matchAll(breaks)) {
    add(index);
    end = index + gap.length;
  }
  add(text.length);
  return { flat: unwrapped(text), places };
}
