import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sessionRoutes } from '../business/session-routes.ts';
import { settingsRoutes } from '../business/settings-routes.ts';
import { setUpRoutes } from '../business/set-up-routes.ts';
import { callRoutes } from '../calls/routes.ts';
import { campaignRoutes } from '../campaigns/routes.ts';
import { emailRoutes } from '../channels/email/routes.ts';
import { letterRoutes } from '../channels/letter/routes.ts';
import { clockRoutes } from '../clocks/routes.ts';
import { contactImportRoutes } from '../contacts/import-routes.ts';
import { contactRoutes } from '../contacts/routes.ts';
import { importRoutes } from '../importing/routes.ts';
import { resultRoutes } from '../measurement/routes.ts';
import { plannerRoutes } from '../planner/routes.ts';
import { templateRoutes } from '../rendering/routes.ts';
import { pressureRoutes } from '../pressure/routes.ts';
import { salesRoutes } from '../sales/routes.ts';
import { messageRoutes } from '../sending/routes.ts';
import type { Application } from './application.ts';

/** Every feature's routes on the management listener. */
export function featureRoutes(application: Application): FastifyPluginAsyncZod[] {
  return [
    sessionRoutes,
    setUpRoutes,
    settingsRoutes,
    plannerRoutes,
    messageRoutes,
    templateRoutes,
    campaignRoutes,
    pressureRoutes,
    contactRoutes,
    contactImportRoutes,
    clockRoutes,
    importRoutes,
    salesRoutes,
    callRoutes,
    letterRoutes,
    resultRoutes,
    emailRoutes,
  ].map((routes) => routes(application));
}
