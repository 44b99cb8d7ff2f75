import type { SpoolState } from '../../core/spool.js';
import type { Store } from '../../core/store.js';
import { deliveryLine } from '../delivery-line.js';
import type { Check } from './check.js';

/** How far each exporter is that was ever set up, here or elsewhere; one that fails is to be mended. */
export async function checkDelivery({ spool }: Pick<Store, 'spool'>): Promise<Check[]> {
  const states = await spool.states();
  return states.map((state) => ({
    name: `delivery ${state.id}`,
    status: statusOf(state),
    detail: deliveryLine(state),
  }));
}

function statusOf({ failures, waiting, dropped, quarantined }: SpoolState): Check['status'] {
  if (failures > 0) return 'failed';
  return waiting + dropped + quarantined > 0 ? 'info' : 'ok';
}
