/** A package's text with one place of it changed; fails the build where a newer version no longer has it. */
export function replaced(source, before, after, { package: name, script }) {
  if (!source.includes(before)) throw changed(name, script);
  return source.replace(before, () => after);
}

export function changed(name, script) {
  return new Error(`${name} has changed: scripts/${script} no longer finds what it replaces.`);
}
