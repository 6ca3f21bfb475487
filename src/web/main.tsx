import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './tokens.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiFailure } from './api.ts';
import { startCatalogue } from './catalogue/catalogue.ts';
import { Entrance } from './shell/entrance.tsx';
import { cssVariablesResolver, theme } from './theme.ts';

/** A session that ended leads to the door, from wherever it is noticed. */
function noticeSignedOut(error: Error): void {
  if (error instanceof ApiFailure && error.code === 'signed_out')
    void queries.invalidateQueries({ queryKey: ['/api/session'] });
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    // The program is on this computer or in the shop's network: without the internet it answers all the same.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      // The server's answer stays the same when asked again; a broken line may not.
      retry: (attempts, error) => attempts < 1 && !(error instanceof ApiFailure),
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
});
const root = document.getElementById('root');

startCatalogue();
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
        <Notifications position="top-center" />
        <QueryClientProvider client={queries}>
          <Entrance />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
