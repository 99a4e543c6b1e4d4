import { buildWeb } from "./build-web.ts";

/** `npm run build`: the console, so that `npm start` finds it built. For images and packages. */
await buildWeb(console.log);
