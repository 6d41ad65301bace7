import { OrgUserManagerError } from '../../../src/index.ts';
import { readSchema } from './found-schema.ts';
import type { Session } from './session.ts';
import { checkSettings } from './settings-check.ts';

/** Lets calls pass on a schema that fits. */
export interface SchemaCheck {
  /**
   * Asks the database until it once had the current schema. Throws `schema_outdated` and
   * `schema_mismatch`.
   */
  pass(session: Session): Promise<void>;
}

// A check that hangs for so long holds up no call that comes later.
const patienceMs = 1000;

/** The check of one storage, whose tables are in this schema. Calls at once share one. */
export function createSchemaCheck(schema: string | undefined): SchemaCheck {
  let fits = false;
  let underWay: { readonly checked: Promise<void>; readonly patience: AbortSignal } | undefined;

  /** Takes no right but to read. */
  async function check(session: Session): Promise<void> {
    await checkSettings(session);
    const { version } = await readSchema(session, schema);
    if (version !== 'current') throw new OrgUserManagerError('schema_outdated', { found: version });
    fits = true;
  }

  return {
    async pass(session) {
      if (fits) return;
      // It holds a connection: to wait for another one, which may wait for the same, could take for ever.
      if (session.db.isTransaction) return check(session);
      if (!underWay || underWay.patience.aborted) {
        const patience = AbortSignal.timeout(patienceMs);
        underWay = { checked: check(session), patience };
      }
      const { checked } = underWay;
      try {
        await checked;
      } finally {
        if (underWay?.checked === checked) underWay = undefined;
      }
    },
  };
}
