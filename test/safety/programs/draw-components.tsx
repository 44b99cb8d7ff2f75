/**
 * Draws one component of `ui/components` (or `raw`, which sanitises nothing) with hostile or harmless texts:
 *
 *     node program.mjs banner.tsx 5000 hostile
 */
import { Box, render, Text } from 'ink';
import { adversarialTexts } from '../adversarial-text.js';
import { componentFrames } from '../component-frames.js';

const [name = '', count = '0', kind = 'hostile'] = process.argv.slice(2);
const hostile = adversarialTexts(Number(count), 4);
const texts = kind === 'harmless' ? hostile.map(() => 'kept') : hostile;
const draw = componentFrames[name] ?? ((text: string) => <Text>{text}</Text>);
// Below each other in one frame they are many times cheaper than in a frame each; Ink prints one transcript a frame.
const together = ['app.tsx', 'transcript.tsx', 'trust-dialog.tsx'].includes(name) ? 1 : 25;

for (let at = 0; at < texts.length; at += together) {
  const frame = <Box flexDirection="column">{...texts.slice(at, at + together).map(draw)}</Box>;
  const instance = render(frame, { patchConsole: false, exitOnCtrlC: false });
  instance.unmount();
  await instance.waitUntilExit();
}
