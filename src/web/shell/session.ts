import { createContext, useContext } from 'react';
import type { Session } from '../../business/schema.ts';

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in, and where. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('used outside the rooms');
  return session;
}
