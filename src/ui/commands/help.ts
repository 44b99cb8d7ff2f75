import { type Command, output } from './command.js';

const keys = [
  'Enter            send; while a turn runs the message waits for its end',
  'Shift+Enter      new line (also Alt+Enter, Ctrl+J, or \\ and Enter)',
  'Esc              stop the turn; twice: clear the input',
  'Ctrl+C           clear the input or stop the turn; twice: quit',
  'Ctrl+D           quit, when the input is empty',
  'Shift+Tab        next permission mode',
  'Tab              complete a command',
  'Up, Down         earlier messages',
  'Ctrl+O           show the last tool output in full',
  'Ctrl+L           draw the screen again',
];

export const help: Command = {
  name: 'help',
  aliases: ['?'],
  describe: 'commands and keys',
  run({ commands }) {
    const lines = commands.map(({ name, argument, describe }) => {
      return `${`/${name}${argument ? ` ${argument}` : ''}`.padEnd(16)} ${describe}`;
    });
    return output('Commands and keys', [...lines, '', ...keys]);
  },
};
