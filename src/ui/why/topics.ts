import { shownOrigin, shownSetting } from '../../config/setting-rows.js';
import type { RecordedDecision } from '../../core/decision-record.js';
import { oneLine } from '../displayable.js';
import { cacheTopic } from './cache.js';
import { labelled } from './decision-lines.js';
import { deniedTopic } from './denied.js';
import { latestTopic } from './latest-topic.js';
import { otherTopic } from './other.js';
import type { WhyTopic } from './topic.js';

/** Settings that are told one by one. */
const mostSettings = 30;

const decides =
  (...decisions: readonly string[]) =>
  ({ decision }: RecordedDecision) =>
    decisions.includes(decision);

const tools = latestTopic({
  name: 'tools',
  question: 'why the model was offered these tools and no others',
  nothing: 'No tools were chosen yet: that is done with the first message.',
  title: 'Tools that the model was offered',
  isMain: decides('select'),
  // What is offered changes with the epoch.
  isEvent: (one, before) => one.decision !== 'select' || one.inputs.epoch !== before?.inputs.epoch,
  more: () => [
    labelled(
      'To do',
      'victor tools rank "…" scores them for a request; toolSelection.maxTools says how many are offered.',
    ),
  ],
});

const prompt = latestTopic({
  name: 'prompt',
  question: 'why the system prompt says what it says',
  nothing: 'No prompt was built yet: that is done with the first message.',
  title: 'The system prompt, its parts in tokens (estimated)',
  isMain: decides('buildPrompt', 'buildSystemPrompt'),
  isEvent: decides('stand-in'),
  more: () => [
    labelled('To do', '/context shows them as bars; `contributors` in the settings says who contributes.'),
  ],
});

const compact = latestTopic({
  name: 'compact',
  question: 'why the conversation was compacted, or was not',
  nothing: 'Nothing was decided about the conversation yet: that is done before each request.',
  title: 'Compaction',
  isMain: decides('fit', 'compactContext'),
  isEvent: ({ decision, inputs }) => decision === 'stand-in' || 'tokensAfter' in inputs,
  more: () => [
    labelled(
      'To do',
      '/compact does it now, /compact --dry-run shows what would go, /uncompact takes it back.',
    ),
  ],
});

const model = latestTopic({
  name: 'model',
  question: 'why this model answers, and what was tried before',
  nothing: 'No model was asked yet.',
  title: 'Who answers',
  isMain: decides('stream'),
  isEvent: decides('retry', 'fallback', 'switchTo', 'stand-in'),
  more({ port, sessionId }) {
    const { provider, model: name } = port.coordinators.provider.current(sessionId);
    return [labelled('Now', `${oneLine(provider)}/${oneLine(name)} would be asked. /model chooses another.`)];
  },
});

const config = latestTopic({
  name: 'config',
  question: 'why these settings hold in this session',
  nothing: 'No config provider was asked yet: that is done with the first message.',
  title: 'Settings of this session',
  isMain: decides('loadConfig'),
  isEvent: decides('change', 'stand-in'),
  more({ port, sessionId }) {
    const rows = port.settingRows(sessionId);
    const changed = rows.filter(({ origin }) => origin.layer !== 'defaults');
    const lines = changed
      .slice(0, mostSettings)
      .map((row) => `${shownSetting(row)}  # ${shownOrigin(row.origin)}`);
    const left = changed.length - lines.length;
    return [
      labelled('Set', changed.length === 0 ? 'Nothing; everything is as it is built in.' : lines[0]!),
      ...lines.slice(1).map((line) => labelled('', line)),
      ...(left > 0 ? [labelled('', `and ${left} more`)] : []),
      labelled('To do', '/config KEY shows one of all of them; victor config set changes one.'),
    ];
  },
});

/** Every topic, in the order of the list. */
export const whyTopics: readonly WhyTopic[] = [
  tools,
  prompt,
  compact,
  deniedTopic,
  cacheTopic,
  config,
  model,
  otherTopic,
];
