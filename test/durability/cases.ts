import { idsIn } from '../safety/cases.js';

/** The cases of durability (D) and of delivery (X), by id. A test that covers one begins its title with the id. */
export const durabilityCases: Readonly<Record<string, string>> = {
  D01: 'killed at any moment while streaming and writing',
  D02: 'killed at any statement of a migration',
  D03: 'a power cut, after which only what was synced is there',
  D04: 'a full disk',
  D05: 'a read-only, missing or networked home',
  D06: 'a file with garbage, flipped bits or a missing end',
  D07: 'another process that holds the lock',
  D08: 'a schema from a newer version',
  D09: 'many processes that write at once',
  D10: 'many processes that start on an absent database',
  D11: 'one session in two terminals',
  D12: 'a very long session',
  D13: 'very many sessions',
  D14: 'a clock that goes back',
  D15: 'a log that grows beside a long reader',
  D16: 'a log that was deleted or left behind, and a link for a database',
  D17: 'texts of any size and with any character',
  D18: 'signals and exits while writing',
  D19: 'a native module that does not load',
  X01: 'an endpoint that is down for a day',
  X02: 'an endpoint that answers slowly or never',
  X03: 'answers that say no',
  X04: 'answers that say yes to a part',
  X05: 'killed between sending and noting it',
  X06: 'rules of the Pushgateway',
  X07: 'events with values that no sink takes',
  X08: 'two processes with one spool',
  X09: 'addresses that a workspace names',
  X10: 'an exporter that throws, hangs or answers nonsense',
};

export function durabilityIdsOf(title: string): readonly string[] {
  return idsIn(title, durabilityCases);
}
