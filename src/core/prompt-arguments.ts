/** `name=value` for an argument by its name, else one word for each in their order; the last one takes the rest. */
export function promptArguments(text: string, names: readonly string[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  const left = [...names];
  let rest = text.trim();
  while (rest !== '' && left.length > 0) {
    const [, named, after] = /^([\w.-]+)=([\s\S]*)$/.exec(rest) ?? [];
    const name = named !== undefined && left.includes(named) ? named : left[0]!;
    const value = name === named ? after! : rest;
    left.splice(left.indexOf(name), 1);
    const [whole = '', quoted, bare] =
      left.length === 0 ? [value, undefined, value] : (/^(?:"([^"]*)"|(\S*))\s*/.exec(value) ?? []);
    given[name] = quoted ?? bare ?? '';
    rest = value.slice(whole.length);
  }
  return given;
}
