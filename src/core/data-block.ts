/** Text that is data, as a labelled block: it cannot end the block that it stands in. */
export function dataBlock(
  tag: string,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const body = text.replaceAll(new RegExp(`<(?=/${tag}>)`, 'gi'), '<\\').replace(/\n*$/, '\n');
  const named = Object.entries(attributes).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `<${tag}${named.join('')}>\n${body}</${tag}>`;
}
