import { OrgUserManagerError } from '../../../src/index.ts';
import { isMissingTable } from '../../sql/failures.ts';
import { migrations } from './migrations/index.ts';
import type { Session } from './session.ts';
import { checkSettings } from './settings-check.ts';

/** How the database's schema compares with what this version knows. */
type SchemaState = 'absent' | 'older' | 'newer' | 'current';

/** Lets calls pass on a schema that fits. */
export interface SchemaCheck {
  /** Asks the database until it once had the current schema. Throws `schema_outdated`. */
  pass(session: Session): Promise<void>;
}

/** The check of one storage. */
export function createSchemaCheck(): SchemaCheck {
  let isCurrent = false;
  return {
    async pass(session) {
      if (isCurrent) return;
      await checkSettings(session);
      const found = await readSchemaState(session);
      if (found !== 'current') throw new OrgUserManagerError('schema_outdated', { found });
      isCurrent = true;
    },
  };
}

/** Reads which migrations have been made; that takes no right but to read. */
export async function readSchemaState({ db, engine }: Session): Promise<SchemaState> {
  const known = Object.keys(migrations(engine));
  try {
    const rows = await db.selectFrom('oum_migration').select('name').execute();
    const made = rows.map(({ name }) => name);
    if (made.some((name) => !known.includes(name))) return 'newer';
    return known.every((name) => made.includes(name)) ? 'current' : 'older';
  } catch (error) {
    if (isMissingTable(engine, error)) return 'absent';
    throw error;
  }
}
