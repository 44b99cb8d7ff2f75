import { builtInExporters } from '../../src/exporters/index.js';

/**
 * A process of its own: `own-process NAME OPTIONS` exports one event and does nothing more, so that it ends only if the
 * exporter lets it. It prints the result.
 */
const [name = '', options = '{}'] = process.argv.slice(2);
const exporter = builtInExporters(process.env)[name]!(JSON.parse(options) as never);
const event = { id: 'e1', sessionId: 's1', type: 'turn_end', data: { reason: 'end' }, timestamp: 1.7e12 };
console.log(JSON.stringify(await exporter.export([event])));
