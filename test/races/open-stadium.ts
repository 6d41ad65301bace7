import { OrgUserManager, type Storage } from 'org-user-manager';
import { readFacts } from '../fixtures/invariants.ts';
import { openStorage, openTables, type Place } from '../fixtures/place.ts';
import type { SharedEngine } from '../fixtures/places.ts';
import { secret } from '../fixtures/team.ts';
import { startWorker, type Worker } from '../fixtures/workers.ts';

/** A migrated database with processes on it. */
export interface Stadium {
  readonly place: Place;
  readonly storage: Storage;
  /** Prepares what the processes meet; takes no part itself. */
  readonly manager: OrgUserManager;
  readonly workers: readonly Worker[];
  /** Reads what is stored of organizations, past the library. */
  readFacts(orgIds: readonly string[]): ReturnType<typeof readFacts>;
  /** Ends the processes, drops the database; answers with the errors that had no caller. */
  leave(): Promise<readonly string[]>;
}

/** Opens a database of its own and three processes, each with its own pool. */
export async function openStadium(engine: SharedEngine, staleMs?: number): Promise<Stadium> {
  const { place, drop } = await engine.create();
  const storage = openStorage(place);
  const manager = new OrgUserManager({
    storage,
    mailer: { send: async () => undefined },
    secret,
    baseUrl: 'https://app.acme.example.com/org',
  });
  await manager.migrate();
  const tables = openTables(place);
  const workers = await Promise.all(Array.from({ length: 3 }, startWorker));
  const open = { do: 'open', place, ...(staleMs !== undefined && { staleMs }) } as const;
  await Promise.all(workers.map((worker) => worker.ask(open)));
  return {
    place,
    storage,
    manager,
    workers,
    readFacts: (orgIds) => readFacts(tables, orgIds),
    async leave() {
      const errors = await Promise.all(
        workers.map((worker) => worker.ask<readonly string[]>({ do: 'close' })),
      );
      await Promise.all(workers.map((worker) => worker.stop()));
      await manager.close();
      await tables.destroy();
      await drop();
      return errors.flat();
    },
  };
}
