import { createFileExporter } from '../../src/exporters/file.js';

/** A process of its own: `csv-writer PATH NAME` appends ten rows, one an export. */
const [path = '', name = ''] = process.argv.slice(2);
const exporter = createFileExporter({ path, format: 'csv' });
for (let batch = 0; batch < 10; batch += 1) {
  const event = { id: `${name}-${batch}`, sessionId: 's', type: 'turn_end', data: {}, timestamp: 1 };
  const result = await exporter.export([event]);
  if (!result.success) throw new Error(result.error);
}
