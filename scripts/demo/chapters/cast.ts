import type { ShopServer } from "@redress/example-connected-app";
import type { Browser } from "../browser.ts";
import type { DemoApp } from "../seed.ts";
import type { World } from "../world.ts";

/** Who and what the chapters play with. */
export interface Cast {
  readonly world: World;
  /** Ada: admin, approves. */
  readonly admin: Browser;
  /** Sam: asks. */
  readonly support: Browser;
  readonly shops: ReadonlyMap<string, { app: DemoApp; shop: ShopServer }>;
}

export type Chapter = (cast: Cast) => Promise<void>;

export function shopOf(cast: Cast, slug: string): { app: DemoApp; shop: ShopServer } {
  const found = cast.shops.get(slug);
  if (found === undefined) throw new Error(`No shop ${slug}.`);
  return found;
}
