import { joinRoutes } from '../join/routes.ts';
import type { Route } from '../route.ts';
import { invitationRoutes } from './invitations.ts';
import { invitedRoutes } from './invited.ts';
import { memberRoutes } from './members.ts';
import { organizationRoutes } from './organization.ts';
import { usageRoutes } from './usage.ts';

/** Every route there is. */
export const routes: readonly Route[] = [
  ...organizationRoutes,
  ...invitationRoutes,
  ...invitedRoutes,
  ...memberRoutes,
  ...usageRoutes,
  ...joinRoutes,
];
