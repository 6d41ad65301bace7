import type { World } from './world.ts';

/** The ids and links that the library chose in one answer; each has to be new to the world. */
export interface Minted {
  id(address: string): string;
  link(address: string): string;
}

/** Reads them out of an answer; whatever is missing or old becomes a text that matches nothing. */
export function mintedIn(answer: unknown, { teams }: World): Minted {
  const invitations = [...teams.values()].flatMap((team) => team.invitations);
  const known = new Set(invitations.flatMap(({ id, links }) => [id, ...links]));
  const views = [answer].flat().map((entry) => Object(Object(entry).invitation ?? entry));
  const read = (field: 'id' | 'link') => (address: string) => {
    const value: unknown = views.find((view) => view.address === address)?.[field];
    return typeof value === 'string' && !known.has(value) ? value : `a new ${field}`;
  };
  return { id: read('id'), link: read('link') };
}
