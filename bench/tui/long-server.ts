/** Serves one long answer by its name, as a process of its own: what it sends must not keep the terminal waiting that measures. */
import { startModelServer } from '../../test/helpers/model-server.js';
import { longAnswers } from './long-answers.js';

const { text, chunks } = longAnswers.find(({ name }) => name === process.argv[2])!;
const server = await startModelServer([{ text: `${text}\n\nThe end.`, chunks }]);
process.stdout.write(`${server.url}\n`);
