/**
 * What a bare Ink program needs for the same stream: finished lines go to `<Static>`, the line that is being written and a
 * footer of three lines are drawn anew ten times a second. No Markdown, no input, no history. Its argument is the URL of a
 * model server that speaks Anthropic's dialect; a line on standard input starts the request.
 */
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { Box, render, Static, Text } from 'ink';
import { useEffect, useState } from 'react';

const flushMs = 90;

function App({ url }: { readonly url: string }) {
  const [shown, setShown] = useState({ lines: [] as readonly string[], tail: '', characters: 0 });
  useEffect(() => {
    let waiting = '';
    const timer = setInterval(() => {
      const added = waiting;
      waiting = '';
      if (added === '') return;
      setShown(({ lines, tail, characters }) => {
        const [last = '', ...finished] = (tail + added).split('\n').reverse();
        return {
          lines: [...lines, ...finished.reverse()],
          tail: last,
          characters: characters + added.length,
        };
      });
    }, flushMs);
    void readAnswer(url, (text) => {
      waiting += text;
    });
    return () => clearInterval(timer);
  }, [url]);
  return (
    <>
      <Static items={[...shown.lines]}>
        {(line, index) => <Text key={index}>{line === '' ? ' ' : line}</Text>}
      </Static>
      <Box flexDirection="column">
        <Text>{shown.tail.slice(-80)}</Text>
        <Text dimColor>{`Answering · ${shown.characters} characters`}</Text>
        <Text>❯</Text>
        <Text dimColor>reference · test-model</Text>
      </Box>
    </>
  );
}

async function readAnswer(url: string, take: (text: string) => void): Promise<void> {
  const asked = request(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  asked.end(
    JSON.stringify({ model: 'test-model', stream: true, messages: [{ role: 'user', content: 'go' }] }),
  );
  const [response] = await once(asked, 'response');
  for await (const line of createInterface({ input: response })) {
    if (!line.startsWith('data: ')) continue;
    const event = JSON.parse(line.slice('data: '.length));
    if (event.delta?.type === 'text_delta') take(event.delta.text);
  }
}

console.log('ready');
await once(createInterface({ input: process.stdin }), 'line');
render(<App url={process.argv[2]!} />, { exitOnCtrlC: false });
