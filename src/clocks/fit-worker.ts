/** The weekly fit in a thread of its own: minutes of arithmetic that must not hold up the screens. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ShopFitRequest } from './model/shop-fit.ts';
import { fitShop } from './model/shop-fit.ts';

parentPort?.postMessage(fitShop(workerData as ShopFitRequest));
