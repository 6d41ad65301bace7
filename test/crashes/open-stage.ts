import { OrgUserManager, systemActor } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { OrgUserSupport } from 'org-user-manager/support';
import { fakeClock } from 'org-user-manager/testing';
import { findBreaches, readFacts } from '../fixtures/invariants.ts';
import { openTables } from '../fixtures/place.ts';
import type { SharedEngine } from '../fixtures/places.ts';
import { secret } from '../fixtures/team.ts';
import { createArena } from '../races/race.ts';
import type { Scene } from './interrupted-calls.ts';
import { openSeverableLine, type SeverableLine } from './severed-line.ts';
import { type AnyTables, putBack, type Snapshot, takeSnapshot } from './snapshot.ts';

/** A scene over a line that can be cut, and its database seen from beside. */
export interface Stage extends Scene, Pick<SeverableLine, 'watch'> {
  /** What is stored before anything is called. */
  readonly before: Snapshot;
  /** Goes back to that. The same calls then draw the same ids. */
  reset(): Promise<void>;
  /** Draws the same ids again, without going back. */
  rewindIds(): void;
  read(): Promise<Snapshot>;
  /** Every breach of the invariants. */
  findBreaches(): Promise<readonly string[]>;
  leave(): Promise<void>;
}

/** Creates the database of a server, and plays the prologue. */
export async function openStage(engine: SharedEngine): Promise<Stage> {
  const { place, drop } = await engine.create();
  if (place.engine === 'SQLite') throw new Error('a file has no connection to cut');
  const { db, watch, close } = openSeverableLine(place);
  const tables = openTables(place);
  const everything = openTables<AnyTables>(place);
  const clock = fakeClock();
  const ids = countedBytes();
  const storage = kyselyStorage(db, { schema: place.schema });
  const manager = new OrgUserManager({
    // Sending mails would send statements of its own, at any moment.
    storage: { ...storage, outbox: { ...storage.outbox, claim: async () => [], nextDueAt } },
    mailer: { send: async () => undefined },
    secret,
    baseUrl: 'https://app.acme.example.com/org',
    clock,
    random: ids.draw,
  });
  await manager.migrate();
  const { orgId, join, invite } = await createArena(manager, 'acme', null);
  await join('u_member');
  await join('u_admin', 'admin');
  await join('u_gone');
  await manager.disable({ orgId, actor: systemActor, userId: 'u_gone' });
  await invite('u_next', 'admin', 'u_admin');
  const open = await invite('u_new');
  // The first charge of a process asks a MariaDB for its version.
  await manager.consume({ orgId, userId: 'u_admin' });
  clock.advance(60 * 60 * 1000);
  const before = await takeSnapshot(everything);
  const start = ids.drawn();
  return {
    manager,
    support: new OrgUserSupport({ storage, clock, random: ids.draw }),
    orgId,
    open,
    watch,
    before,
    async reset() {
      await putBack(everything, before);
      ids.rewind(start);
    },
    rewindIds: () => ids.rewind(start),
    read: () => takeSnapshot(everything),
    async findBreaches() {
      const facts = await readFacts(tables);
      return facts.flatMap((one) => findBreaches(one, { now: clock.now() }));
    },
    async leave() {
      await manager.close();
      await close();
      await tables.destroy();
      await everything.destroy();
      await drop();
    },
  };
}

const nextDueAt = async () => undefined;

/** Bytes that never repeat, until they are rewound. */
function countedBytes() {
  let count = 0;
  return {
    draw(size: number): Uint8Array {
      const bytes = Buffer.alloc(size);
      // As long as what an id takes: several are drawn at once.
      for (let end = size; end >= 4; end -= 10) {
        count += 1;
        bytes.writeUInt32BE(count, end - 4);
      }
      return bytes;
    },
    drawn: () => count,
    rewind(to: number) {
      count = to;
    },
  };
}
