import { topicOf } from '../../decisions/topics.js';
import { timesOf } from '../why/topic.js';
import { whyTopics } from '../why/topics.js';
import { type Command, type CommandContext, output, warning } from './command.js';
import { suggestion } from './suggestion.js';

const names = whyTopics.map(({ name }) => name);

export const why: Command = {
  name: 'why',
  argument: '[topic]',
  describe: `why something was decided: ${names.join(', ')}`,
  values: () => whyTopics.map(({ name, question }) => ({ value: name, describe: question })),
  run(context, argument) {
    if (argument === '') return overview(context);
    const topic = whyTopics.find(({ name }) => name === argument.toLowerCase());
    if (topic) return topic.explain(context);
    return warning(
      `There is no topic ${argument}.${suggestion(argument, names)} There is ${names.join(', ')}.`,
    );
  },
};

/** A line for each topic. */
async function overview(context: CommandContext) {
  const decisions = await context.port.decisions(context.sessionId);
  const lines = whyTopics.map((topic) => {
    const own = decisions.filter((one) => topicOf(one) === topic.name);
    return `${topic.name.padEnd(8)} ${topic.summary(own, context)}`;
  });
  return output(`What was decided in this session: ${timesOf(decisions)} decisions`, [
    ...lines,
    '',
    `/why TOPIC says more; victor explain ${context.sessionId} shows all of it, turn by turn.`,
  ]);
}
