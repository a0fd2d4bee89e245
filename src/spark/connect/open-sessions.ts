/** The sessions that this process has open. A process that ends in order closes them: a query whose client died goes on for ever otherwise. */
export const openSessions = new Set<{ close(withinMs?: number): Promise<void> }>();
