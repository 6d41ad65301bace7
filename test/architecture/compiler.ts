import { API, type Project } from 'typescript/unstable/sync';

/**
 * Opens a TypeScript project with the compiler that type-checks it, so that the architecture tests
 * see what it sees instead of guessing with patterns. The API is marked unstable: should an upgrade
 * change it, these tests go red, and only `test/architecture/` has to follow.
 */
export function openProject(tsconfig: string): { readonly project: Project; close(): void } {
  const api = new API();
  const [project] = api.updateSnapshot({ openProjects: [tsconfig] }).getProjects();
  if (!project) throw new Error(`the compiler opened no project for ${tsconfig}`);
  return { project, close: () => api.close() };
}
