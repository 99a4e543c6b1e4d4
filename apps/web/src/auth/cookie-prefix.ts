/** Of the names of better-auth's cookies. */
export const cookiePrefix = "redress";
