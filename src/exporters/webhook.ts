import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import type { AnalyticsEvent, AnalyticsExporter } from '../core/extension.js';
import { exporterId } from '../delivery/exporter-id.js';
import type { Refused } from '../http/internal-address.js';
import { checkOptions } from './check-options.js';
import { type Environment, variable, variableName } from './environment-variables.js';
import { exportInBatches } from './export-result.js';
import {
  addressFrom,
  checkWorkspaceAddress,
  deliver,
  httpAddress,
  httpOptions,
  reach,
} from './http-delivery.js';

export const optionsSchema = z
  .strictObject({
    url: httpAddress.optional(),
    /** Environment variable with the address, for addresses that are secrets themselves. */
    urlVariable: variableName.optional(),
    ...httpOptions,
    /** Environment variable with the key that requests are signed with. */
    secretVariable: variableName.optional(),
  })
  .refine(({ url, urlVariable }) => (url === undefined) !== (urlVariable === undefined), {
    error: 'expected either url or urlVariable',
  });

export type WebhookExporterOptions = z.input<typeof optionsSchema>;

/** Events one request carries at most. */
const BATCH_SIZE = 500;

/**
 * Posts events as a JSON array. `Idempotency-Key` is the same whenever the same events come again. With a secret,
 * `Victor-Signature: t=SECONDS,v1=HEX` holds the HMAC-SHA256 of `SECONDS.BODY`, so that a receiver can tell who sent
 * it, and refuse what is old.
 */
export function createWebhookExporter(
  given: WebhookExporterOptions,
  environment: Environment = process.env,
  { refused }: { readonly refused?: Refused } = {},
): AnalyticsExporter {
  const options = checkOptions('webhook', optionsSchema, given);
  checkWorkspaceAddress('webhook', options.url, refused);
  const { headers, timeoutMs, secretVariable } = options;
  const address = () => options.url ?? addressFrom(environment, options.urlVariable!);
  const closing = new AbortController();
  return {
    name: 'webhook',
    id: exporterId('webhook', options.url ?? [options.urlVariable]),
    export: (events) =>
      exportInBatches(events, BATCH_SIZE, async (batch) => {
        const url = address();
        const body = JSON.stringify(batch);
        const ownHeaders = {
          'content-type': 'application/json',
          'idempotency-key': keyOf(batch),
          ...(secretVariable === undefined
            ? {}
            : { 'victor-signature': signature(body, variable(environment, secretVariable)) }),
        };
        const { signal } = closing;
        await deliver({ url, headers, ownHeaders, environment, body, timeoutMs, signal, refused });
        return undefined;
      }),
    check: async () => reach(address()),
    close: () => closing.abort(),
  };
}

function keyOf(events: readonly AnalyticsEvent[]): string {
  return createHash('sha256')
    .update(JSON.stringify(events.map(({ id }) => id)))
    .digest('hex');
}

function signature(body: string, secret: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
