import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './tokens.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startCatalogue } from './catalogue/catalogue.ts';
import { Entrance } from './shell/entrance.tsx';
import { cssVariablesResolver, theme } from './theme.ts';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 5_000, refetchOnWindowFocus: true } },
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
