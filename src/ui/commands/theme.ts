import { shownOrigin } from '../../config/setting-rows.js';
import { themeNames } from '../../core/theme-names.js';
import type { BlockBody } from '../../state.js';
import type { Span } from '../spans.js';
import { type Command, type CommandContext, info, type Themes, warning } from './command.js';
import { suggestion } from './suggestion.js';

const names = ['auto', ...themeNames] as const;
const about: Readonly<Record<(typeof names)[number], string>> = {
  auto: 'dark or light, by the background of the terminal',
  dark: 'for a dark background',
  light: 'for a light background',
  ansi: "the terminal's own sixteen colours",
  'high-contrast': 'strong colours, nothing faint',
  'colour-blind': 'blue and orange in place of green and red',
};

/** A little of everything that has a colour. */
const sample: readonly (readonly Span[])[] = [
  [],
  [
    { text: '  ✓ ', style: 'added' },
    { text: 'Edit ', style: 'bold' },
    { text: 'greet.ts', style: 'plain' },
    { text: ' · 1 line changed', style: 'dim' },
  ],
  [
    { text: '    2 ', style: 'dim' },
    { text: "- return 'Hello ' + ", style: 'removed' },
    { text: 'nam', style: 'removedWord' },
    { text: ';', style: 'removed' },
  ],
  [
    { text: '    2 ', style: 'dim' },
    { text: "+ return 'Hello ' + ", style: 'added' },
    { text: 'name', style: 'addedWord' },
    { text: ';', style: 'added' },
  ],
  [
    { text: '  const ', style: 'keyword' },
    { text: 'greet', style: 'function' },
    { text: ' = (name: ', style: 'plain' },
    { text: 'string', style: 'type' },
    { text: ') => ', style: 'plain' },
    { text: "'Hello'", style: 'string' },
    { text: '; ', style: 'plain' },
    { text: '// 42', style: 'comment' },
  ],
  [],
];

export const theme: Command = {
  name: 'theme',
  argument: '[name]',
  describe: 'the colours: auto, dark, light, ansi, high-contrast or colour-blind',
  values: () => names.map((value) => ({ value, describe: about[value] })),
  async run(context, argument) {
    const { themes } = context;
    if (!themes) return warning('There is nothing to colour here.');
    const name = argument === '' ? await chosen(themes, context) : argument.toLowerCase();
    if (name === undefined) return info('The theme stays as it is.');
    if (!names.some((one) => one === name)) {
      return warning(
        `There is no theme ${argument}.${suggestion(name, names)} There are ${names.join(', ')}.`,
      );
    }
    return keep(name, themes, context);
  },
};

/** Whatever is marked is shown at once. */
async function chosen(themes: Themes, { choose }: CommandContext): Promise<string | undefined> {
  const before = themes.setting;
  const options = names.map(
    (name) => `${name.padEnd(13)} ${about[name]}${name === before ? ' (as it is)' : ''}`,
  );
  const place = await choose('Which theme?', options, {
    marked: Math.max(0, [...names, ''].indexOf(before)),
    sample,
    onMark: (marked) => themes.show(names[marked] ?? before),
  });
  if (place === undefined) themes.show(before);
  return place === undefined ? undefined : names[place];
}

async function keep(name: string, themes: Themes, context: CommandContext): Promise<readonly BlockBody[]> {
  const { port, sessionId } = context;
  themes.show(name);
  if (!themes.saveSetting) return info(`The theme is ${name} until the chat ends.`);
  const file = await themes.saveSetting('theme', name);
  const { changes } = await port.reload({ sessionId });
  if (themes.setting === name) {
    // A setting that changed says so itself.
    return changes.length > 0 ? [] : info(`The theme is ${name}; that is kept in ${file}.`);
  }
  themes.show(name);
  const { origin } = port.settingRows(sessionId).find(({ key }) => key === 'theme') ?? {};
  const where = origin ? shownOrigin(origin) : 'something else';
  return info(
    `The theme is ${name} until the chat ends. That is kept in ${file}, but ${where} says ${themes.setting} here.`,
  );
}
