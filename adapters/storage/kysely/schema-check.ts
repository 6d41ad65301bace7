import { OrgUserManagerError } from '../../../src/index.ts';
import { sharedQuestion } from '../../sql/shared-question.ts';
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

/** The check of one storage, whose tables are in this schema. Calls at once share one. */
export function createSchemaCheck(schema: string | undefined): SchemaCheck {
  const question = sharedQuestion<void>();

  /** Takes no right but to read. */
  async function check(session: Session): Promise<void> {
    await checkSettings(session);
    const { version } = await readSchema(session, schema);
    if (version !== 'current') throw new OrgUserManagerError('schema_outdated', { found: version });
  }

  return {
    pass: (session) =>
      question({ ask: () => check(session), isInTransaction: session.db.isTransaction }),
  };
}
