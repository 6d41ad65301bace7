import type { Organization } from './organization.ts';

/** An organization as its admins see it. */
export interface OrganizationView
  extends Omit<Organization, 'zoneChange' | 'pendingUpperBound' | 'createdAt'> {
  /** When it was created with its first admin. */
  readonly createdAt: Date;
}
