/** Whether a counter, named by `counterKey`, is of one member and not of the organization. */
export function isMembersCounter(key: string): boolean {
  return key.startsWith('u/');
}
