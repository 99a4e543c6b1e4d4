export { type ShopServer, type ShopServerOptions, startShop } from "./server.ts";
export type { ShopOptions } from "./shop.ts";
